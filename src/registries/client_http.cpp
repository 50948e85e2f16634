#include "registries/client_http.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/curl.h"
#include "registries/net_address.h"
#include "registries/printable.h"

namespace spectacles::registries {
namespace {

using curl::append;
using curl::HeaderList;
using curl::set;

curl_off_t time_of(CURL* handle, CURLINFO info) {
  curl_off_t microseconds = 0;
  curl_easy_getinfo(handle, info, &microseconds);
  return microseconds;
}

}  // namespace

const std::string* HttpAnswer::find(std::string_view name) const {
  const auto found =
      std::find_if(headers.begin(), headers.end(), [&](const auto& header) { return header.first == name; });
  return found == headers.end() ? nullptr : &found->second;
}

class HttpClient::Transfer {
 public:
  Transfer(const RegistryAddress& address, std::optional<crypto::PublicKey> own_key, HttpLimits limits,
           std::stop_token stop)
      : url_(address.url),
        limits_(limits),
        guard_{.is_forbidden = is_forbidden, .stop = std::move(stop)},
        verifier_(address, std::move(own_key)),
        handle_(curl::make(limits.connect, limits.total)) {
    curl::set_guard(handle_.get(), guard_);
    set_path();
    set_trust();
    set_callbacks();
  }

  tl::expected<HttpAnswer, HttpFailure> ask(const HttpQuestion& question) {
    if (is_forbidden_literal(host_name(url_))) return tl::unexpected(forbidden_address());
    answer_ = {};
    header_bytes_ = 0;
    most_bytes_ = std::min(question.most_bytes, limits_.body_bytes);
    guard_.met_forbidden = is_too_large_ = has_enough_ = false;
    wants_first_byte_ = question.first_byte;
    closed_peer_.clear();
    if (question.write && question.write->body.size() > limits_.body_bytes) {
      return tl::unexpected(HttpFailure{HttpStage::http, "what was to be sent is larger than a registry takes"});
    }
    const auto headers = request_headers(question);
    const std::string target = url_.str() + question.path;
    set_method(question);
    set(handle_.get(), CURLOPT_URL, target.c_str());
    set(handle_.get(), CURLOPT_HTTPHEADER, headers.get());
    const auto code = curl_easy_perform(handle_.get());
    set(handle_.get(), CURLOPT_HTTPHEADER, nullptr);
    if (code != CURLE_OK && !has_enough_) return tl::unexpected(explain(code));
    long status = 0;
    curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
    answer_.status = static_cast<int>(status);
    return std::move(answer_);
  }

  const std::optional<SeenCertificate>& certificate() const { return verifier_.seen(); }

  std::string connected_to() const {
    const char* ip = nullptr;
    curl_easy_getinfo(handle_.get(), CURLINFO_PRIMARY_IP, &ip);
    return ip == nullptr || *ip == '\0' ? closed_peer_ : ip;
  }

