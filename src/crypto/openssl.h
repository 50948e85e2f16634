// For the .cpp files of this room: owners of OpenSSL's objects, and what to do with its errors. OpenSSL's own headers
// stay out of it.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

struct asn1_string_st;
struct bignum_st;
struct bio_st;
struct evp_mac_ctx_st;
struct evp_mac_st;
struct evp_md_ctx_st;
struct evp_pkey_ctx_st;
struct evp_pkey_st;
struct GENERAL_NAME_st;
struct stack_st_GENERAL_NAME;
struct x509_st;
struct ECDSA_SIG_st;
struct X509_extension_st;

namespace spectacles::crypto {

struct OpensslDeleter {
  void operator()(asn1_string_st* text) const;
  void operator()(bignum_st* number) const;  // wipes it
  void operator()(bio_st* bio) const;
  void operator()(evp_mac_ctx_st* context) const;
  void operator()(evp_mac_st* algorithm) const;
  void operator()(evp_md_ctx_st* context) const;
  void operator()(evp_pkey_ctx_st* context) const;
  void operator()(evp_pkey_st* key) const;
  void operator()(GENERAL_NAME_st* name) const;
  void operator()(stack_st_GENERAL_NAME* names) const;
  void operator()(x509_st* certificate) const;
  void operator()(ECDSA_SIG_st* signature) const;
  void operator()(X509_extension_st* extension) const;
};

template <class T>
using Handle = std::unique_ptr<T, OpensslDeleter>;

// Empties the thread's queue of OpenSSL errors when the scope ends: an error left behind would be taken for one of
// whatever asks next, a TLS connection for example.
class ErrorQueueGuard {
 public:
  ErrorQueueGuard() = default;
  ErrorQueueGuard(const ErrorQueueGuard&) = delete;
  ErrorQueueGuard& operator=(const ErrorQueueGuard&) = delete;
  ~ErrorQueueGuard();
};

// Throws std::runtime_error with `what` failed and OpenSSL's reason; empties the error queue.
[[noreturn]] void fail(std::string_view what);

inline void require(bool succeeded, std::string_view what) {
  if (!succeeded) fail(what);
}

template <class T>
Handle<T> require(T* made, std::string_view what) {
  if (made == nullptr) fail(what);
  return Handle<T>(made);
}

// A BIO that reads `bytes`, which must outlive it. Null when they are more than `max_pem_bytes`.
constexpr std::size_t max_pem_bytes = 1024 * 1024;
Handle<bio_st> read_from(std::string_view bytes);

// A BIO that collects what is written to it and wipes it afterwards, and what it has collected.
Handle<bio_st> make_sink();
std::string_view contents(bio_st* sink);

inline const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace spectacles::crypto
