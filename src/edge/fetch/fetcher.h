// Resource files: from an HTTP(S) URL into a file of the node, or a container's blobs into a
// directory of it, with the rights of the task's account. A few at a time, on threads of its own.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "edge/transfer/transfer.h"
#include "node/ports.h"

namespace batchyard::edge {

struct FetcherOptions {
  std::string root;     // of the node: where FetchOrder::path is relative to
  std::string ca_file;  // trusted beside the system's authorities; may be empty
  unsigned threads = 4;
};

class Fetcher {
 public:
  // BlobNotFound, BlobAccessDenied, BlobDownloadTimedOut, BlobDownloadMiscError,
  // ResourceContainerNotFound, ResourceContainerAccessDenied, ResourceContainerListTimedOut,
  // ResourceContainerListMiscError, ResourceFileCreateFailed, ResourceFileWriteFailed, DiskFull;
  // the details name the source and the file. Called on one of the fetcher's threads.
  using OnFetched = std::function<void(const std::string& id, Result<> outcome)>;

  Fetcher(FetcherOptions options, OnFetched on_fetched);
  ~Fetcher();  // what is under way is called off

  void fetch(node::FetchOrder order, long uid, long gid);

 private:
  struct Job {
    node::FetchOrder order;
    long uid;
    long gid;
  };
  void loop();

  FetcherOptions options_;
  OnFetched on_fetched_;
  Halt halt_;
  std::mutex mutex_;
  std::condition_variable work_;
  std::deque<Job> waiting_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace batchyard::edge