 private:
  void set_path() {
    set(handle_.get(), CURLOPT_LOW_SPEED_LIMIT, limits_.slow_bytes);
    set(handle_.get(), CURLOPT_LOW_SPEED_TIME, static_cast<long>(limits_.slow.count()));
    set(handle_.get(), CURLOPT_PROTOCOLS_STR, url_.is_https() ? "https" : "http");
    set(handle_.get(), CURLOPT_USERAGENT, "spectacles/" SPECTACLES_VERSION);
    // A proxy of the environment is used, but never to reach this machine, and it never sees a token.
    if (is_loopback_name(host_name(url_))) set(handle_.get(), CURLOPT_PROXY, "");
    set(handle_.get(), CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
  }

  // libcurl's own authorities and name check stay out of the way of a pin; the verifier decides alone. VERIFYPEER stays
  // on, so that its verdict counts twice: in the handshake and in libcurl. A resumed session would show no certificate.
  void set_trust() {
    set(handle_.get(), CURLOPT_SSL_VERIFYPEER, 1L);
    set(handle_.get(), CURLOPT_SSL_VERIFYHOST, 0L);
    set(handle_.get(), CURLOPT_CAINFO, nullptr);
    set(handle_.get(), CURLOPT_CAPATH, nullptr);
    set(handle_.get(), CURLOPT_SSL_SESSIONID_CACHE, 0L);
    set(handle_.get(), CURLOPT_SSL_CTX_DATA, this);
    set(
        handle_.get(), CURLOPT_SSL_CTX_FUNCTION, +[](CURL*, void* context, void* self) -> CURLcode {
          static_cast<Transfer*>(self)->verifier_.install(static_cast<ssl_ctx_st*>(context));
          return CURLE_OK;
        });
  }

  void set_callbacks() {
    set(handle_.get(), CURLOPT_WRITEDATA, this);
    set(
        handle_.get(), CURLOPT_WRITEFUNCTION, +[](char* data, std::size_t, std::size_t size, void* self) {
          return static_cast<Transfer*>(self)->take_body({data, size}) ? size : 0;
        });
    set(handle_.get(), CURLOPT_HEADERDATA, this);
    set(
        handle_.get(), CURLOPT_HEADERFUNCTION, +[](char* data, std::size_t, std::size_t size, void* self) {
          return static_cast<Transfer*>(self)->take_header({data, size}) ? size : 0;
        });
    set(handle_.get(), CURLOPT_CLOSESOCKETDATA, this);
    set(
        handle_.get(), CURLOPT_CLOSESOCKETFUNCTION, +[](void* self, curl_socket_t socket) {
          static_cast<Transfer*>(self)->note_peer(socket);
          return ::close(socket);
        });
  }

  // The body is read from `question` while the request runs.
  void set_method(const HttpQuestion& question) {
    set(handle_.get(), CURLOPT_HTTPGET, 1L);  // and nothing of the question before
    set(handle_.get(), CURLOPT_NOBODY, question.head ? 1L : 0L);
    set(handle_.get(), CURLOPT_CUSTOMREQUEST, nullptr);
    // What was sent over a connection that turns out to be closed libcurl sends again; what changes something is to be
    // sent once, and its answer not to be that of the second time.
    set(handle_.get(), CURLOPT_FRESH_CONNECT, question.write ? 1L : 0L);
    if (!question.write) return;
    if (question.write->verb == HttpWrite::Verb::del) {
      set(handle_.get(), CURLOPT_CUSTOMREQUEST, "DELETE");
      return;
    }
    set(handle_.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(question.write->body.size()));
    set(handle_.get(), CURLOPT_POSTFIELDS, question.write->body.data());
    set(handle_.get(), CURLOPT_CUSTOMREQUEST, "PUT");
  }

  static HeaderList request_headers(const HttpQuestion& question) {
    HeaderList list;
    append(list, "Accept:");  // only what is said below
    for (const auto& type : question.accept) append(list, "Accept: " + type);
    if (question.unless_digest) append(list, "If-None-Match: \"" + *question.unless_digest + "\"");
    if (question.first_byte) append(list, "Range: bytes=0-0");
    if (question.write && question.write->verb == HttpWrite::Verb::put) {
      append(list, "Content-Type: " + question.write->content_type);
      append(list, "Expect:");  // a registry that says no may do so after the body, which is small
    }
    if (question.bearer) append(list, "Authorization: Bearer " + question.bearer->reveal());
    return list;
  }

  bool take_body(std::string_view data) {
    if (wants_first_byte_ && !data.empty()) {
      answer_.body = data.substr(0, 1);
      has_enough_ = true;
      return data.size() == 1;  // else the rest does not come
    }
    is_too_large_ = is_too_large_ || answer_.body.size() + data.size() > most_bytes_;
    if (!is_too_large_) answer_.body += data;
    return !is_too_large_;
  }

  bool take_header(std::string_view line) {
    header_bytes_ += line.size();
    is_too_large_ = is_too_large_ || header_bytes_ > limits_.header_bytes;
    if (is_too_large_) return false;
    if (line.starts_with("HTTP/")) answer_.headers.clear();  // an interim answer or one of a proxy came before
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return true;
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    auto value = line.substr(colon + 1);
    const auto first = value.find_first_not_of(" \t\r\n");
    value = first == std::string_view::npos ? "" : value.substr(first, value.find_last_not_of(" \t\r\n") - first + 1);
    answer_.headers.emplace_back(std::move(name), value);
    return true;
  }

  // libcurl counts a connection as made when its TLS is done; a socket that has a peer was connected before.
  void note_peer(curl_socket_t socket) {
    sockaddr_storage peer{};
    socklen_t length = sizeof(peer);
    if (::getpeername(socket, reinterpret_cast<sockaddr*>(&peer), &length) != 0) return;
    std::array<char, NI_MAXHOST> text{};
    ::getnameinfo(reinterpret_cast<sockaddr*>(&peer), length, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST);
    closed_peer_ = text.data();
  }

  static HttpFailure forbidden_address() {
    return {HttpStage::address,
            "the name stands for a link-local, multicast or unspecified address, where no registry is"};
  }

  HttpFailure explain(CURLcode code) const {
    if (guard_.stop.stop_requested()) return {HttpStage::http, "stopped"};
    if (is_too_large_) return {HttpStage::http, "the answer is larger than a registry's should be"};
    const auto stage = stage_of(code);
    if (stage == HttpStage::address) return forbidden_address();
    if (stage == HttpStage::tls && !verifier_.complaint().empty()) {
      return {stage, "the certificate is not trusted: " + printable(verifier_.complaint())};
    }
    return {stage, curl_easy_strerror(code)};
  }

  HttpStage stage_of(CURLcode code) const {
    if (code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY) return HttpStage::dns;
    if (code == CURLE_COULDNT_CONNECT) return guard_.met_forbidden ? HttpStage::address : HttpStage::tcp;
    const bool is_of_tls = code == CURLE_SSL_CONNECT_ERROR || code == CURLE_PEER_FAILED_VERIFICATION;
    const bool is_ready = time_of(handle_.get(), CURLINFO_APPCONNECT_TIME_T) != 0;
    if (is_of_tls || (url_.is_https() && !closed_peer_.empty() && !is_ready)) return HttpStage::tls;
    if (!connected_to().empty()) return HttpStage::http;
    return time_of(handle_.get(), CURLINFO_NAMELOOKUP_TIME_T) == 0 ? HttpStage::dns : HttpStage::tcp;
  }

  RegistryUrl url_;
  HttpLimits limits_;
  curl::Guard guard_;
  TlsVerifier verifier_;
  HttpAnswer answer_;
  std::size_t header_bytes_ = 0;
  std::size_t most_bytes_ = 0;
  std::string closed_peer_;  // IP address of a connection of this question that has ended
  bool is_too_large_ = false;
  bool wants_first_byte_ = false;
  bool has_enough_ = false;
  curl::Handle handle_;  // last: gone before what its callbacks use
};

HttpClient::HttpClient(const RegistryAddress& address, std::optional<crypto::PublicKey> own_key, HttpLimits limits,
                       std::stop_token stop)
    : transfer_(std::make_unique<Transfer>(address, std::move(own_key), limits, std::move(stop))) {}

HttpClient::~HttpClient() = default;

tl::expected<HttpAnswer, HttpFailure> HttpClient::ask(const HttpQuestion& question) {
  return transfer_->ask(question);
}

const std::optional<SeenCertificate>& HttpClient::certificate() const {
  return transfer_->certificate();
}

std::string HttpClient::connected_to() const {
  return transfer_->connected_to();
}

}  // namespace spectacles::registries
