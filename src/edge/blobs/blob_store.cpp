#include "edge/blobs/blob_store.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace batchyard::edge {

namespace {

constexpr std::chrono::hours tidied_every{1};  // blocks grow old by themselves

std::vector<std::string> names_of(const blob::Answer& answer) {
  std::vector<std::string> names;
  for (const auto* bytes : {&answer.send, &answer.gather}) {
    if (!bytes->has_value()) continue;
    for (const blob::Extent& extent : (*bytes)->extents) names.push_back(extent.piece.name);
  }
  return names;
}

void say(const Error& error) {
  fmt::print(stderr, "The storage could not be tidied: {}\n",
             error.cause.empty() ? error.message : error.cause);
}

}  // namespace

Result<std::unique_ptr<BlobStore>> BlobStore::open(const std::string& directory,
                                                   std::function<Time()> now) {
  if (mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST)
    return fail(Kind::invalid, "DataDirectoryUnusable",
                fmt::format("cannot make {}: {}. Give another --data-dir.", directory,
                            std::strerror(errno)));
  std::unique_ptr<BlobStore> store(new BlobStore(std::move(now)));
  store->index_ = TRY(BlobIndex::open(directory + "/blobs.db"));
  store->shelf_ = TRY(Shelf::open(directory + "/pieces"));
  store->thread_ = std::thread([self = store.get()] { self->loop(); });
  return store;
}

BlobStore::~BlobStore() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

BlobStore::Acted BlobStore::held(blob::Answer answer) {
  Shelf::Hold hold = shelf_->hold(names_of(answer));
  return {std::move(answer), std::move(hold)};
}

Result<BlobStore::Acted> BlobStore::read(const Act& act) {
  const std::shared_lock gate(gate_);
  blob::Answer answer;
  TRY(index_->read([&](blob::Rows& rows) -> Result<> {
    answer = TRY(act(rows));
    return Done();
  }));
  return held(std::move(answer));
}

Result<BlobStore::Acted> BlobStore::write(const Act& act, bool& attempted) {
  Acted acted;
  {
    const std::shared_lock gate(gate_);
    blob::Answer answer;
    TRY(index_->write(
        now_(),
        [&](blob::Rows& rows) -> Result<> {
          answer = TRY(act(rows));
          return Done();
        },
        attempted));
    acted = held(std::move(answer));
  }
  tidy();
  return acted;
}

void BlobStore::tidy() {
  {
    const std::lock_guard lock(mutex_);
    untidy_ = true;
  }
  wake_.notify_one();
}

Result<bool> BlobStore::tidy_some() {
  const std::lock_guard tidying(tidying_);
  BlobIndex::Freed freed;
  {
    const std::unique_lock gate(gate_);
    freed = TRY(index_->free_some(
        now_(), [this](const std::string& piece) { return shelf_->is_held(piece); }));
  }
  for (const std::string& piece : freed.pieces) shelf_->remove(piece);
  return freed.more;
}

Result<> BlobStore::tidy_all() {
  while (TRY(tidy_some())) {
  }
  return Done();
}

Result<std::int64_t> BlobStore::sweep() {
  return shelf_->sweep([this](const std::string& name) { return index_->knows(name); });
}

void BlobStore::loop() {
  if (const auto swept = sweep(); !swept) say(swept.error());
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    wake_.wait_for(lock, tidied_every, [this] { return untidy_ || stopping_; });
    if (stopping_) return;
    untidy_ = false;
    lock.unlock();
    const Result<bool> more = tidy_some();
    lock.lock();
    if (!more) say(more.error());
    if (more && *more) untidy_ = true;
  }
}

}  // namespace batchyard::edge
