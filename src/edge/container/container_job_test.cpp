// How a container's settings become podman's words: nothing secret among them.
#include "edge/container/container_job.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchyard::edge {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

ContainerJob job_with(const std::string& options) {
  ContainerJob job;
  job.name = "batchyard-1";
  job.image = "ubuntu:22.04";
  job.options = options;
  job.command = {"/bin/sh", "-c", "echo --privileged"};
  job.environment = {"A=1", "SECRET=hidden", "TWO=a\nb", "#X=1", "none"};
  job.mounts = {{"/mnt/batch/tasks/shared", true}, {"/mnt/batch/tasks/workitems", false}};
  job.working_directory = "/mnt/batch/tasks/wd";
  job.registries = {{"yard.example", "user", "password"}};
  job.uid = job.gid = 60001;
  return job;
}

TEST(ContainerJob, TheCommandComesAfterTheImage) {
  const auto words = create_arguments(job_with("--memory 64m --init --env=X=y"), "/e");
  ASSERT_TRUE(words);
  const std::vector<std::string> end(words->end() - 9, words->end());
  EXPECT_EQ(end, (std::vector<std::string>{"--memory", "64m", "--init", "--env", "X=y",
                                           "docker.io/library/ubuntu:22.04", "/bin/sh", "-c",
                                           "echo --privileged"}));
  EXPECT_THAT(*words, Contains("60001:60001"));
  EXPECT_THAT(*words, Contains("no-new-privileges"));
  EXPECT_THAT(*words, Contains("/mnt/batch/tasks/shared:/mnt/batch/tasks/shared:ro,rslave"));
  EXPECT_THAT(*words, Contains("/mnt/batch/tasks/workitems:/mnt/batch/tasks/workitems:rw,rslave"));
}

TEST(ContainerJob, AnAdministratorKeepsItsRights) {
  ContainerJob job = job_with("--privileged");
  EXPECT_EQ(create_arguments(job, "/e").error().code, "ContainerInvalidSettings");
  job.admin = true;
  const auto words = create_arguments(job, "/e");
  ASSERT_TRUE(words);
  EXPECT_THAT(*words, Contains("--privileged"));
  EXPECT_THAT(*words, Not(Contains("no-new-privileges")));
}

TEST(ContainerJob, NothingSecretIsOnTheCommandLine) {
  const auto words = create_arguments(job_with(""), "/e");
  ASSERT_TRUE(words);
  for (const std::string& word : *words) {
    EXPECT_THAT(word, Not(HasSubstr("password")));
    EXPECT_THAT(word, Not(HasSubstr("hidden")));
  }
  const EnvironmentFile file = environment_file(job_with("").environment);
  EXPECT_EQ(file.lines, "A=1\nSECRET=hidden\n");
  EXPECT_EQ(file.others, (std::vector<std::string>{"TWO=a\nb", "#X=1"}));
}

TEST(ContainerJob, TheFirstEntryOfARegistryCounts) {
  EXPECT_EQ(authentication_text({{"", "user", "password"},
                                 {"https://index.docker.io/v1/", "other", "x"},
                                 {"open.example", "", ""}}),
            R"({"auths":{"docker.io":{"auth":"dXNlcjpwYXNzd29yZA=="}}})");
}

TEST(ContainerJob, OnlyWhatTheMachineServesItselfMayBeUnencrypted) {
  EXPECT_EQ(*pull_arguments("127.0.0.1:5000/a", "/f"),
            (std::vector<std::string>{"--quiet", "--authfile", "/f", "--tls-verify=false",
                                      "docker://127.0.0.1:5000/a:latest"}));
  EXPECT_EQ(*pull_arguments("127.0.0.1.example/a", "/f"),
            (std::vector<std::string>{"--quiet", "--authfile", "/f",
                                      "docker://127.0.0.1.example/a:latest"}))
      << "a name that only starts so";
  EXPECT_EQ(pull_arguments("docker-archive:/etc/shadow", "/f").error().code,
            "ContainerInvalidImage");
}

TEST(ContainerJob, ComplaintsAreToldApart) {
  const auto code = [](const std::string& complaint) { return pull_failure("i", complaint).code; };
  EXPECT_EQ(code("Error: initializing source docker://x: reading manifest latest in y/z: manifest "
                 "unknown: manifest unknown"),
            "ContainerInvalidImage");
  EXPECT_EQ(code("Error: unable to retrieve auth token: invalid username/password: unauthorized: "
                 "authentication required"),
            "ContainerInvalidRegistry");
  EXPECT_EQ(code("Error: pinging container registry 127.0.0.1:1: connection refused"),
            "ContainerInvalidRegistry");
}

}  // namespace
}  // namespace batchyard::edge
