#include "accounts/avatar_image.h"

#include <fmt/format.h>
#include <png.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <new>
#include <stdexcept>
#include <vector>

#include "crypto/digest.h"

namespace spectacles::accounts {
namespace {

constexpr std::size_t channels = 4;  // RGBA

// Square, rows from the top.
struct Picture {
  std::size_t side;
  std::vector<std::uint8_t> pixels = std::vector<std::uint8_t>(side * side * channels);

  std::uint8_t* at(std::size_t x, std::size_t y) { return &pixels[(y * side + x) * channels]; }
  const std::uint8_t* at(std::size_t x, std::size_t y) const { return &pixels[(y * side + x) * channels]; }
};

tl::unexpected<Refusal> refuse_picture(std::string text) {
  return refuse(RefusalKind::invalid, std::move(text), "avatar");
}

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t number = 0;
  for (const char c : bytes) number = number << 8U | static_cast<unsigned char>(c);
  return number;
}

// What the first chunk says of the dimensions (PNG, section 11.2.2), before anything is made of that size.
Result<void> check_dimensions(std::string_view png) {
  constexpr std::string_view signature("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
  constexpr std::size_t width_at = 16;
  if (!png.starts_with(signature) || png.size() < width_at + 8) return refuse_picture("this is no PNG picture");
  const auto width = big_endian(png.substr(width_at, 4));
  const auto height = big_endian(png.substr(width_at + 4, 4));
  if (width == 0 || height == 0) return refuse_picture("this picture has no pixels");
  if (width <= most_avatar_side && height <= most_avatar_side) return {};
  return refuse(RefusalKind::too_large,
                fmt::format("a picture may be at most {0} by {0} pixels, this one has {1} by {2}", most_avatar_side,
                            width, height),
                "avatar");
}

// The reader of libpng; what it holds is freed with it.
class Decoder {
 public:
  Decoder() { image_.version = PNG_IMAGE_VERSION; }
  ~Decoder() { png_image_free(&image_); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // The square in the middle, or nothing when the picture is damaged.
  std::optional<Picture> decode(std::string_view png) {
    if (png_image_begin_read_from_memory(&image_, png.data(), png.size()) == 0) return std::nullopt;
    image_.format = PNG_FORMAT_RGBA;
    std::vector<std::uint8_t> pixels(std::size_t{image_.width} * image_.height * channels);
    if (png_image_finish_read(&image_, nullptr, pixels.data(), 0, nullptr) == 0) return std::nullopt;
    const std::size_t side = std::min(image_.width, image_.height);
    const std::size_t left = (image_.width - side) / 2;
    const std::size_t top = (image_.height - side) / 2;
    Picture square{.side = side};
    for (std::size_t y = 0; y < side; ++y) {
      const auto* row = &pixels[((top + y) * image_.width + left) * channels];
      std::copy_n(row, side * channels, square.at(0, y));
    }
    return square;
  }

 private:
  png_image image_{};
};

// The mean of the pixels that fall into one, each counted by how much of it is to be seen.
void average(const Picture& from, std::size_t left, std::size_t top, std::size_t right, std::size_t bottom,
             std::uint8_t* to) {
  std::array<std::uint64_t, channels> sum{};
  for (std::size_t y = top; y < bottom; ++y) {
    for (std::size_t x = left; x < right; ++x) {
      const auto* pixel = from.at(x, y);
      for (std::size_t c = 0; c < 3; ++c) sum[c] += std::uint64_t{pixel[c]} * pixel[3];
      sum[3] += pixel[3];
    }
  }
  for (std::size_t c = 0; c < 3; ++c) to[c] = static_cast<std::uint8_t>(sum[3] == 0 ? 0 : sum[c] / sum[3]);
  to[3] = static_cast<std::uint8_t>(sum[3] / ((right - left) * (bottom - top)));
}

Picture scale(const Picture& from, std::size_t side) {
  Picture scaled{.side = side};
  const auto begin = [&](std::size_t i) { return i * from.side / side; };
  const auto end = [&](std::size_t i) { return std::max(begin(i) + 1, (i + 1) * from.side / side); };
  for (std::size_t y = 0; y < side; ++y) {
    for (std::size_t x = 0; x < side; ++x) average(from, begin(x), begin(y), end(x), end(y), scaled.at(x, y));
  }
  return scaled;
}

std::string encode(const Picture& picture) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = image.height = static_cast<std::uint32_t>(picture.side);
  image.format = PNG_FORMAT_RGBA;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::string png(size, '\0');
  if (png_image_write_to_memory(&image, png.data(), &size, 0, picture.pixels.data(), 0, nullptr) == 0) {
    throw std::runtime_error(fmt::format("libpng cannot write a picture: {}", image.message));
  }
  png.resize(size);
  return png;
}

using Colour = std::array<std::uint8_t, 3>;

Colour from_hue(double hue, double saturation, double lightness) {
  const auto channel = [&](double offset) {
    const double k = std::fmod(offset + hue / 30, 12);
    const double amplitude = saturation * std::min(lightness, 1 - lightness);
    return static_cast<std::uint8_t>(255 * (lightness - amplitude * std::max(-1.0, std::min({k - 3, 9 - k, 1.0}))));
  };
  return {channel(0), channel(8), channel(4)};
}

void fill(Picture& picture, std::size_t left, std::size_t top, std::size_t side, Colour colour) {
  for (std::size_t y = top; y < top + side; ++y) {
    for (std::size_t x = left; x < left + side; ++x) {
      auto* pixel = picture.at(x, y);
      std::copy(colour.begin(), colour.end(), pixel);
      pixel[3] = 255;
    }
  }
}

}  // namespace

Result<AvatarImages> draw_avatar(std::string_view png) {
  if (png.size() > most_avatar_bytes) {
    return refuse(RefusalKind::too_large, fmt::format("a picture may have at most {} bytes", most_avatar_bytes),
                  "avatar");
  }
  if (const auto checked = check_dimensions(png); !checked) return pass_on(checked);
  static std::mutex one_at_a_time;
  const std::lock_guard lock(one_at_a_time);
  const auto picture = Decoder().decode(png);
  if (!picture) return refuse_picture("this PNG picture is damaged");
  AvatarImages images;
  for (std::size_t i = 0; i < images.size(); ++i) {
    images.at(i) = encode(scale(*picture, static_cast<std::size_t>(avatar_sizes.at(i))));
  }
  return images;
}

// Five by five fields, the same on the left as on the right: a face of sorts. Dark on light of one hue, so that it is
// seen on any background.
std::string draw_identicon(const UserName& name, int size) {
  constexpr std::size_t fields = 5;
  constexpr std::size_t columns = 3;  // that differ
  const auto digest = crypto::sha256("avatar of " + name.str());
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(digest.at(i)); };
  const double hue = (byte(30) * 256 + byte(31)) % 360;
  Picture picture{.side = static_cast<std::size_t>(size)};
  fill(picture, 0, 0, picture.side, from_hue(hue, 0.45, 0.9));
  const auto field = picture.side / (fields + 1);
  const auto margin = (picture.side - field * fields) / 2;
  for (std::size_t y = 0; y < fields; ++y) {
    for (std::size_t x = 0; x < columns; ++x) {
      if (byte(y * columns + x) % 2 == 0) continue;
      fill(picture, margin + x * field, margin + y * field, field, from_hue(hue, 0.55, 0.42));
      fill(picture, margin + (fields - 1 - x) * field, margin + y * field, field, from_hue(hue, 0.55, 0.42));
    }
  }
  return encode(picture);
}

}  // namespace spectacles::accounts
