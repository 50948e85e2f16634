#include "declare/document.h"

#include <fmt/format.h>

#include <array>
#include <iostream>
#include <map>

#include "access/namespace.h"
#include "accounts/password_rules.h"
#include "crypto/argon2.h"
#include "declare/files.h"
#include "declare/yaml_tree.h"

namespace spectacles::declare {
namespace {

constexpr std::size_t max_document = 64 << 20;
constexpr std::size_t max_named_file = 1 << 20;

using Names = std::span<const std::string_view>;

constexpr std::array<std::string_view, 4> document_keys{"registries", "users", "groups", "namespaces"};
constexpr std::array<std::string_view, 7> registry_keys{"name", "url", "public", "service", "key_mode", "ca", "pin"};
constexpr std::array<std::string_view, 7> user_keys{"username", "email",         "role",         "disabled",
                                                    "password", "password_hash", "password_file"};
constexpr std::array<std::string_view, 2> group_keys{"name", "members"};
constexpr std::array<std::string_view, 11> namespace_keys{
    "registry",      "name",         "owner",        "description",      "members", "groups",
    "member_access", "group_access", "other_access", "anonymous_access", "claims"};
constexpr std::array<std::string_view, 4> claim_keys{"user", "group", "repository", "access"};

// The words that the settings of the program take, too.
Result<bool> parse_boolean(std::string_view text) {
  std::string folded(text);
  std::transform(folded.begin(), folded.end(), folded.begin(),
                 [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); });
  if (folded == "true" || folded == "yes" || folded == "1") return true;
  if (folded == "false" || folded == "no" || folded == "0") return false;
  return refuse(RefusalKind::invalid, "should be true or false");
}

Result<Password> parse_password(std::string_view text) {
  auto password = accounts::parse_new_password(Secret(std::string(text)));
  if (!password) return pass_on(password);
  return Password(std::move(*password));
}

Result<Password> parse_password_hash(std::string_view text) {
  const auto checked = crypto::check_argon2id(text);
  if (!checked) return pass_on(checked);
  return Password(std::string(text));
}

class DocumentReader {
 public:
  explicit DocumentReader(std::filesystem::path directory) : directory_(std::move(directory)) {}

  Document read(std::string_view yaml) {
    Document out;
    const auto tree = YamlTree::parse(yaml, log_.errors());
    if (tree && tree->root().kind != YamlNode::Kind::null) {
      const Fields fields(tree->root(), {"", tree->root().line}, document_keys, log_);
      out.registries = section(fields, "registries", &DocumentReader::registry);
      out.users = section(fields, "users", &DocumentReader::user);
      out.groups = section(fields, "groups", &DocumentReader::group);
      out.namespaces = section(fields, "namespaces", &DocumentReader::name_space);
      refuse_twins(out.registries, "name", &RegistryEntry::name);
      refuse_twins(out.users, "username", &UserEntry::username);
      refuse_twins(out.groups, "name", &GroupEntry::name);
    }
    out.errors = std::move(log_.errors());
    out.entries_lost = entries_lost_ || !tree;
    return out;
  }

 private:
  template <class Entry>
  std::optional<Section<Entry>> section(const Fields& root, std::string_view key,
                                        std::optional<Entry> (DocumentReader::*read_entry)(const Fields::Item&)) {
    const auto items = root.items(key);
    if (!items) return std::nullopt;
    Section<Entry> out{root.place_of(key), {}};
    for (const auto& item : *items) {
      auto entry = (this->*read_entry)(item);
      if (entry) {
        out.entries.push_back(std::move(*entry));
      } else {
        entries_lost_ = true;
      }
    }
    return out;
  }

  template <class Entry, class Name>
  void refuse_twins(const std::optional<Section<Entry>>& section, std::string_view key, Name Entry::*name) {
    if (!section) return;
    std::map<Name, const Entry*> seen;
    for (const Entry& entry : section->entries) {
      const auto [first, is_new] = seen.try_emplace(entry.*name, &entry);
      if (is_new) continue;
      log_.error({fmt::format("{}.{}", entry.place.path, key), entry.place.line},
                 fmt::format("'{}' is the name of {} already", (entry.*name).str(), first->second->place.path));
    }
  }

  std::optional<RegistryEntry> registry(const Fields::Item& item) {
    const Fields fields(*item.node, item.place, registry_keys, log_);
    auto name = fields.required("name", &Label::parse);
    auto url = fields.value("url", &registries::RegistryUrl::parse);
    auto public_host = fields.value("public", &RegistryHost::parse);
    auto service = fields.value("service", &ServiceName::parse);
    auto key_mode = fields.value("key_mode", &registries::parse_key_mode);
    auto ca = fields.nullable("ca", [this](std::string_view text) { return parse_ca(text); });
    auto pin = fields.nullable("pin", &registries::Pin::parse);
    if (!name) return std::nullopt;
    return RegistryEntry{item.place, name->value, url, public_host, service, key_mode, ca, pin};
  }

