// How images are named, and which options a task may give its container.
#include "model/container.h"

#include <gtest/gtest.h>

namespace batchyard {
namespace {

using Strings = std::vector<std::string>;

TEST(ImageNames, AreReadAsDockerReadsThem) {
  const std::string digest = "@sha256:" + std::string(64, 'a');
  const std::pair<std::string, std::string> cases[] = {
      {"ubuntu", "docker.io/library/ubuntu:latest"},
      {"ubuntu:22.04", "docker.io/library/ubuntu:22.04"},
      {"someone/tool", "docker.io/someone/tool:latest"},
      {"yard.example/a/b:V_1.0-x", "yard.example/a/b:V_1.0-x"},
      {"127.0.0.1:5000/tiny", "127.0.0.1:5000/tiny:latest"},
      {"localhost/tiny:1", "localhost/tiny:1"},
      {"ubuntu" + digest, "docker.io/library/ubuntu" + digest},
      {"ubuntu:22.04" + digest, "docker.io/library/ubuntu" + digest}};
  for (const auto& [text, whole] : cases) {
    const Result<ImageName> image = parse_image(text);
    ASSERT_TRUE(image) << text << ": " << image.error().message;
    EXPECT_EQ(image->whole, whole);
  }
  EXPECT_EQ(parse_image("127.0.0.1:5000/tiny")->registry, "127.0.0.1:5000");
}

TEST(ImageNames, ThatReadFilesOfTheMachineOrAreOptionsAreRefused) {
  for (const char* text :
       {"", "--privileged", "a b", "a;b", "a$b", "docker-archive:/etc/shadow", "dir:/etc",
        "oci:/x:y", "docker://ubuntu", "/etc/passwd", "../x", "UPPER/case",
        "ubuntu:", "ubuntu@sha256:1", "a//b", "host.example:x/y", "a/b:c/d"}) {
    const Result<ImageName> image = parse_image(text);
    EXPECT_FALSE(image) << text;
    if (image) continue;
    EXPECT_EQ(image.error().code, "InvalidPropertyValue") << text;
  }
  EXPECT_FALSE(parse_image(std::string(600, 'a')));
}

TEST(Registries, AreTheSameHoweverTheyAreWritten) {
  EXPECT_EQ(registry_name(""), "docker.io");
  EXPECT_EQ(registry_name("https://index.docker.io/v1/"), "docker.io");
  EXPECT_EQ(registry_name("Yard.Example:5000/"), "yard.example:5000");
}

std::string refused_option(std::string_view text, bool admin = false) {
  const Result<Strings> words = container_options(text, admin);
  return words ? "" : words.error().message;
}

TEST(ContainerOptions, BecomeWordsWithoutAShell) {
  EXPECT_EQ(*container_options("--memory 64m  --env='A=b c' -e \"X=$(id);y\" --init", false),
            (Strings{"--memory", "64m", "--env", "A=b c", "-e", "X=$(id);y", "--init"}));
  EXPECT_EQ(*container_options("--env --privileged", false), (Strings{"--env", "--privileged"}))
      << "a value is no option, whatever it looks like";
  EXPECT_EQ(*container_options("--rm -i --network=host --net host", false), Strings());
  EXPECT_EQ(*container_options("", false), Strings());
  EXPECT_FALSE(container_options(std::string_view("-e A=b\0c", 8), true));
}

TEST(ContainerOptions, ThatShowMoreOfTheMachineAreForAdministrators) {
  for (const char* text : {"--privileged", "-v /:/host", "--volume=/:/host", "--cap-add ALL",
                           "--device /dev/sda", "--pid host", "--user 0", "-u 0", "--ipc=host",
                           "--security-opt seccomp=unconfined", "--mount type=bind,src=/,dst=/h",
                           "--memory 1g --privileged", "--group-add disk", "--privileged=true"}) {
    EXPECT_TRUE(refused_option(text).contains("elevationLevel")) << text;
    EXPECT_EQ(refused_option(text, true), "") << text;
  }
}

TEST(ContainerOptions, OfTheServiceAndUnknownOnesAreRefused) {
  for (const char* text :
       {"--name x", "-d", "--detach=true", "--env-file /etc/shadow", "--cidfile=/x",
        "--network none", "--restart always", "-it", "--pull always", "image", "-v/:/host", "-u0",
        "--memory", "--env 'open", "--userns=host", "--root /x", "--", "--log-driver none"})
    EXPECT_NE(refused_option(text, true), "") << text;
}

TEST(ContainerOptions, GpusAreTheNodesToGive) {
  EXPECT_EQ(*container_options("--gpus all --memory 1g", false), (Strings{"--memory", "1g"}));
  EXPECT_FALSE(gpus_wanted("--memory 1g"));
  EXPECT_TRUE(gpus_wanted("--gpus all")->all);
  EXPECT_EQ(gpus_wanted("--memory 1g --gpus=2")->count, 2);
  EXPECT_EQ(gpus_wanted(R"(--gpus '"device=0,GPU-1"')")->count, 2);
  for (const char* text : {"--gpus 0", "--gpus some", "--gpus=device=", "--gpus=999", "--gpus"})
    EXPECT_NE(refused_option(text, true), "") << text;
}

}  // namespace
}  // namespace batchyard
