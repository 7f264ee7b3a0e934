// What changes something: a command goes to the engine, and its end is the answer.
#include <memory>

#include "base/error_codes.h"
#include "service/service.h"

namespace batchyard::service {

namespace {

// What was read is not so any more. A path of the management plane means one thing whether it is
// there or not: it may have come or gone.
bool was_overtaken(const Call& call, const Error& error) {
  if (error.code == "ConditionNotMet") return true;
  return call.operation == nullptr && call.request.method == "PUT" &&
         (error.code == "PoolExists" || error.code == "PoolNotFound" ||
          error.code == "CertificateExists" || error.code == "CertificateNotFound");
}

}  // namespace

void Service::write(Call call, engine::Command command, int status, std::string location) {
  auto kept = std::make_shared<Call>(std::move(call));
  ports_.inbox->submit(std::move(command), [this, kept, status, location = std::move(location)](
                                               Result<engine::Reply> reply) {
    if (!reply && was_overtaken(*kept, reply.error())) return write_again(std::move(*kept));
    if (!reply) return answer_error(*kept, reply.error());
    // Nothing is left to have an ETag.
    if (reply->version == 0 || kept->request.method == "DELETE") return answer_empty(*kept, status);
    answer_empty(*kept, status, write_headers(*kept, reply->version, reply->modified, location));
  });
}

void Service::write_again(Call call) {
  if (++call.overtaken == overtaken_max)
    return answer_error(
        call,
        refusal("ServerBusy", "Others change the same resource all the time. Try again later.")
            .error());
  if (call.operation == nullptr) return extension(std::move(call));
  (this->*handler_of(call.operation->operation))(std::move(call));
}

void Service::act(Call call, engine::Command command, int status, std::string location) {
  auto kept = std::make_shared<Call>(std::move(call));
  ports_.inbox->submit(std::move(command),
                       [kept, status, location = std::move(location)](Result<engine::Reply> reply) {
                         if (!reply) return answer_error(*kept, reply.error());
                         if (kept->request.method == "DELETE") return answer_empty(*kept, status);
                         answer_empty(*kept, status, action_headers(*kept, location));
                       });
}

}  // namespace batchyard::service