  std::optional<UserEntry> user(const Fields::Item& item) {
    const Fields fields(*item.node, item.place, user_keys, log_);
    auto username = fields.required("username", &UserName::parse);
    auto email = fields.nullable("email", &accounts::parse_email);
    auto role = fields.value("role", &accounts::parse_role);
    auto disabled = fields.value("disabled", &parse_boolean);
    auto password = read_password(fields);
    if (!username) return std::nullopt;
    return UserEntry{item.place, username->value, email, role, disabled, password};
  }

  std::optional<GroupEntry> group(const Fields::Item& item) {
    const Fields fields(*item.node, item.place, group_keys, log_);
    auto name = fields.required("name", &Label::parse);
    auto members = fields.names("members", &UserName::parse);
    if (!name) return std::nullopt;
    return GroupEntry{item.place, name->value, std::move(members)};
  }

  std::optional<NamespaceEntry> name_space(const Fields::Item& item) {
    const Fields fields(*item.node, item.place, namespace_keys, log_);
    auto registry = fields.value("registry", &Label::parse);
    auto name = fields.required("name", &NamespaceName::parse);
    auto owner = fields.value("owner", &UserName::parse);
    auto description = fields.value("description", &access::parse_description);
    auto member_access = fields.value("member_access", &access::parse_level);
    auto group_access = fields.value("group_access", &access::parse_level);
    auto other_access = fields.value("other_access", &access::parse_level);
    auto anonymous_access = fields.value("anonymous_access", &access::parse_anonymous_level);
    auto members = fields.names("members", &UserName::parse);
    auto groups = fields.names("groups", &Label::parse);
    auto claims = read_claims(fields);
    if (!fields.is_map()) return std::nullopt;
    if (!name || (fields.has("registry") && !registry)) entries_lost_ = true;
    return NamespaceEntry{item.place,
                          registry,
                          name ? std::optional(name->value) : std::nullopt,
                          owner,
                          description,
                          member_access,
                          group_access,
                          other_access,
                          anonymous_access,
                          std::move(members),
                          std::move(groups),
                          std::move(claims)};
  }

  std::optional<std::vector<ClaimEntry>> read_claims(const Fields& fields) {
    const auto items = fields.items("claims");
    if (!items) return std::nullopt;
    std::vector<ClaimEntry> out;
    std::map<std::pair<Holder, Pattern>, std::string> seen;
    for (const auto& item : *items) {
      auto entry = claim(item);
      if (!entry) continue;
      const auto [first, is_new] = seen.try_emplace({entry->holder, entry->repository}, item.place.path);
      if (!is_new) log_.error(item.place, "has the holder and the repository of " + first->second);
      out.push_back(std::move(*entry));
    }
    return out;
  }

  std::optional<ClaimEntry> claim(const Fields::Item& item) {
    const Fields fields(*item.node, item.place, claim_keys, log_);
    auto user = fields.value("user", &UserName::parse);
    auto group = fields.value("group", &Label::parse);
    auto repository = fields.required("repository", &Pattern::parse);
    auto access = fields.required("access", &access::parse_level);
    if (fields.is_map() && fields.has("user") == fields.has("group")) {
      log_.error(item.place, "should have either user or group");
      return std::nullopt;
    }
    if ((!user && !group) || !repository || !access) return std::nullopt;
    return ClaimEntry{user ? user->place : group->place, user ? Holder(user->value) : Holder(group->value),
                      repository->value, access->value};
  }

  Maybe<Password> read_password(const Fields& fields) {
    std::vector<std::string_view> given;
    for (const std::string_view key : {"password", "password_hash", "password_file"}) {
      if (fields.has(key)) given.push_back(key);
    }
    if (given.size() > 1) {
      log_.error(fields.place_of(given[1]), "only one of password, password_hash and password_file can be given");
      return std::nullopt;
    }
    if (fields.has("password")) return fields.value("password", &parse_password);
    if (fields.has("password_hash")) return fields.value("password_hash", &parse_password_hash);
    return fields.value("password_file", [this](std::string_view text) { return read_password_file(text); });
  }

  Result<Password> read_password_file(std::string_view path) {
    auto content = read_file(directory_ / path, max_named_file);
    if (!content) return pass_on(content);
    if (content->ends_with('\n')) content->pop_back();
    return parse_password(*content);
  }

  // PEM itself, or the path of a file that holds it.
  Result<std::string> parse_ca(std::string_view text) {
    if (text.find("-----BEGIN") != std::string_view::npos) return registries::parse_ca(text);
    const auto content = read_file(directory_ / text, max_named_file);
    if (!content) return pass_on(content);
    return registries::parse_ca(*content);
  }

  std::filesystem::path directory_;
  ReadLog log_;
  bool entries_lost_ = false;
};

}  // namespace

Document parse_document(std::string_view yaml, const std::filesystem::path& directory) {
  return DocumentReader(directory).read(yaml);
}

Document load(const std::string& path) {
  const bool from_input = path == "-";
  const auto yaml = from_input ? read_all(std::cin, max_document) : read_file(path, max_document);
  if (!yaml) {
    Document out;
    out.errors.push_back({{}, (from_input ? "standard input " : "the file ") + yaml.error().text});
    out.entries_lost = true;
    return out;
  }
  return parse_document(*yaml, from_input ? std::filesystem::path() : std::filesystem::path(path).parent_path());
}

}  // namespace spectacles::declare
