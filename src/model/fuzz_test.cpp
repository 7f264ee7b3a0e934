// Images and run options of containers that are nearly right: words for the engine, or a refusal.
#include <gtest/gtest.h>

#include <algorithm>

#include "model/container.h"
#include "testing/mutator.h"

namespace batchyard {
namespace {

constexpr int rounds = 20'000;

TEST(ContainerFuzz, NearlyRightOptionsAreWordsOrRefused) {
  testing::Mutator mutator(
      1, {"--memory 64m  --env='A=b c' -e \"X=$(id);y\" --init",
          "--rm -i --network=host --net host", "--volume /a:/b:ro --user 1:1 --entrypoint sh",
          "--privileged --cap-add=ALL", "-w /x -v /y"});
  for (int round = 0; round < rounds; ++round) {
    const std::string text = mutator.next();
    const auto words = container_options(text, mutator.random().once_in(2));
    if (!words) {
      ASSERT_FALSE(words.error().message.empty()) << text;
      continue;
    }
    ASSERT_TRUE(std::ranges::none_of(*words, [](const std::string& word) {
      return word.contains('\0');
    })) << text;
  }
}

// Without `admin` nothing that shows more of the machine comes through, however it is written.
TEST(ContainerFuzz, WhatIsForAdministratorsIsNotHidden) {
  testing::Mutator mutator(2, {"--privileged", "--init --privileged=true", "-e A=b --privileged",
                               "'--privileged'", "--pri\"vileged\""});
  for (int round = 0; round < rounds; ++round) {
    const std::string text = mutator.next();
    const auto words = container_options(text, false);
    if (!words) continue;
    for (std::size_t at = 0; at < words->size(); ++at) {
      const bool is_value = at > 0 && ((*words)[at - 1] == "-e" || (*words)[at - 1] == "--env");
      ASSERT_TRUE(is_value || !(*words)[at].starts_with("--privileged")) << text;
    }
  }
}

TEST(ContainerFuzz, NearlyRightImagesAreNamesOrRefused) {
  testing::Mutator mutator(
      3,
      {"ubuntu:22.04", "yard.example:5000/some/image@sha256:0123456789abcdef",
       "docker.io/library/ubuntu", "[::1]:5000/a", "docker-archive:/etc/passwd", "localhost/x:y"});
  for (int round = 0; round < rounds; ++round) {
    const std::string text = mutator.next();
    const Result<ImageName> image = parse_image(text);
    if (!image) {
      ASSERT_FALSE(image.error().message.empty()) << text;
      continue;
    }
    // No option, and no file of the machine.
    ASSERT_FALSE(image->whole.starts_with("-")) << text;
    ASSERT_FALSE(image->whole.starts_with("/")) << text;
    ASSERT_FALSE(image->registry.empty()) << text;
  }
}

}  // namespace
}  // namespace batchyard
