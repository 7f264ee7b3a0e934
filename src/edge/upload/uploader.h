// Output files of runs that have ended: a few runs at a time, on threads of its own.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "edge/transfer/halt.h"
#include "node/ports.h"

namespace batchyard::edge {

struct UploaderOptions {
  std::string root;     // of the node
  std::string ca_file;  // trusted beside the system's authorities; may be empty
  unsigned threads = 2;
};

class Uploader {
 public:
  // FileUploadAccessDenied, FileUploadContainerNotFound, FileUploadConflict, FileUploadTimedOut,
  // FileUploadMiscError. Called on one of the uploader's threads.
  using OnUploaded = std::function<void(const std::string& id, Result<> outcome)>;

  Uploader(UploaderOptions options, OnUploaded on_uploaded);
  ~Uploader();  // what is under way is called off, and nothing is told

  void upload(node::UploadOrder order, long uid, long gid);
  // Calls it off; it is told as a failure, unless it was whole before.
  void end(const std::string& id);

 private:
  struct Job {
    node::UploadOrder order;
    long uid;
    long gid;
    Halt halt;
  };
  void loop();

  UploaderOptions options_;
  OnUploaded on_uploaded_;
  std::mutex mutex_;
  std::condition_variable work_;
  std::deque<std::shared_ptr<Job>> waiting_;
  std::map<std::string, std::shared_ptr<Job>> jobs_;  // those that wait and those under way
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace batchyard::edge
