#include "catalog/manifest_view_sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/world_test.h"
#include "support/catalog_rows.h"

namespace spectacles::catalog {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string config = R"({"config": {"User": "nobody"}, "history": [{"created_by": "ADD a"},
  {"created_by": "ENV x", "empty_layer": true}, {"created_by": "RUN b"}]})";

class Details : public db::OnEveryEngine {
 protected:
  Details() {
    auto ns = access::sample_namespace("team", alice_);
    ns.registry = main_;
    rows_.add_namespace(ns);
    ns.name = NamespaceName::parse("secret").value();
    ns.owner = bob_;
    rows_.add_namespace(ns);
    app_ = rows_.add_repository(main_, {.name = "team/app"});
    copy_ = rows_.add_repository(main_, {.name = "team/copy"});
    secret_ = rows_.add_repository(main_, {.name = "secret/app"});
  }

  static Digest digest(std::int64_t number) { return Digest::parse(test_digest(number)).value(); }
  static TagName tag(const std::string& name) { return TagName::parse(name).value(); }

  std::optional<Repository> repository(RepositoryId id) { return rows_.store.find_repository(alice(), id); }
  Visible alice() { return rows_.store.visible_to(rows_.principal(alice_, "alice")); }

  ManifestView details(const std::string& name) {
    return rows_.store.find_tag(alice(), repository(app_).value(), tag(name)).value().manifest;
  }

  static std::vector<std::string> shared(const ManifestView& details) {
    std::vector<std::string> names;
    for (const auto& one : details.shared_with) names.push_back(one.repository_name.str() + ":" + one.tag.str());
    return names;
  }
  static std::vector<std::string> attached(const ManifestView& details) {
    std::vector<std::string> texts;
    for (const auto& one : details.attached)
      texts.push_back(one.type + " " + one.tag.value_or("-") + " " + one.digest.substr(70));
    return texts;
  }

  CatalogRows rows_{options()};
  AccountId alice_ = rows_.add_account("alice");
  AccountId bob_ = rows_.add_account("bob");
  RegistryId main_ = rows_.add_registry("main");
  RegistryId other_ = rows_.add_registry("other");
  RepositoryId app_{0};
  RepositoryId copy_{0};
  RepositoryId secret_{0};
};

TEST_P(Details, OfAnImage) {
  rows_.add_tag(app_, "v1", test_digest(1));
  rows_.add_manifest(main_, {.digest = test_digest(1), .bytes = "{\"a\": 1 }", .config = config},
                     {{"config", test_digest(2), 10}, {"layer", test_digest(3), 30}, {"layer", test_digest(4), 40}});
  const auto found = details("v1");
  EXPECT_EQ(found.state, "read");
  EXPECT_FALSE(found.problem);
  ASSERT_EQ(found.layers.size(), 2U);
  EXPECT_EQ(found.layers[1].size, 40);
  ASSERT_TRUE(found.config);
  EXPECT_EQ(found.config->user, "nobody");
  EXPECT_EQ(found.config->history.size(), 3U);
  const auto raw = rows_.store.find_raw(repository(app_).value(), digest(1));
  ASSERT_TRUE(raw);
  EXPECT_EQ(raw->bytes, "{\"a\": 1 }") << "the very bytes";
}

TEST_P(Details, SayWhyNotAllIsKnown) {
  rows_.add_tag(app_, "unseen", test_digest(1));
  EXPECT_EQ(details("unseen").state, "unread");
  EXPECT_TRUE(details("unseen").problem);
  EXPECT_EQ(details("unseen").media_type, "a/type");
  EXPECT_TRUE(rows_.store.find_manifest(alice(), repository(app_).value(), digest(1)));
  EXPECT_FALSE(rows_.store.find_raw(repository(app_).value(), digest(1)));

  rows_.add_tag(app_, "broken", test_digest(2));
  rows_.add_manifest(main_, {.digest = test_digest(2), .state = "unreadable", .problem = "the\x1b bytes", .kind = {}});
  EXPECT_EQ(details("broken").state, "unreadable");
  EXPECT_EQ(details("broken").problem, "the\xef\xbf\xbd bytes");

  rows_.add_tag(app_, "odd", test_digest(3));
  rows_.add_manifest(main_, {.digest = test_digest(3), .config = "{\"config\": "});
  EXPECT_FALSE(details("odd").config);
  EXPECT_TRUE(details("odd").problem);
  EXPECT_FALSE(rows_.store.find_tag(alice(), repository(app_).value(), tag("nothing")));
}

