#include "declare/export.h"

#include <yaml-cpp/emitter.h>
#include <yaml-cpp/emittermanip.h>

#include "declare/stored.h"

namespace spectacles::declare {
namespace {

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("._-/@").find(c) != std::string_view::npos;
}

// Whether YAML 1.1 or 1.2 could read the word as a boolean or null. Numbers begin otherwise than with a letter.
bool means_something_else(std::string_view word) {
  std::string folded(word);
  std::transform(folded.begin(), folded.end(), folded.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  static const std::set<std::string_view> words{"null", "true", "false", "yes", "no", "on", "off", "y", "n"};
  return words.contains(folded);
}

// Plain only where no reader of YAML could take it for anything but this text.
bool may_stand_plain(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !text.empty() && is_letter(text.front()) && std::all_of(text.begin(), text.end(), is_word_character) &&
         !means_something_else(text);
}

class Writer {
 public:
  void pair(const char* key, std::string_view value) {
    begin_value(key);
    scalar(value);
  }
  void nullable(const char* key, const std::optional<std::string>& value) {
    begin_value(key);
    if (value) {
      scalar(*value);
    } else {
      yaml_ << YAML::Null;
    }
  }
  void flag(const char* key, bool value) {
    begin_value(key);
    yaml_ << value;
  }
  template <class Name>
  void names(const char* key, const std::set<Name>& names) {
    begin_value(key);
    yaml_ << YAML::Flow << YAML::BeginSeq;
    for (const Name& name : names) scalar(name.str());
    yaml_ << YAML::EndSeq;
  }

  // A list of maps; `write` writes the pairs of one.
  template <class List, class Write>
  void list(const char* key, const List& list, Write&& write) {
    begin_value(key);
    if (list.empty()) {
      yaml_ << YAML::Flow << YAML::BeginSeq << YAML::EndSeq;
      return;
    }
    yaml_ << YAML::BeginSeq;
    for (const auto& item : list) map([&] { write(item); });
    yaml_ << YAML::EndSeq;
  }

  template <class Write>
  void map(Write&& write) {
    yaml_ << YAML::BeginMap;
    write();
    yaml_ << YAML::EndMap;
  }

  std::string str() const { return std::string(yaml_.c_str(), yaml_.size()) + "\n"; }

 private:
  void begin_value(const char* key) { yaml_ << YAML::Key << YAML::Auto << key << YAML::Value; }

  void scalar(std::string_view text) {
    if (may_stand_plain(text)) {
      yaml_ << YAML::Auto << std::string(text);
    } else {
      yaml_ << YAML::DoubleQuoted << std::string(text);
    }
  }

  YAML::Emitter yaml_;
};

void write(Writer& out, const Registry& it) {
  const auto& pin = it.address.pin;
  out.pair("name", it.name.str());
  out.pair("url", it.address.url.str());
  out.pair("public", it.public_host.str());
  out.pair("service", it.service.str());
  out.pair("key_mode", registries::render_key_mode(it.key_mode));
  out.nullable("ca", it.address.ca);
  out.nullable("pin", pin ? std::optional(pin->str()) : std::nullopt);
}

void write(Writer& out, const User& it) {
  out.pair("username", it.username.str());
  out.nullable("email", it.email);
  out.pair("role", accounts::render_role(it.role));
  out.flag("disabled", it.disabled);
  out.pair("password_hash", it.password_hash);
}

void write(Writer& out, const Group& it) {
  out.pair("name", it.name.str());
  out.names("members", it.members);
}

void write(Writer& out, const Claim& it) {
  if (const auto* user = std::get_if<UserName>(&it.holder)) {
    out.pair("user", user->str());
  } else {
    out.pair("group", std::get<Label>(it.holder).str());
  }
  out.pair("repository", it.repository.str());
  out.pair("access", access::render_level(it.access));
}

void write(Writer& out, const Namespace& it) {
  out.pair("registry", it.registry.str());
  out.pair("name", it.name.str());
  out.pair("owner", it.owner.str());
  out.pair("description", it.description);
  out.names("members", it.members);
  out.names("groups", it.groups);
  out.pair("member_access", access::render_level(it.member_access));
  out.pair("group_access", access::render_level(it.group_access));
  out.pair("other_access", access::render_level(it.other_access));
  out.pair("anonymous_access", access::render_level(it.anonymous_access));
  out.list("claims", it.claims, [&](const Claim& claim) { write(out, claim); });
}

}  // namespace

std::string render_yaml(const World& world) {
  Writer out;
  const auto write_entry = [&](const auto& entry) { write(out, entry.second); };
  out.map([&] {
    out.list("registries", world.registries, write_entry);
    out.list("users", world.users, write_entry);
    out.list("groups", world.groups, write_entry);
    out.list("namespaces", world.namespaces, write_entry);
  });
  return out.str();
}

std::string export_yaml(db::Database& database) {
  // A transaction, so that all tables are seen as they are at one moment.
  return render_yaml(database.write([](db::Session& session) { return load_stored(session).world; }));
}

}  // namespace spectacles::declare
