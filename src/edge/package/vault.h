// The archives of application packages, as files of the data directory. An archive has its name
// once it is whole, checked and on the disk; what no row of the store refers to is removed at the
// start.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>

#include "service/package_port.h"

namespace batchyard::edge {

class Vault : public service::PackagePort {
 public:
  // `directory` is made if need be. `linger`: how long a dropped archive can still be read.
  static Result<std::unique_ptr<Vault>> open(std::string directory,
                                             std::chrono::milliseconds linger);
  ~Vault() override;  // checks that wait are given up, unanswered

  // Before anything else: archives of other names go, and uploads that stood still too long.
  void keep_only(const std::set<std::string>& contents);

  Result<std::string> begin() override;
  Result<std::int64_t> append(const std::string& upload, std::int64_t offset,
                              std::string_view bytes) override;
  void finish(const std::string& upload, OnKept done) override;
  Result<> take(const std::string& upload, const std::string& path) override;
  void abandon(const std::string& upload) override;
  Result<service::PackageBytes> read(const std::string& content) override;
  void drop(const std::string& content) override;

 private:
  struct Check {
    std::string upload;
    OnKept done;
  };
  using Clock = std::chrono::steady_clock;
  Vault(std::string directory, std::chrono::milliseconds linger);
  std::string upload_path(const std::string& upload) const;
  std::string content_path(const std::string& content) const;
  Result<PackageContent> keep(const std::string& upload) const;
  std::size_t sweep_uploads() const;
  void loop();
  void remove_dropped();

  std::string directory_;
  std::chrono::milliseconds linger_;
  std::mutex mutex_;
  std::condition_variable work_;
  std::deque<Check> waiting_;
  std::deque<std::pair<Clock::time_point, std::string>> dropped_;  // and when they go
  bool stopping_ = false;
  std::thread thread_;  // reads whole archives: no connection waits for that
};

}  // namespace batchyard::edge
