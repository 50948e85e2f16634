#include "hooks/webhook.h"

#include <gtest/gtest.h>

namespace spectacles::hooks {
namespace {

TEST(WebhookUrl, KeepsPathAndQueryAndFoldsTheHost) {
  EXPECT_EQ(WebhookUrl::parse("HTTPS://Hooks.Example.org:8443/In/Here?token=Ab").value().str(),
            "https://hooks.example.org:8443/In/Here?token=Ab");
  EXPECT_EQ(WebhookUrl::parse("http://[2001:db8::1]?x").value().origin(), "http://[2001:db8::1]");
  EXPECT_EQ(WebhookUrl::parse("https://hooks.example.org/secret").value().origin(), "https://hooks.example.org");
}

TEST(WebhookUrl, RefusesWhatIsNone) {
  for (const auto* text :
       {"", "hooks.example.org", "ftp://example.org/", "https://", "https:///path", "https://user@example.org/",
        "https://user:secret@example.org/", "https://example.org/#part", "https://example.org/a b",
        "https://example.org/\r\nHost: other", "https://example.org:0/", "https://example.org:99999/",
        "https://exa mple.org/", "file:///etc/passwd", "https://example.org\\@other/", "javascript:alert(1)"}) {
    EXPECT_FALSE(WebhookUrl::parse(text)) << text;
  }
  EXPECT_FALSE(WebhookUrl::parse("https://example.org/" + std::string(2048, 'a')));
}

TEST(WebhookUrl, NeverNamesWhereMetadataIsServed) {
  for (const auto* text : {"http://169.254.169.254/latest/meta-data", "http://[fe80::1]/", "http://0.0.0.0/",
                           "http://[::ffff:169.254.169.254]/", "http://[fd00:ec2::254]/", "http://224.0.0.1/"}) {
    EXPECT_FALSE(WebhookUrl::parse(text)) << text;
  }
}

TEST(HookEvents, ReadBack) {
  const std::set<HookEvent> all{HookEvent::push, HookEvent::pull, HookEvent::remove};
  EXPECT_EQ(render_hook_events(all), "push,pull,delete");
  EXPECT_EQ(parse_hook_events("push,pull,delete"), all);
  EXPECT_EQ(parse_hook_events(""), std::set<HookEvent>{});
  EXPECT_THROW(parse_hook_events("push,merge"), std::runtime_error);
  EXPECT_FALSE(parse_hook_event("PUSH"));
}

}  // namespace
}  // namespace spectacles::hooks
