#include "catalog/crew.h"

#include <utility>

namespace spectacles::catalog {

Crew::Crew(std::size_t threads, MakeApi make_api) : make_api_(std::move(make_api)) {
  threads_.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this] { work(); });
  }
}

Crew::~Crew() {
  {
    auto state = state_.lock();
    state->questions.clear();
    state->is_over = true;
  }
  asked_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void Crew::ask(Question question) {
  state_.lock()->questions.push_back(std::move(question));
  ++open_;
  asked_.notify_one();
}

void Crew::deliver(std::chrono::milliseconds time) {
  std::deque<Answered> answers;
  {
    auto state = state_.lock();
    answered_.wait_for(state.lock(), time, [&] { return !state->answers.empty(); });
    answers.swap(state->answers);
  }
  open_ -= answers.size();
  for (auto& answer : answers) {
    if (answer.fault) std::rethrow_exception(answer.fault);
    answer.delivery();
  }
}

void Crew::work() {
  std::unique_ptr<RegistryApi> api;
  while (true) {
    Question question;
    {
      auto state = state_.lock();
      asked_.wait(state.lock(), [&] { return state->is_over || !state->questions.empty(); });
      if (state->questions.empty()) return;
      question = std::move(state->questions.front());
      state->questions.pop_front();
    }
    Answered answered;
    try {
      if (!api) api = make_api_();
      answered.delivery = question(*api);
    } catch (...) {
      answered.fault = std::current_exception();
    }
    question = nullptr;  // gone with what it holds before anybody learns that it is answered
    state_.lock()->answers.push_back(std::move(answered));
    answered_.notify_one();
  }
}

}  // namespace spectacles::catalog
