// Files of tasks and nodes, read through the node's agent, part by part.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/described_json.h"
#include "base/error_codes.h"
#include "base/text.h"
#include "service/filter.h"
#include "service/service.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;
using protocol::FileAnswer;
using protocol::FileEntry;
using protocol::FileRequest;
using protocol::FileVerb;

constexpr std::int64_t part_size = 256 * 1024;

constexpr std::size_t path_max = 4000;

// Where a call's files are: on a node, or, when that one is gone, among what was kept.
struct Place {
  PoolId pool;
  NodeId node;
  std::optional<protocol::RunKey> kept;
  std::optional<protocol::RunKey> saved;  // what may have been kept of a task whose node is there
  FileRequest request;
};

void ask(FilePort& port, const Place& place, FileRequest request, OnFile done) {
  if (place.kept)
    port.ask_kept(*place.kept, std::move(request), std::move(done));
  else
    port.ask(place.pool, place.node, std::move(request), std::move(done));
}

using OnFound = std::move_only_function<void(const Place& place, Result<FileAnswer> answer)>;

// A node that is there may have lost its files: it was reimaged, or deallocated. Then what was kept
// of them is looked at, and only when that says nothing, the node's word stands.
bool has_lost(const Result<FileAnswer>& answer) {
  return answer ? answer->error_code == "TaskFilesCleanedup"
                : answer.error().kind == Kind::conflict;
}
void look(FilePort& port, const Place& place, FileRequest request, OnFound found) {
  auto then = std::make_shared<OnFound>(std::move(found));
  ask(port, place, request, [&port, place, request, then](Result<FileAnswer> answer) {
    if (!place.saved || !has_lost(answer)) return (*then)(place, std::move(answer));
    Place saved = place;
    saved.kept = saved.saved;
    ask(port, saved, request, [place, saved, then, first = std::move(answer)](auto second) mutable {
      const bool tells =
          second && (second->error_code.empty() || second->error_code == "FileNotFound");
      tells ? (*then)(saved, std::move(second)) : (*then)(place, std::move(first));
    });
  });
}

std::string content_type(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  const std::string extension = dot == std::string_view::npos ? "" : fold(name.substr(dot));
  if (extension == ".txt" || extension == ".log" || extension == ".sh") return "text/plain";
  if (extension == ".json") return "application/json";
  if (extension == ".xml") return "text/xml";
  return extension == ".html" ? "text/html" : "application/octet-stream";
}

std::string mode_text(const FileEntry& entry) {
  return fmt::format("0o{:06o}", static_cast<unsigned>(entry.mode));
}

Error error_of(const FileAnswer& answer) {
  // An agent that says what the API has no word for is a fault of ours.
  const CodeFacts* const facts = facts_of_code(answer.error_code);
  return Error{.kind = facts != nullptr ? facts->kind : Kind::internal,
               .code = facts != nullptr ? answer.error_code : "InternalError",
               .message = answer.error_message,
               .details = {},
               .cause = answer.error_code + ": " + answer.error_message};
}

// A node that cannot be asked: of a task's files, that says where they are.
Error unreachable(const Call& call, Error error) {
  if (error.kind == Kind::conflict && call.operation->path.starts_with("/jobs/"))
    error.code = Code("TaskFilesUnavailable").text();
  return error;
}

struct Range {
  std::int64_t start = 0;
  std::int64_t end = INT64_MAX;  // inclusive
};

