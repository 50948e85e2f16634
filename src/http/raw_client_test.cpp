#include "http/raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <stdexcept>

namespace spectacles::http {
namespace {

constexpr int patience_ms = 5000;

std::size_t length_of(std::string_view head) {
  constexpr std::string_view name = "\r\nContent-Length: ";
  const auto at = head.find(name);
  if (at == std::string_view::npos) return 0;
  return std::strtoul(std::string(head.substr(at + name.size(), 20)).c_str(), nullptr, 10);
}

int connect_to(const sockaddr* address, socklen_t size) {
  const int descriptor = ::socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0 || ::connect(descriptor, address, size) != 0) {
    ::close(descriptor);
    throw std::runtime_error("nobody listens");
  }
  return descriptor;
}

int connect_to(const std::string& address, std::uint16_t port) {
  if (address.find(':') != std::string::npos) {
    sockaddr_in6 target{};
    target.sin6_family = AF_INET6;
    target.sin6_port = htons(port);
    ::inet_pton(AF_INET6, address.c_str(), &target.sin6_addr);
    return connect_to(reinterpret_cast<const sockaddr*>(&target), sizeof target);
  }
  sockaddr_in target{};
  target.sin_family = AF_INET;
  target.sin_port = htons(port);
  ::inet_pton(AF_INET, address.c_str(), &target.sin_addr);
  return connect_to(reinterpret_cast<const sockaddr*>(&target), sizeof target);
}

}  // namespace

RawClient::RawClient(std::uint16_t port, const std::string& address) : socket_(connect_to(address, port)) {}

RawClient::~RawClient() {
  ::close(socket_);
}

RawClient& RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) break;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return *this;
}

bool RawClient::read_more() {
  pollfd waiting{socket_, POLLIN, 0};
  if (::poll(&waiting, 1, patience_ms) != 1) return false;
  char bytes[4096];
  const auto count = ::recv(socket_, bytes, sizeof bytes, 0);
  if (count <= 0) return false;
  received_.append(bytes, static_cast<std::size_t>(count));
  return true;
}

std::string RawClient::take(std::size_t count) {
  auto taken = received_.substr(0, count);
  received_.erase(0, count);
  return taken;
}

std::string RawClient::answer_to_head() {
  while (received_.find("\r\n\r\n") == std::string::npos) {
    if (!read_more()) return take(received_.size());
  }
  return take(received_.find("\r\n\r\n") + 4);
}

std::string RawClient::answer() {
  const auto head = answer_to_head();
  const auto length = length_of(head);
  while (received_.size() < length) {
    if (!read_more()) break;
  }
  return head + take(length);
}

bool RawClient::ends() {
  if (!received_.empty()) return false;
  pollfd waiting{socket_, POLLIN, 0};
  if (::poll(&waiting, 1, patience_ms) != 1) return false;
  char byte;
  return ::recv(socket_, &byte, 1, 0) <= 0;
}

int status_of_answer(std::string_view answer) {
  return answer.starts_with("HTTP/1.1 ") ? std::atoi(std::string(answer.substr(9, 3)).c_str()) : 0;
}

std::string body_of_answer(std::string_view answer) {
  const auto end = answer.find("\r\n\r\n");
  return end == std::string_view::npos ? "" : std::string(answer.substr(end + 4));
}

}  // namespace spectacles::http
