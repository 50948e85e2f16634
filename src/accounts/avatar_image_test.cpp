#include "accounts/avatar_image.h"

#include <gtest/gtest.h>
#include <png.h>

#include <functional>
#include <optional>
#include <set>
#include <vector>

namespace spectacles::accounts {
namespace {

using Pixel = std::array<std::uint8_t, 4>;

std::string draw(std::uint32_t width, std::uint32_t height,
                 const std::function<Pixel(std::uint32_t, std::uint32_t)>& at) {
  std::vector<std::uint8_t> pixels;
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) {
      const auto pixel = at(x, y);
      pixels.insert(pixels.end(), pixel.begin(), pixel.end());
    }
  }
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = width;
  image.height = height;
  image.format = PNG_FORMAT_RGBA;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::string png(size, '\0');
  EXPECT_NE(png_image_write_to_memory(&image, png.data(), &size, 0, pixels.data(), 0, nullptr), 0);
  png.resize(size);
  return png;
}

std::string plain(std::uint32_t width, std::uint32_t height, Pixel pixel = {10, 20, 30, 255}) {
  return draw(width, height, [&](auto, auto) { return pixel; });
}

struct Read {
  std::uint32_t width;
  std::uint32_t height;
  std::vector<std::uint8_t> pixels;

  Pixel at(std::size_t x, std::size_t y) const {
    const auto* pixel = &pixels.at((y * width + x) * 4);
    return {pixel[0], pixel[1], pixel[2], pixel[3]};
  }
};

Read read(const std::string& png) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  EXPECT_NE(png_image_begin_read_from_memory(&image, png.data(), png.size()), 0);
  image.format = PNG_FORMAT_RGBA;
  Read result{image.width, image.height, std::vector<std::uint8_t>(std::size_t{image.width} * image.height * 4)};
  EXPECT_NE(png_image_finish_read(&image, nullptr, result.pixels.data(), 0, nullptr), 0);
  return result;
}

std::string with_dimensions(std::string png, std::uint32_t width, std::uint32_t height) {
  for (int i = 0; i < 4; ++i) {
    png[16 + static_cast<std::size_t>(i)] = static_cast<char>(width >> (24 - 8 * i));
    png[20 + static_cast<std::size_t>(i)] = static_cast<char>(height >> (24 - 8 * i));
  }
  return png;
}

Refusal refusal_of(std::string_view png) {
  const auto drawn = draw_avatar(png);
  EXPECT_FALSE(drawn);
  return drawn ? Refusal{} : drawn.error();
}

TEST(AvatarImage, EachSizeHoldsTheSquareInTheMiddle) {
  // Red, then green, then blue from left to right: only green is in the middle.
  const auto png = draw(300, 100, [](auto x, auto) {
    return x < 100 ? Pixel{255, 0, 0, 255} : x < 200 ? Pixel{0, 255, 0, 255} : Pixel{0, 0, 255, 255};
  });
  const auto images = draw_avatar(png).value();
  for (std::size_t i = 0; i < images.size(); ++i) {
    const auto image = read(images.at(i));
    const auto side = static_cast<std::size_t>(avatar_sizes.at(i));
    EXPECT_EQ(image.width, side);
    EXPECT_EQ(image.height, side);
    for (const auto x : {std::size_t{0}, side / 2, side - 1}) EXPECT_EQ(image.at(x, side / 2), (Pixel{0, 255, 0, 255}));
  }
}

TEST(AvatarImage, WhatIsNotSeenDoesNotColour) {
  const auto png = draw(128, 128, [](auto x, auto) {
    return x % 2 == 0 ? Pixel{200, 0, 0, 255} : Pixel{0, 255, 0, 0};
  });
  EXPECT_EQ(read(draw_avatar(png).value().front()).at(10, 10), (Pixel{200, 0, 0, 127}));
}

TEST(AvatarImage, OnePixelIsEnough) {
  EXPECT_EQ(read(draw_avatar(plain(1, 1)).value().back()).at(255, 255), (Pixel{10, 20, 30, 255}));
  EXPECT_EQ(read(draw_avatar(plain(1, 4096)).value().back()).width, 256U);
}

TEST(AvatarImage, NothingButPixelsIsKept) {
  auto png = plain(8, 8);
  // A comment with its length and CRC, before the end.
  const std::string comment("\0\0\0\x0ctEXtSecret\0where\x28\xc3\x1b\x3d", 24);
  png.insert(png.size() - 12, comment);
  png += "and more";
  const auto images = draw_avatar(png);
  ASSERT_TRUE(images) << images.error().text;
  for (const auto& image : *images) EXPECT_EQ(image.find("ecret"), std::string::npos);
  EXPECT_EQ(*images, draw_avatar(plain(8, 8)).value());
}

TEST(AvatarImage, DimensionsAreReadBeforeAnythingIsDecoded) {
  for (const auto& [width, height] : std::vector<std::pair<std::uint32_t, std::uint32_t>>{
           {4097, 1}, {1, 4097}, {0x7fffffff, 0x7fffffff}, {0xffffffff, 1}}) {
    const auto refusal = refusal_of(with_dimensions(plain(1, 1), width, height));
    EXPECT_EQ(refusal.kind, RefusalKind::too_large);
    EXPECT_EQ(refusal.field, "avatar");
  }
  EXPECT_EQ(refusal_of(with_dimensions(plain(1, 1), 0, 1)).kind, RefusalKind::invalid);
  EXPECT_EQ(refusal_of(std::string(most_avatar_bytes + 1, 'x')).kind, RefusalKind::too_large);
}

TEST(AvatarImage, WhatIsNoPngOrDamagedIsRefused) {
  const auto png = plain(64, 64);
  for (const auto& bytes : {std::string(), std::string("GIF89a"), std::string("\xff\xd8\xff\xe0JFIF"),
                            std::string("<svg xmlns='http://www.w3.org/2000/svg'/>"), png.substr(0, 8),
                            png.substr(0, 20), png.substr(0, 40), with_dimensions(png, 65, 64)}) {
    EXPECT_EQ(refusal_of(bytes).kind, RefusalKind::invalid) << bytes.size();
  }
  // A damaged byte anywhere is a refusal or a picture, and never a crash.
  for (std::size_t i = 0; i < png.size(); ++i) {
    auto damaged = png;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x41);
    const auto drawn = draw_avatar(damaged);
    if (!drawn) {
      EXPECT_EQ(drawn.error().field, "avatar");
    }
  }
}

TEST(AvatarImage, TheLongestSidesAreDrawn) {
  EXPECT_TRUE(draw_avatar(plain(most_avatar_side, 256)));
  EXPECT_TRUE(draw_avatar(plain(256, most_avatar_side)));
}

TEST(Identicon, FollowsFromTheNameAlone) {
  std::set<std::string> seen;
  for (const auto* text : {"alice", "bob", "carol", "dave", "a", "b"}) {
    const auto name = UserName::parse(text).value();
    const auto png = draw_identicon(name, 64);
    EXPECT_EQ(png, draw_identicon(name, 64));
    EXPECT_EQ(read(png).width, 64U);
    EXPECT_EQ(read(draw_identicon(name, 256)).width, 256U);
    seen.insert(png);
  }
  EXPECT_EQ(seen.size(), 6U);
}

}  // namespace
}  // namespace spectacles::accounts