TEST_P(Details, OfAnIndexShowWhatIsMissing) {
  rows_.add_tag(app_, "v1", test_digest(1));
  rows_.add_manifest(main_, {.digest = test_digest(1), .kind = "index"},
                     {{"manifest", test_digest(2), 20, "linux/amd64"},
                      {"manifest", test_digest(3), 30, "linux/arm64"},
                      {"manifest", test_digest(5), 30, "linux/s390x"},
                      {"manifest", test_digest(6), 30, "linux/ppc64le"}});
  rows_.add_manifest(main_, {.digest = test_digest(5), .media_type = "", .state = "unreadable", .kind = {}});
  rows_.add_manifest(main_, {.digest = test_digest(6), .state = "unreadable", .kind = {}});
  rows_.add_manifest(main_, {.digest = test_digest(2)}, {{"layer", test_digest(4), 40}});
  const auto found = details("v1");
  ASSERT_EQ(found.manifests.size(), 4U);
  EXPECT_EQ(found.manifests[0].state, "read");
  EXPECT_EQ(found.manifests[0].platform, "linux/amd64");
  EXPECT_EQ(found.manifests[1].state, "missing");
  EXPECT_EQ(found.manifests[2].state, "missing") << "the registry said so";
  EXPECT_EQ(found.manifests[3].state, "unreadable");
  EXPECT_EQ(rows_.store.find_manifest(alice(), repository(app_).value(), digest(2))->layers.size(), 1U)
      << "an index leads to it";
  EXPECT_FALSE(rows_.store.find_manifest(alice(), repository(app_).value(), digest(4))) << "a layer is no manifest";
}

TEST_P(Details, ADigestAloneOpensNothing) {
  rows_.add_tag(secret_, "v1", test_digest(1));
  rows_.add_manifest(main_, {.digest = test_digest(1), .kind = "index", .bytes = "x"}, {{"manifest", test_digest(2)}});
  rows_.add_manifest(main_, {.digest = test_digest(2), .bytes = "y"});
  const auto app = repository(app_).value();
  for (const auto number : {1, 2, 3}) {
    EXPECT_FALSE(rows_.store.find_manifest(alice(), app, digest(number)));
    EXPECT_FALSE(rows_.store.find_raw(app, digest(number)));
  }
  EXPECT_FALSE(repository(secret_));
  // Of another registry it is another manifest.
  const auto elsewhere = rows_.add_repository(other_, {.name = "team/app"});
  rows_.add_tag(elsewhere, "v1", test_digest(2));
  const auto admin = rows_.store.visible_to(rows_.principal(AccountId(9), "root", accounts::Role::admin));
  const auto found = rows_.store.find_tag(admin, rows_.store.find_repository(admin, elsewhere).value(), tag("v1"));
  EXPECT_EQ(found.value().manifest.state, "unread");
  EXPECT_THAT(shared(found->manifest), IsEmpty());
}

TEST_P(Details, AreSharedWithTagsThatTheReaderSees) {
  for (const auto* name : {"v1", "v2", "latest"}) rows_.add_tag(app_, name, test_digest(1));
  rows_.add_tag(copy_, "x", test_digest(1));
  rows_.add_tag(secret_, "hidden", test_digest(1));
  rows_.add_tag(copy_, "else", test_digest(2));
  rows_.add_manifest(main_, {.digest = test_digest(1)});
  EXPECT_THAT(shared(details("v1")), ElementsAre("team/app:latest", "team/app:v2", "team/copy:x"));
  EXPECT_FALSE(details("v1").more_shared);
  for (int i = 0; i < 150; ++i) rows_.add_tag(copy_, "t" + std::to_string(i), test_digest(1));
  rows_.database.write([](db::Session& session) { session.execute("UPDATE tag SET manifest_id = 1"); });
  EXPECT_EQ(details("v1").shared_with.size(), most_shared_tags);
  EXPECT_TRUE(details("v1").more_shared);
}

TEST_P(Details, HaveTheArtifactsThatBelongToThem) {
  const std::string hex = test_digest(1).substr(7);
  rows_.add_tag(app_, "v1", test_digest(1));
  rows_.add_tag(app_, "sha256-" + hex, test_digest(10));
  rows_.add_tag(app_, "sha256-" + hex + ".sig", test_digest(11));
  rows_.add_tag(app_, "sha256-" + hex + ".att", test_digest(12));
  rows_.add_tag(app_, "notation", test_digest(13));
  rows_.add_tag(copy_, "sha256-" + hex + ".sbom", test_digest(14));
  rows_.add_tag(secret_, "s", test_digest(15));
  rows_.add_manifest(main_, {.digest = test_digest(1)});
  rows_.add_manifest(main_, {.digest = test_digest(10), .kind = "index"},
                     {{"manifest", test_digest(16)}, {"manifest", test_digest(13)}});
  for (const auto number : {13, 15, 16}) {
    rows_.add_manifest(
        main_,
        {.digest = test_digest(number), .kind = "artifact", .artifact_type = "a/signature", .subject = test_digest(1)});
  }
  EXPECT_THAT(attached(details("v1")),
              ElementsAre("a/signature notation d", "a/signature - 0", "attestation sha256-" + hex + ".att c",
                          "referrers sha256-" + hex + " a", "signature sha256-" + hex + ".sig b"));
}

INSTANTIATE_TEST_SUITE_P(Engines, Details, db::every_engine(), db::engine_name);

}  // namespace
}  // namespace spectacles::catalog
