#include "declare/passwords.h"

#include <atomic>
#include <future>

namespace spectacles::declare {
namespace {

struct Job {
  UserName user;
  Secret password;
  std::optional<std::string> stored;
  std::string hash;
};

std::vector<Job> jobs_of(const Document& document, const World& now) {
  std::vector<Job> out;
  if (!document.users) return out;
  for (const UserEntry& entry : document.users->entries) {
    const auto* password = entry.password ? std::get_if<Secret>(&entry.password->value) : nullptr;
    if (password == nullptr) continue;
    const auto user = now.users.find(entry.username);
    const auto stored = user == now.users.end() ? std::nullopt : std::optional(user->second.password_hash);
    out.push_back({entry.username, *password, stored, ""});
  }
  return out;
}

}  // namespace

void Passwords::prepare(const Document& document, const World& now) {
  std::vector<Job> jobs = jobs_of(document, now);
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < jobs.size(); i = next++) jobs[i].hash = work_out(jobs[i].password, jobs[i].stored);
  };
  auto second = std::async(std::launch::async, work);
  work();
  second.get();
  for (Job& job : jobs) known_.emplace(std::pair(job.user, job.stored), std::move(job.hash));
}

std::string Passwords::hash_for(const UserName& user, const Secret& password,
                                const std::optional<std::string>& stored) {
  const auto known = known_.find({user, stored});
  return known != known_.end() ? known->second : work_out(password, stored);
}

std::string Passwords::work_out(const Secret& password, const std::optional<std::string>& stored) const {
  if (stored && hasher_.verify(password, stored)) return *stored;
  return purpose_ == Purpose::apply ? hasher_.hash(password) : std::string();
}

}  // namespace spectacles::declare
