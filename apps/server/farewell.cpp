#include "apps/server/farewell.h"

#include <boost/json.hpp>
#include <cstdio>
#include <filesystem>

#include "base/described_json.h"
#include "edge/clock/clock.h"
#include "model/status.h"

namespace batchyard::server {

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr Duration sweep_pause = std::chrono::hours(1);
constexpr Duration retention_default = std::chrono::days(7);

Duration retention_of(const std::string& spec) {
  boost::system::error_code error;
  const json::value whole = json::parse(spec, error);
  const json::value* text =
      error ? nullptr : whole.find_pointer("/constraints/retentionTime", error);
  if (text == nullptr || !text->is_string()) return retention_default;
  return parse_duration(std::string_view(text->get_string())).value_or(retention_default);
}

}  // namespace

Result<std::unique_ptr<Farewell>> Farewell::open(FarewellOptions options,
                                                 engine::StoreReader& store) {
  std::unique_ptr<edge::Archive> archive =
      TRY(edge::Archive::open(options.data_dir + "/archive", edge::ArchiveLimits()));
  return std::unique_ptr<Farewell>(new Farewell(std::move(options), store, std::move(archive)));
}

Farewell::Farewell(FarewellOptions options, engine::StoreReader& store,
                   std::unique_ptr<edge::Archive> archive)
    : options_(std::move(options)), store_(store), archive_(std::move(archive)) {
  thread_ = std::thread([this] { loop(); });
}

Farewell::~Farewell() {
  stop();
}

void Farewell::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Farewell::node_leaves(const PoolId& pool, const NodeId& node, std::function<void()> then) {
  const std::lock_guard lock(mutex_);
  actions_.push_back([this, pool, node, then = std::move(then)] {
    keep_all(pool, node);
    then();
  });
  work_.notify_one();
}

void Farewell::forget(const JobId& job, const TaskId& task) {
  const std::lock_guard lock(mutex_);
  actions_.push_back([this, job, task] { archive_->forget(job, task); });
  work_.notify_one();
}

void Farewell::loop() {
  Time next_sweep = edge::now();
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (actions_.empty()) {
      const Duration left = next_sweep - edge::now();
      if (left > Duration(0)) {
        work_.wait_for(lock, left);
        continue;
      }
      lock.unlock();
      archive_->sweep(options_.now(), [this](const auto& run) { return is_wanted(run); });
      next_sweep = later(edge::now(), sweep_pause);
    } else {
      const std::function<void()> action = std::move(actions_.front());
      actions_.pop_front();
      lock.unlock();
      action();
    }
    lock.lock();
  }
}

bool Farewell::is_wanted(const protocol::RunKey& run) const {
  const auto row = store_.read({engine::EntityKind::task, run.job.text(), run.task.text()});
  if (!row || !*row) return !row;  // a store that cannot be read says nothing
  const Result<TaskStatus> status = from_json<TaskStatus>((*row)->status);
  return !status || status->attempt == run.attempt;
}

void Farewell::keep_all(const PoolId& pool, const NodeId& node) {
  const std::string root = options_.directory_of(pool, node);
  std::error_code ignored;
  for (const fs::directory_entry& job : fs::directory_iterator(root + "/workitems", ignored)) {
    const fs::path tasks = job.path() / "job-1";
    for (const fs::directory_entry& task : fs::directory_iterator(tasks, ignored)) {
      // Both are made by the agent; tasks can write below only.
      if (!job.is_symlink() && !task.is_symlink())
        keep_task(pool, node, job.path().filename(), task.path().filename(), task.path());
    }
  }
  archive_->sync();
}

void Farewell::keep_task(const PoolId& pool, const NodeId& node, const std::string& job,
                         const std::string& task, const std::string& directory) {
  const auto row = store_.read({engine::EntityKind::task, job, task});
  if (!row || !*row) return;
  const Result<TaskStatus> status = from_json<TaskStatus>((*row)->status);
  if (!status || status->state != TaskState::completed || !(status->pool == pool) ||
      !(status->node == node))
    return;
  const Time until = later(status->end.value_or(options_.now()), retention_of((*row)->spec));
  const protocol::RunKey run{JobId::trusted((*row)->key.parent), TaskId::trusted((*row)->key.id),
                             status->attempt};
  if (const Result<> kept = archive_->keep(run, directory, until); !kept)
    std::fprintf(stderr, "%s batchyard: the files of task %s of job %s are lost: %s\n",
                 to_iso8601(edge::now()).c_str(), task.c_str(), job.c_str(),
                 kept.error().message.c_str());
}

}  // namespace batchyard::server
