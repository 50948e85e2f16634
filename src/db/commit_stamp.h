// Whether anything was committed to an SQLite database, by whichever program, without asking it.
//
// In WAL mode all that use a database share the memory of its "-shm" file. That begins with the header of the WAL
// index, twice: every commit writes both, and every reader of SQLite decides by comparing them with its copy whether
// its cache still holds (https://www.sqlite.org/walformat.html#the_wal_index_header). This reads the same bytes, by way
// of a connection of its own that SQLite has mapped them for.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

namespace soci {
class session;
}

namespace spectacles::db {

// May be used by several threads at once.
class CommitStamp {
 public:
  // Null when the database of `connection`, which becomes the stamp's own, is not in WAL mode or its index has a form
  // that is not known.
  static std::unique_ptr<CommitStamp> of(std::shared_ptr<soci::session> connection);

  // Another value after each commit; two are equal only if nothing was committed between them. Nothing while a commit
  // is being written, and when the index was lost. Costs no system call.
  std::optional<std::uint64_t> current() const;

 private:
  CommitStamp(std::shared_ptr<soci::session> connection, const std::uint32_t* index)
      : connection_(std::move(connection)), index_(index) {}

  const std::shared_ptr<soci::session> connection_;  // as long as it is there, so is the memory
  const std::uint32_t* const index_;
};

}  // namespace spectacles::db
