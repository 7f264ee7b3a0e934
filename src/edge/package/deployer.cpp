#include "edge/package/deployer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "edge/files/beneath.h"
#include "edge/files/node_files.h"
#include "edge/package/digest.h"
#include "edge/package/limits.h"
#include "edge/package/unpack.h"

namespace batchyard::edge {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds first_pause(200);
constexpr std::chrono::milliseconds longest_pause(5000);
constexpr int damaged_max = 3;  // archives that came otherwise than they left

std::unexpected<Error> not_kept(const std::string& what, int error) {
  const bool full = error == ENOSPC || error == EDQUOT;
  return fail(Kind::internal, full ? "DiskFull" : "PackageWriteFailed",
              fmt::format("{} failed: {}.", what,
                          full ? "the node's disk is full: delete files, or use a larger machine "
                                 "size"
                               : std::strerror(error)));
}

}  // namespace

Deployer::Deployer(DeployerOptions options, OnDeployed on_deployed)
    : options_(std::move(options)), on_deployed_(std::move(on_deployed)) {
  for (unsigned number = 0; number < options_.threads; ++number)
    threads_.emplace_back([this] { loop(); });
}

Deployer::~Deployer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  halt_.set();
  work_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Deployer::deploy(node::DeployOrder order) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(order));
  }
  work_.notify_one();
}

void Deployer::loop() {
  Transfer transfer(options_.ca_file);
  std::unique_lock lock(mutex_);
  while (true) {
    work_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return;
    const node::DeployOrder order = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    Result<> outcome = perform(order, transfer);
    if (!halt_.is_set()) on_deployed_(order.directory, std::move(outcome));
    lock.lock();
  }
}

// Files of a package that are not the package's: one name, whatever directory.
std::string Deployer::beside(const node::DeployOrder& order, std::string_view suffix) const {
  std::string name = order.directory;
  for (char& letter : name) {
    if (letter == '/') letter = '+';
  }
  return options_.root + "/volatile/packages/" + name + std::string(suffix);
}

// What stands beside a package that is whole. After a crash of the machine it may be there, and
// files be missing: so it counts in one boot only.
std::string Deployer::mark_of(const node::DeployOrder& order) const {
  return options_.boot + " " + order.sha256;
}

bool Deployer::is_there(const node::DeployOrder& order) const {
  std::ifstream file(beside(order, ".mark"));
  const std::string mark{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return mark == mark_of(order) &&
         access((options_.root + "/" + order.directory).c_str(), F_OK) == 0;
}

Result<> Deployer::perform(const node::DeployOrder& order, Transfer& transfer) {
  if (is_there(order)) return Done();
  std::error_code error;
  fs::create_directories(options_.root + "/volatile/packages", error);
  unlink(beside(order, ".mark").c_str());
  fs::remove_all(options_.root + "/" + order.directory, error);
  const std::string archive = beside(order, ".zip");
  Result<> outcome = fetch(order, transfer, archive);
  if (outcome) outcome = unpack(order, archive);
  unlink(archive.c_str());
  TRY(std::move(outcome));
  return keep_file(beside(order, ".mark"), mark_of(order));
}

// As long as the service may come back, and a few times more when the bytes are wrong.
Result<> Deployer::fetch(const node::DeployOrder& order, Transfer& transfer,
                         const std::string& path) {
  const Opened file(open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.good()) return not_kept("Fetching a package", errno);
  const auto end = std::chrono::steady_clock::now() + deploy_patience;
  std::chrono::milliseconds pause = first_pause;
  for (int damaged = 0;;) {
    bool again = false;
    Result<> outcome = fetch_once(order, transfer, file.number(), again);
    if (outcome || !again) return outcome;
    if (outcome.error().code == "PackageDamaged" && ++damaged >= damaged_max) return outcome;
    if (std::chrono::steady_clock::now() >= end || !halt_.pause(pause)) return outcome;
    pause = std::min(pause * 2, longest_pause);
  }
}

Result<> Deployer::fetch_once(const node::DeployOrder& order, Transfer& transfer, int file,
                              bool& again) {
  if (lseek(file, 0, SEEK_SET) != 0 || ftruncate(file, 0) != 0)
    return not_kept("Fetching a package", errno);
  Digest digest;
  std::int64_t size = 0;
  TransferRequest request{.url = options_.service + "/batchyard/packages/" + order.content,
                          .headers = {"Authorization: " + options_.authorization},
                          .direct = true};
  request.sink = [&](const char* bytes, std::size_t count) {
    size += static_cast<std::int64_t>(count);
    if (size > order.size) return EFBIG;
    digest.add(bytes, count);
    return write_all_to(file, bytes, count);
  };
  const TransferAnswer answer = transfer.perform(request, halt_);
  if (answer.end == TransferEnd::sink_failed && answer.error != EFBIG)
    return not_kept("Fetching a package", answer.error);
  if (answer.end == TransferEnd::answered && answer.status == 404)
    return fail(Kind::not_found, "PackageNotFound",
                "The service has the package's archive no longer: it was deleted or replaced.");
  again = answer.good() || answer.end == TransferEnd::sink_failed || answer.may_try_again();
  if (!answer.good() && answer.end != TransferEnd::sink_failed)
    return fail(Kind::busy, "PackageNotFetched",
                fmt::format("The package could not be fetched from {}: {}.", options_.service,
                            answer.in_words()));
  if (size != order.size || digest.hex() != order.sha256)
    return fail(Kind::internal, "PackageDamaged",
                fmt::format("The package came damaged from {}: its SHA-256 is not {}.",
                            options_.service, order.sha256));
  return Done();
}

Result<> Deployer::unpack(const node::DeployOrder& order, const std::string& path) {
  const Opened archive(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  const Opened root(open(options_.root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  // The directories that the order names, one within the other, are for everybody.
  if (const int error = make_parents_beneath(root.number(), order.directory + "/"); error != 0)
    return not_kept("Unpacking a package", error);
  for (std::size_t slash = order.directory.find('/'); slash != std::string::npos;
       slash = order.directory.find('/', slash + 1))
    chmod((options_.root + "/" + order.directory.substr(0, slash)).c_str(), 0755);
  const Opened directory =
      open_beneath(root.number(), order.directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (!archive.good() || !directory.good() || fchmod(directory.number(), 0755) != 0)
    return not_kept("Unpacking a package", errno);
  return unpack_zip(archive.number(), directory.number(), [this] { return !halt_.is_set(); });
}

}  // namespace batchyard::edge
