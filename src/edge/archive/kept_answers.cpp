#include "edge/archive/kept_answers.h"

namespace batchyard::edge {

namespace {

protocol::FileAnswer unavailable(const protocol::FileRequest& request, std::string message) {
  protocol::FileAnswer answer{.request = request.request};
  answer.error_code = "TaskFilesUnavailable";
  answer.error_message = std::move(message);
  return answer;
}

}  // namespace

protocol::FileAnswer nothing_kept(const protocol::FileRequest& request) {
  return unavailable(
      request,
      "The files of the specified task are unavailable: its node was removed from the pool, and "
      "nothing of them is kept: their retention time has passed, they were deleted, or newer ones "
      "needed the room.");
}

protocol::FileAnswer kept_as_a_whole(const protocol::FileRequest& request) {
  return unavailable(
      request,
      "The node of the specified task is gone. What is kept of its files goes with the task or "
      "when its retention time has passed; single files cannot be deleted.");
}

}  // namespace batchyard::edge
