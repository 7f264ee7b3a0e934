// The agent's logs of a node, sent by the agent itself to a container that the user names.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <memory>

#include "base/error_codes.h"
#include "base/id.h"
#include "base/text.h"
#include "service/service.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;

// Without its signature: a container's URL is shown in an error.
std::string shown_url(const std::string& url) {
  return url.substr(0, url.find('?'));
}

Result<protocol::FileRequest> request_of(const json::value& body, std::string directory) {
  if (body.as_object().contains("identityReference"))
    return bad_property("identityReference", "",
                        "Batchyard has no managed identities. Give a containerUrl with a shared "
                        "access signature instead.");
  protocol::FileRequest request;
  request.verb = protocol::FileVerb::upload_logs;
  request.path = std::move(directory);
  request.url = std::string(body.at("containerUrl").as_string());
  if (!request.url.starts_with("https://") && !request.url.starts_with("http://"))
    return bad_property("containerUrl", shown_url(request.url),
                        "Give the URL of a blob container with a shared access signature that "
                        "allows writing.");
  request.from = *parse_iso8601(std::string_view(body.at("startTime").as_string()));
  if (const json::value* end = body.as_object().if_contains("endTime"))
    request.until = *parse_iso8601(std::string_view(end->get_string()));
  if (request.until < request.from)
    return bad_property("endTime", to_iso8601(request.until), "It lies before startTime.");
  return request;
}

// Why the agent could not upload. What is wrong with the container is for the caller to change.
std::unexpected<Error> not_uploaded(const protocol::FileAnswer& answer, std::string container) {
  if (const CodeFacts* const facts = facts_of_code(answer.error_code))
    return fail(facts->kind, answer.error_code, answer.error_message);
  return bad_property("containerUrl", std::move(container), answer.error_message);
}

}  // namespace

void Service::upload_node_logs(Call call) {
  std::string directory;
  const auto make = [&]() -> Result<protocol::FileRequest> {
    const json::value body = TRY(body_of(call));
    TRY(row_of(engine::EntityKind::pool, "", call.parameters[0]));
    const engine::Row node =
        TRY(row_of(engine::EntityKind::node, call.parameters[0], call.parameters[1]));
    directory = fmt::format("batch-{:016X}/{}/{}/{}", folded_hash(account()->name),
                            call.parameters[0], node.key.id, call.request_id);
    return request_of(body, directory);
  };
  Result<protocol::FileRequest> request = make();
  if (!request) return answer_error(call, request.error());
  const PoolId pool = PoolId::trusted(call.parameters[0]);
  const NodeId node = NodeId::trusted(call.parameters[1]);
  auto kept = std::make_shared<Call>(std::move(call));
  std::string container = shown_url(request->url);
  ports_.files->ask(
      pool, node, *std::move(request),
      [kept, directory, container = std::move(container)](Result<protocol::FileAnswer> answer) {
        if (!answer) return answer_error(*kept, answer.error());
        if (!answer->error_code.empty())
          return answer_error(*kept, not_uploaded(*answer, container).error());
        answer_entity(*kept, "Microsoft.Azure.Batch.Protocol.Entities.UploadBatchServiceLogsResult",
                      {{"virtualDirectoryName", directory},
                       {"numberOfFilesUploaded", answer->entries.size()}});
      });
}

}  // namespace batchyard::service
