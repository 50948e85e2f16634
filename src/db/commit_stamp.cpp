#include "db/commit_stamp.h"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <array>
#include <atomic>

namespace spectacles::db {
namespace {

namespace api = sqlite_api;

constexpr std::size_t header_words = 12;  // 48 bytes; the second copy comes right behind the first
constexpr int first_region_bytes = 32 * 1024;
constexpr std::uint32_t known_version = 3007000;
constexpr std::size_t version_word = 0;

using Header = std::array<std::uint32_t, header_words>;

// Other processes write there: each word is read once, and not before what stands above.
Header read_header(const std::uint32_t* words) {
  Header header;
  for (std::size_t at = 0; at < header_words; ++at) header[at] = __atomic_load_n(words + at, __ATOMIC_RELAXED);
  std::atomic_thread_fence(std::memory_order_acquire);
  return header;
}

// SOCI does not export the type information of its backends, which UBSan would compare at this cast.
[[gnu::no_sanitize("vptr")]] api::sqlite3* handle(soci::session& session) {
  return static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_;
}

// The first value of a query. (The shorter way to write it needs type information, too.)
std::string ask(soci::session& session, const std::string& sql) {
  std::string value;
  soci::statement statement(session);
  statement.exchange(soci::into(value));
  statement.alloc();
  statement.prepare(sql);
  statement.define_and_bind();
  statement.execute(true);
  return value;
}

const std::uint32_t* map_index(api::sqlite3* connection) {
  api::sqlite3_file* file = nullptr;
  if (api::sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK) return nullptr;
  constexpr int with_shared_memory = 2;
  if (file == nullptr || file->pMethods == nullptr || file->pMethods->iVersion < with_shared_memory) return nullptr;
  void volatile* region = nullptr;
  if (file->pMethods->xShmMap(file, 0, first_region_bytes, 0, &region) != SQLITE_OK) return nullptr;
  return static_cast<const std::uint32_t*>(const_cast<void*>(region));
}

}  // namespace

std::unique_ptr<CommitStamp> CommitStamp::of(std::shared_ptr<soci::session> connection) {
  if (ask(*connection, "pragma journal_mode") != "wal") return nullptr;
  ask(*connection, "select count(*) from sqlite_master");  // the index is mapped by the first read
  const auto* index = map_index(handle(*connection));
  if (index == nullptr) return nullptr;
  std::unique_ptr<CommitStamp> stamp(new CommitStamp(std::move(connection), index));
  return stamp->current() ? std::move(stamp) : nullptr;
}

// The writer writes the second copy first.
std::optional<std::uint64_t> CommitStamp::current() const {
  const auto first = read_header(index_);
  const auto second = read_header(index_ + header_words);
  if (first != second || first[version_word] != known_version) return std::nullopt;
  std::uint64_t mixed = 0;
  for (const auto word : first) {
    mixed = (mixed ^ word) * 0x9e3779b97f4a7c15U;
    mixed ^= mixed >> 29;
  }
  return mixed;
}

}  // namespace spectacles::db
