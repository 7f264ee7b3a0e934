#include "edge/http/authority.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>

#include "base/text.h"
#include "edge/http/certificate.h"
#include "edge/seal/sealed_file.h"

namespace batchyard::edge {
namespace {

using namespace std::chrono_literals;

constexpr Duration renewed_before_end = 24h * 30;
constexpr mode_t for_all = 0644;
constexpr mode_t for_owner = 0600;

std::unexpected<Error> refused(const std::string& what, const std::string& path) {
  return fail(Kind::internal, "FileError",
              "Cannot " + what + " '" + path + "': " + std::strerror(errno) +
                  ". Check its owner, its mode and the space left.");
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t size = ::write(file, text.data(), text.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(size));
  }
  return ::fsync(file) == 0;
}

// After this either the old file or the whole new one is there, whatever happens to the machine.
Result<> replace_file(const std::string& path, std::string_view text, mode_t mode) {
  const std::string beside = path + ".new";
  ::unlink(beside.c_str());
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (file < 0) return refused("create", beside);
  ::fchmod(file, mode);  // the umask of whoever starts us must not hide the certificate
  const bool written = write_all(file, text);
  ::close(file);
  if (!written) return refused("write", beside);
  if (::rename(beside.c_str(), path.c_str()) != 0) return refused("rename", beside);
  const std::string directory = std::filesystem::path(path).parent_path();
  const int entry = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (entry < 0) return refused("open", directory);
  const bool synced = ::fsync(entry) == 0;
  ::close(entry);
  if (!synced) return refused("sync", directory);
  return Done{};
}

// As which a private key is sealed: "tls/ca.key".
std::string place_of_key(const std::string& path) {
  return "tls/" + std::filesystem::path(path).filename().string();
}

std::string host_name() {
  char name[256] = {};
  if (::gethostname(name, sizeof name - 1) != 0) return {};
  return name;
}

bool is_name(const std::string& name) {
  return !name.empty() && name.size() <= 253 &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.*:") == std::string::npos;
}

Result<std::vector<std::string>> all_names(std::vector<std::string> names) {
  names.insert(names.begin(), {"localhost", "*.localhost", "127.0.0.1", "::1"});
  if (std::string host = fold(host_name()); is_name(host)) names.push_back(std::move(host));
  std::vector<std::string> unique;
  for (std::string& name : names) {
    std::string folded = fold(name);
    if (!is_name(folded))
      return fail(Kind::invalid, "InvalidName",
                  "'" + name + "' is no DNS name and no IP address: a certificate cannot name it.");
    if (std::ranges::find(unique, folded) == unique.end()) unique.push_back(std::move(folded));
  }
  return unique;
}

Result<> write_key(const std::string& path, const std::string& key, const Seal* seal) {
  return replace_file(path, seal == nullptr ? key : seal->seal(place_of_key(path), key), for_owner);
}

// What was written before there was a seal is sealed now. Empty when there is none.
Result<std::string> read_key(const std::string& path, const Seal* seal) {
  const std::string held = bytes_of_file(path);
  if (held.empty() || seal == nullptr) return held;
  std::string key = TRY(seal->open(place_of_key(path), held));
  if (!seal->is_current(held)) TRY(write_key(path, key, seal));
  return key;
}

}  // namespace

Authority Authority::with_key(std::string key, const Seal* seal) && {
  if (seal != nullptr) server_files_.key_text = std::move(key);
  return std::move(*this);
}

Result<Authority> Authority::open(const std::string& directory, std::vector<std::string> names,
                                  std::optional<Time> now, const Seal* seal) {
  const Time time =
      now ? *now : std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  const std::vector<std::string> wanted = TRY(all_names(std::move(names)));
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) {
    errno = error.value();
    return refused("create", directory);
  }

  Authority authority;
  authority.ca_file_ = directory + "/ca.pem";
  authority.server_files_ = {directory + "/server.pem", directory + "/server.key"};
  const std::string ca_key_file = directory + "/ca.key";
  Issuer issuer{bytes_of_file(authority.ca_file_), {}};
  issuer.private_key = TRY(read_key(ca_key_file, seal));
  if (issuer.certificate.empty()) {
    // The key first: a certificate is only ever there together with its key.
    issuer.private_key = TRY(make_private_key());
    TRY(write_key(ca_key_file, issuer.private_key, seal));
    const std::string name = ("Batchyard authority on " + host_name()).substr(0, 64);
    issuer.certificate = TRY(make_authority_certificate(issuer.private_key, name, time));
    TRY(replace_file(authority.ca_file_, issuer.certificate, for_all));
    authority.made_ = true;
  } else if (!certificate_serves(issuer.certificate,
                                 {issuer.private_key, issuer.certificate, {}, renewed_before_end},
                                 time)) {
    return fail(Kind::invalid, "InvalidAuthority",
                "The authority '" + authority.ca_file_ + "' has ended, or '" + ca_key_file +
                    "' is not its key. Put the right pair back, or remove both to have a new "
                    "authority made; clients must then trust the new one.");
  }

  std::string key = TRY(read_key(authority.server_files_.private_key, seal));
  const std::string held = bytes_of_file(authority.server_files_.certificate_chain);
  if (certificate_serves(held, {key, issuer.certificate, wanted, renewed_before_end}, time))
    return std::move(authority).with_key(std::move(key), seal);
  if (key.empty()) {
    key = TRY(make_private_key());
    TRY(write_key(authority.server_files_.private_key, key, seal));
  }
  const std::string made = TRY(make_server_certificate(issuer, key, wanted, time));
  TRY(replace_file(authority.server_files_.certificate_chain, made + issuer.certificate, for_all));
  authority.renewed_ = true;
  return std::move(authority).with_key(std::move(key), seal);
}

}  // namespace batchyard::edge