// ocp-range: bytes=a-b, a-, or -n.
Result<std::optional<Range>> parse_range(const HttpRequest& request, std::int64_t size) {
  std::string_view text = trim(request.header("ocp-range"));
  if (text.empty()) text = trim(request.header("Range"));
  if (text.empty()) return std::nullopt;
  const auto malformed = [&] {
    return refusal("InvalidHeaderValue",
                   fmt::format("The value for one of the HTTP headers is not in the correct "
                               "format: ocp-range is '{}'. Give bytes=FIRST-LAST.",
                               text),
                   {{"HeaderName", "ocp-range"}, {"HeaderValue", std::string(text)}});
  };
  if (!text.starts_with("bytes=")) return malformed();
  const std::string_view numbers = text.substr(6);
  const std::size_t dash = numbers.find('-');
  if (dash == std::string_view::npos) return malformed();
  const auto first = parse_integer(numbers.substr(0, dash));
  const auto last = parse_integer(numbers.substr(dash + 1));
  Range range;
  if (!first && last)
    range = {std::max<std::int64_t>(0, size - *last), size - 1};
  else if (first)
    range = {*first, last.value_or(size - 1)};
  else
    return malformed();
  range.end = std::min(range.end, size - 1);
  if (range.start >= size || range.start > range.end)
    return refusal(
        "InvalidRange",
        fmt::format("The range specified is invalid for the current size of the resource: '{}' of "
                    "{} bytes. It starts behind the end.",
                    text, size));
  return range;
}

std::vector<HttpHeader> file_headers(const Call& call, const FileEntry& entry) {
  std::vector<HttpHeader> headers{
      {"Content-Type", entry.directory ? "application/octet-stream" : content_type(entry.name)},
      {"Last-Modified", to_rfc1123(entry.modified)},
      {"ocp-batch-file-isdirectory", entry.directory ? "True" : "False"},
      {"ocp-batch-file-url",
       percent_encode(call.base_url() +
                      percent_decode(call.raw_path()).value_or(std::string(call.raw_path())))},
      {"ocp-batch-file-mode", mode_text(entry)}};
  if (entry.created != Time()) headers.push_back({"ocp-creation-time", to_rfc1123(entry.created)});
  return headers;
}

// A file that is read from its node while the caller takes it.
struct Reading {
  FilePort* port;
  Place place;
  std::int64_t next;
  std::int64_t end;  // exclusive
};

void read_part(const std::shared_ptr<Reading>& reading, BodyPart part) {
  if (reading->next >= reading->end) return part(std::string());
  FileRequest request = reading->place.request;
  request.verb = FileVerb::read;
  request.offset = reading->next;
  request.length = std::min(part_size, reading->end - reading->next);
  auto kept = std::make_shared<BodyPart>(std::move(part));
  ask(*reading->port, reading->place, std::move(request),
      [reading, kept](Result<FileAnswer> answer) {
        if (!answer) return (*kept)(std::unexpected(answer.error()));
        std::optional<std::string> bytes = base64_decode(answer->data_base64);
        if (!answer->error_code.empty() || !bytes || bytes->empty())
          return (*kept)(refusal("InternalError", "the file became shorter while it was read"));
        reading->next += static_cast<std::int64_t>(bytes->size());
        (*kept)(*std::move(bytes));
      });
}

bool is_task_file(const Call& call) {
  return call.operation->path.starts_with("/jobs/");
}

Result<Place> place_in_task(engine::StoreReader& store, const Call& call) {
  const std::optional<engine::Row> job =
      TRY(store.read({engine::EntityKind::job, "", call.parameters[0]}));
  if (!job) return refusal("JobNotFound", "The specified job does not exist.");
  const std::optional<engine::Row> row =
      TRY(store.read({engine::EntityKind::task, call.parameters[0], call.parameters[1]}));
  if (!row) return refusal("TaskNotFound", "The specified task does not exist.");
  const TaskStatus status = TRY(from_json<TaskStatus>(row->status));
  if (status.node.empty() || status.attempt == 0)
    return refusal("TaskFilesUnavailable",
                   "The files of the specified task are unavailable: it has not run on a node yet. "
                   "Wait until it is running.");
  Place place{.pool = status.pool, .node = status.node, .kept = {}, .saved = {}, .request = {}};
  const protocol::RunKey run{JobId::trusted(row->key.parent), TaskId::trusted(row->key.id),
                             status.attempt};
  if (status.state == TaskState::completed) place.saved = run;
  if (!TRY(store.read({engine::EntityKind::node, status.pool.text(), status.node.text()}))) {
    if (status.state != TaskState::completed)
      return refusal("TaskFilesUnavailable",
                     fmt::format("The files of the specified task are unavailable: its node {} was "
                                 "removed from the pool, and the task waits for another.",
                                 status.node.text()));
    place.kept = run;
  }
  place.request.job = run.job;
  place.request.task = run.task;
  return place;
}

