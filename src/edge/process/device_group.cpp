#include "edge/process/device_group.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/bpf.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <vector>

#include "base/id.h"

namespace batchyard::edge {

namespace {

// All GPUs have this major; of its minors the last two are the driver's own files.
constexpr std::int32_t nvidia_major = 195;
constexpr std::int32_t first_of_driver = 254;

enum Register : std::uint8_t { answer = 0, context = 1, value = 2 };

bpf_insn load(std::size_t offset) {
  return {.code = BPF_LDX | BPF_MEM | BPF_W,
          .dst_reg = value,
          .src_reg = context,
          .off = static_cast<std::int16_t>(offset),
          .imm = 0};
}
bpf_insn jump(std::uint8_t when, std::int32_t operand, std::size_t over) {
  return {.code = static_cast<std::uint8_t>(BPF_JMP | when | BPF_K),
          .dst_reg = value,
          .src_reg = 0,
          .off = static_cast<std::int16_t>(over),
          .imm = operand};
}
bpf_insn say(std::int32_t word) {
  return {
      .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = answer, .src_reg = 0, .off = 0, .imm = word};
}
bpf_insn leave() {
  return {.code = BPF_JMP | BPF_EXIT, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0};
}

// Yes to everything but GPUs that are not among `minors`.
std::vector<bpf_insn> program_for(const std::set<std::int32_t>& minors) {
  // After the two loads with their jumps come one jump per minor, then "no", then "yes".
  std::size_t to_yes = minors.size() + 2;
  std::vector<bpf_insn> program{
      load(offsetof(bpf_cgroup_dev_ctx, major)), jump(BPF_JNE, nvidia_major, to_yes + 2),
      load(offsetof(bpf_cgroup_dev_ctx, minor)), jump(BPF_JGE, first_of_driver, to_yes)};
  for (const std::int32_t minor : minors) program.push_back(jump(BPF_JEQ, minor, --to_yes));
  program.insert(program.end(), {say(0), leave(), say(1), leave()});
  return program;
}

int bpf_call(int command, bpf_attr& attributes) {
  return static_cast<int>(syscall(SYS_bpf, command, &attributes, sizeof attributes));
}

int load_program(const std::vector<bpf_insn>& program) {
  bpf_attr attributes{};
  attributes.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
  attributes.insns = reinterpret_cast<std::uint64_t>(program.data());
  attributes.insn_cnt = static_cast<std::uint32_t>(program.size());
  attributes.license = reinterpret_cast<std::uint64_t>("");
  return bpf_call(BPF_PROG_LOAD, attributes);
}

bool attach(int group, int program) {
  bpf_attr attributes{};
  attributes.target_fd = static_cast<std::uint32_t>(group);
  attributes.attach_bpf_fd = static_cast<std::uint32_t>(program);
  attributes.attach_type = BPF_CGROUP_DEVICE;
  attributes.attach_flags = BPF_F_ALLOW_MULTI;
  return bpf_call(BPF_PROG_ATTACH, attributes) == 0;
}

std::string group_path(const std::string& parent, const std::string& name) {
  return fmt::format("{}/gpus-{:016x}", parent, folded_hash(name));
}

}  // namespace

std::string make_device_group(const std::string& parent, const std::string& name,
                              const std::set<std::int32_t>& minors) {
  const std::string path = group_path(parent, name);
  if (parent.empty() || (mkdir(path.c_str(), 0755) != 0 && errno != EEXIST)) return {};
  const int group = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const int program = group < 0 ? -1 : load_program(program_for(minors));
  const bool attached = program >= 0 && attach(group, program);
  for (const int descriptor : {group, program}) {
    if (descriptor >= 0) close(descriptor);
  }
  if (attached) return path;
  rmdir(path.c_str());
  return {};
}

void drop_device_group(const std::string& parent, const std::string& name) {
  if (!parent.empty()) rmdir(group_path(parent, name).c_str());
}

}  // namespace batchyard::edge
