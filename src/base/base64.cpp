#include "base/base64.h"

#include <array>
#include <cstdint>

namespace spectacles {
namespace {

constexpr std::string_view standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_safe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void append(std::string& text, std::string_view bytes, std::string_view alphabet) {
  const auto from = text.size();
  text.resize(from + (bytes.size() * 8 + 5) / 6);
  char* out = text.data() + from;
  const auto digit = [&](std::uint32_t bits, int shift) { return alphabet[(bits >> shift) & 0x3f]; };
  const auto byte = [&](std::size_t at) { return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at])); };
  std::size_t at = 0;
  for (; at + 3 <= bytes.size(); at += 3) {
    const std::uint32_t three = byte(at) << 16 | byte(at + 1) << 8 | byte(at + 2);
    for (const int shift : {18, 12, 6, 0}) *out++ = digit(three, shift);
  }
  if (bytes.size() - at == 1) {
    const std::uint32_t one = byte(at) << 4;
    for (const int shift : {6, 0}) *out++ = digit(one, shift);
  } else if (bytes.size() - at == 2) {
    const std::uint32_t two = (byte(at) << 8 | byte(at + 1)) << 2;
    for (const int shift : {12, 6, 0}) *out++ = digit(two, shift);
  }
}

std::string encode(std::string_view bytes, std::string_view alphabet) {
  std::string text;
  append(text, bytes, alphabet);
  return text;
}

// What a character stands for, or `no_digit`.
using Digits = std::array<std::uint8_t, 256>;
constexpr std::uint8_t no_digit = 0xff;

constexpr Digits digits_of(std::string_view alphabet) {
  Digits digits{};
  for (auto& digit : digits) digit = no_digit;
  for (std::size_t at = 0; at < alphabet.size(); ++at) {
    digits[static_cast<unsigned char>(alphabet[at])] = static_cast<std::uint8_t>(at);
  }
  return digits;
}

constexpr Digits standard_digits = digits_of(standard);
constexpr Digits url_safe_digits = digits_of(url_safe);

std::optional<std::string> decode(std::string_view text, const Digits& digits) {
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const char c : text) {
    const auto digit = digits[static_cast<unsigned char>(c)];
    if (digit == no_digit) return std::nullopt;
    buffer = (buffer << 6) | digit;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>((buffer >> bits) & 0xff);
    }
  }
  const bool stray_character = bits >= 6;
  const bool stray_bits = (buffer & ((1U << bits) - 1)) != 0;
  if (stray_character || stray_bits) return std::nullopt;
  return bytes;
}

}  // namespace

std::string to_base64(std::string_view bytes) {
  std::string text = encode(bytes, standard);
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::string to_base64url(std::string_view bytes) {
  return encode(bytes, url_safe);
}

void append_base64url(std::string& text, std::string_view bytes) {
  append(text, bytes, url_safe);
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  return decode(text, standard_digits);
}

std::optional<std::string> from_base64url(std::string_view text) {
  return decode(text, url_safe_digits);
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte >> 4];
    text += digits[byte & 0x0f];
  }
  return text;
}

}  // namespace spectacles