// The path of a file as the caller gave it, decoded once. What cannot be below the directory does
// not get as far as a node, where the kernel would refuse it.
Result<std::string> path_of(std::string_view text) {
  while (text.ends_with('/')) text.remove_suffix(1);
  const std::vector<std::string_view> parts = split(text, '/');
  if (text.empty() || text.size() > path_max || !is_plain_utf8(text) || text.starts_with('/') ||
      std::ranges::find(parts, "..") != parts.end())
    return refusal("FileNotFound",
                   "The specified file does not exist: give its path relative to the directory, as "
                   "the list of files has it.");
  return std::string(text);
}

Result<Place> place_of(engine::StoreReader& store, const Call& call) {
  Place place;
  if (is_task_file(call)) {
    place = TRY(place_in_task(store, call));
  } else {
    if (!TRY(store.read({engine::EntityKind::pool, "", call.parameters[0]})))
      return refusal("PoolNotFound", "The specified pool does not exist.");
    if (!TRY(store.read({engine::EntityKind::node, call.parameters[0], call.parameters[1]})))
      return refusal("NodeNotFound", "The specified node does not exist.");
    place.pool = PoolId::trusted(call.parameters[0]);
    place.node = NodeId::trusted(call.parameters[1]);
  }
  if (call.parameters.size() > 2) place.request.path = TRY(path_of(call.parameters[2]));
  return place;
}

json::object file_entity(const FileEntry& entry, const std::string& url) {
  std::string whole = url;
  for (const std::string_view part : split(entry.name, '/')) whole += "/" + percent_encode(part);
  json::object file{{"name", entry.name}, {"url", whole}, {"isDirectory", entry.directory}};
  if (!entry.directory)
    file["properties"] = {{"lastModified", to_iso8601(entry.modified)},
                          {"contentLength", std::to_string(entry.size)},
                          {"contentType", content_type(entry.name)},
                          {"fileMode", mode_text(entry)}};
  return file;
}

struct Listing {
  Call call;
};

// The node gives a page of sorted names.
void answer_listing(Listing& listing, const FileAnswer& answer) {
  json::array values;
  const std::string url = listing.call.base_url() + std::string(listing.call.raw_path());
  for (const FileEntry& entry : answer.entries) values.push_back(file_entity(entry, url));
  const std::optional<std::string> next = answer.more && !answer.entries.empty()
                                              ? std::optional(answer.entries.back().name)
                                              : std::nullopt;
  answer_list(listing.call, "files", std::move(values), next);
}

// Files have no ETag: their time is all that conditions can be about.
Result<> check_file_conditions(const Call& call, const FileEntry& entry) {
  return check_conditions(TRY(parse_conditions(call.request)), 0, entry.modified);
}

}  // namespace

void Service::list_files(Call call) {
  auto listing = std::make_shared<Listing>();
  const auto prepare = [&]() -> Result<Place> {
    FileRequest request;
    request.verb = FileVerb::list;
    request.recursive = same_folded(call.query_value("recursive"), "true");
    request.limit = static_cast<std::int64_t>(TRY(page_size(call, 1000)));
    request.after = TRY(start_after(call));
    if (const std::string_view text = call.query_value("$filter"); !text.empty()) {
      const engine::FilterNode filter = TRY(parse_filter(text, file_fields()));
      if (filter.verb != engine::FilterVerb::starts_with)
        return refusal(
            "InvalidQueryParameterValue",
            "The value specified for one of the query parameters is invalid: $filter: files can be "
            "filtered by startswith(name,'…') only.",
            {{"QueryParameterName", "$filter"}, {"QueryParameterValue", std::string(text)}});
      request.prefix = std::get<std::string>(filter.literal);
    }
    if (!is_plain_utf8(request.after) || !is_plain_utf8(request.prefix))
      return refusal("InvalidQueryParameterValue",
                     "The value specified for one of the query parameters is invalid: $filter and "
                     "$skiptoken must be UTF-8.",
                     {{"QueryParameterName", "$filter"}});
    Place place = TRY(place_of(*ports_.store, call));
    request.job = place.request.job;
    request.task = place.request.task;
    place.request = std::move(request);
    return place;
  };
  Result<Place> place = prepare();
  if (!place) return answer_error(call, place.error());
  listing->call = std::move(call);
  look(*ports_.files, *place, place->request, [listing](const Place&, Result<FileAnswer> answer) {
    if (!answer) return answer_error(listing->call, unreachable(listing->call, answer.error()));
    if (!answer->error_code.empty()) return answer_error(listing->call, error_of(*answer));
    answer_listing(*listing, *answer);
  });
}

