// Everybody who could ask, divided into those whom a namespace does not tell apart: one decision answers for all of
// them. So thousands of users cost a namespace no more decisions than it has kinds of them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "access/decide.h"
#include "access/world.h"

namespace spectacles::access {

// People are numbers here: 0 is nobody signed in, then the accounts of the world in their order.
class Crowd {
 public:
  using Person = std::uint32_t;
  static constexpr Person anonymous = 0;

  explicit Crowd(const World& world);

  std::size_t size() const { return groups_of_.size(); }

  struct Division {
    std::vector<std::uint32_t> class_of;           // by person
    std::vector<std::optional<Subject>> subjects;  // by class; nothing: may not sign in, so nothing is granted
  };

  // `ns` null: where no namespace decides. Of a subject's groups only those are there that `ns` knows.
  Division divide(const Namespace* ns) const;

  Subject subject_of(Person person) const;  // with all groups
  bool is_active(Person person) const { return base_.at(person) != inactive; }

 private:
  enum Base : std::uint32_t { inactive, not_signed_in, administrators, others };

  std::vector<Person> find_people(const std::vector<AccountId>& accounts) const;
  std::vector<Person> individuals_of(const Namespace& ns) const;

  std::vector<std::uint32_t> base_;              // by person
  std::vector<AccountId> accounts_;              // of person 1 and so on
  std::vector<std::vector<GroupId>> groups_of_;  // by person
  std::map<AccountId, Person> person_of_;
  std::map<GroupId, std::vector<Person>> members_;  // those who exist
};

}  // namespace spectacles::access
