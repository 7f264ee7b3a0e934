#include "edge/instant/kept_files.h"

#include "base/text.h"
#include "edge/archive/kept_answers.h"

namespace batchyard::instant {

KeptFiles::Name KeptFiles::name_of(const protocol::RunKey& run) {
  return {fold(run.job.text()), fold(run.task.text()), run.attempt};
}

void KeptFiles::keep(const protocol::RunKey& run, MemoryFiles files, Time until) {
  const Name name = name_of(run);
  drop(name);
  bytes_ += files.bytes();
  by_time_.emplace(until, name);
  by_age_.emplace(run.attempt, name);
  kept_.emplace(name, Kept{std::move(files), until});
}

protocol::FileAnswer KeptFiles::answer(const protocol::RunKey& run,
                                       const protocol::FileRequest& request) {
  if (request.verb == protocol::FileVerb::remove) return edge::kept_as_a_whole(request);
  const auto found = kept_.find(name_of(run));
  if (found == kept_.end()) return edge::nothing_kept(request);
  return found->second.files.answer(request, "");
}

void KeptFiles::forget(const JobId& job, const TaskId& task) {
  const std::string job_name = fold(job.text());
  const std::string task_name = fold(task.text());
  for (auto at = kept_.lower_bound({job_name, task_name, INT64_MIN}); at != kept_.end();) {
    const Name name = (at++)->first;
    if (std::get<0>(name) != job_name || (!task.empty() && std::get<1>(name) != task_name)) return;
    drop(name);
  }
}

void KeptFiles::drop(const Name& name) {
  const auto found = kept_.find(name);
  if (found == kept_.end()) return;
  bytes_ -= found->second.files.bytes();
  by_time_.erase({found->second.until, name});
  by_age_.erase({std::get<2>(name), name});
  kept_.erase(found);
}

void KeptFiles::drop_due(Time now) {
  while (next_deadline() <= now) drop(Name(by_time_.begin()->second));
}

void KeptFiles::drop_oldest() {
  if (!by_age_.empty()) drop(Name(by_age_.begin()->second));
}

}  // namespace batchyard::instant