void Service::get_file(Call call) {
  const Result<Place> place = place_of(*ports_.store, call);
  if (!place) return answer_error(call, place.error());
  auto kept = std::make_shared<Call>(std::move(call));
  FileRequest properties = place->request;
  properties.verb = FileVerb::properties;
  look(*ports_.files, *place, std::move(properties),
       [kept, port = ports_.files](const Place& found, Result<FileAnswer> answer) {
         if (!answer) return answer_error(*kept, unreachable(*kept, answer.error()));
         if (!answer->error_code.empty() || answer->entries.empty())
           return answer_error(*kept, error_of(*answer));
         const FileEntry& entry = answer->entries.front();
         if (entry.directory)
           return answer_error(*kept, refusal("OperationInvalidForCurrentState",
                                              "The path names a directory; list its files instead.")
                                          .error());
         if (const Result<> met = check_file_conditions(*kept, entry); !met)
           return answer_error(*kept, met.error());
         const Result<std::optional<Range>> range = parse_range(kept->request, entry.size);
         if (!range) return answer_error(*kept, range.error());
         const Range whole{0, entry.size - 1};
         const Range wanted = range->value_or(whole);
         HttpResponse response;
         response.headers = file_headers(*kept, entry);
         if (entry.size > 0) {
           auto reading =
               std::make_shared<Reading>(Reading{port, found, wanted.start, wanted.end + 1});
           response.source_length = static_cast<std::uint64_t>(wanted.end + 1 - wanted.start);
           response.source = [reading](BodyPart part) { read_part(reading, std::move(part)); };
         }
         answer_bytes(*kept, std::move(response));
       });
}

void Service::file_properties(Call call) {
  const Result<Place> place = place_of(*ports_.store, call);
  if (!place) return answer_error(call, place.error());
  auto kept = std::make_shared<Call>(std::move(call));
  FileRequest properties = place->request;
  properties.verb = FileVerb::properties;
  look(*ports_.files, *place, std::move(properties),
       [kept](const Place&, Result<FileAnswer> answer) {
         if (!answer) return answer_error(*kept, unreachable(*kept, answer.error()));
         if (!answer->error_code.empty() || answer->entries.empty())
           return answer_error(*kept, error_of(*answer));
         const FileEntry& entry = answer->entries.front();
         if (const Result<> met = check_file_conditions(*kept, entry); !met)
           return answer_error(*kept, met.error());
         HttpResponse response;
         response.headers = file_headers(*kept, entry);
         // To a HEAD the carrier sends the length and no body.
         response.source_length = static_cast<std::uint64_t>(entry.directory ? 0 : entry.size);
         response.source = [](BodyPart part) { part(std::string()); };
         answer_bytes(*kept, std::move(response));
       });
}

void Service::delete_file(Call call) {
  Result<Place> place = place_of(*ports_.store, call);
  if (!place) return answer_error(call, place.error());
  place->request.verb = FileVerb::remove;
  place->request.recursive = same_folded(call.query_value("recursive"), "true");
  auto kept = std::make_shared<Call>(std::move(call));
  ask(*ports_.files, *place, place->request, [kept](Result<FileAnswer> answer) {
    if (!answer) return answer_error(*kept, unreachable(*kept, answer.error()));
    if (!answer->error_code.empty()) return answer_error(*kept, error_of(*answer));
    answer_empty(*kept, 200);
  });
}

}  // namespace batchyard::service
