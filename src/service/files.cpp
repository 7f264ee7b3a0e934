// Files of tasks and nodes, read through the node's agent, part by part.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/described_json.h"
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

// Where a call's files are.
struct Place {
  PoolId pool;
  NodeId node;
  FileRequest request;
};

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
  const Kind kind = answer.error_code == "FileNotFound" || answer.error_code == "PathNotFound"
                        ? Kind::not_found
                    : answer.error_code == "InvalidRange"  ? Kind::bad_range
                    : answer.error_code == "InternalError" ? Kind::internal
                                                           : Kind::conflict;
  return Error{.kind = kind,
               .code = answer.error_code,
               .message = answer.error_message,
               .details = {},
               .cause = {}};
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
  const auto bad = [&](const char* reason) {
    return fail(Kind::bad_range, "InvalidRange",
                fmt::format("The range specified is invalid for the current size of the resource: "
                            "'{}' of {} bytes. {}",
                            text, size, reason));
  };
  if (!text.starts_with("bytes=")) return bad("Give bytes=FIRST-LAST.");
  const std::string_view numbers = text.substr(6);
  const std::size_t dash = numbers.find('-');
  if (dash == std::string_view::npos) return bad("Give bytes=FIRST-LAST.");
  const auto first = parse_integer(numbers.substr(0, dash));
  const auto last = parse_integer(numbers.substr(dash + 1));
  Range range;
  if (!first && last)
    range = {std::max<std::int64_t>(0, size - *last), size - 1};
  else if (first)
    range = {*first, last.value_or(size - 1)};
  else
    return bad("Give bytes=FIRST-LAST.");
  range.end = std::min(range.end, size - 1);
  if (range.start >= size || range.start > range.end) return bad("It starts behind the end.");
  return range;
}

std::vector<HttpHeader> file_headers(const Call& call, const FileEntry& entry) {
  std::vector<HttpHeader> headers{
      {"Content-Type", entry.directory ? "application/octet-stream" : content_type(entry.name)},
      {"Last-Modified", to_rfc1123(entry.modified)},
      {"ocp-batch-file-isdirectory", entry.directory ? "True" : "False"},
      {"ocp-batch-file-url", percent_encode(call.base_url() + std::string(call.raw_path()))},
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
  reading->port->ask(reading->place.pool, reading->place.node, std::move(request),
                     [reading, kept](Result<FileAnswer> answer) {
                       if (!answer) return (*kept)(std::unexpected(answer.error()));
                       std::optional<std::string> bytes = base64_decode(answer->data_base64);
                       if (!answer->error_code.empty() || !bytes || bytes->empty())
                         return (*kept)(fail(Kind::internal, "InternalError",
                                             "the file became shorter while it was read"));
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
  if (!job) return fail(Kind::not_found, "JobNotFound", "The specified job does not exist.");
  const std::optional<engine::Row> row =
      TRY(store.read({engine::EntityKind::task, call.parameters[0], call.parameters[1]}));
  if (!row) return fail(Kind::not_found, "TaskNotFound", "The specified task does not exist.");
  const TaskStatus status = TRY(from_json<TaskStatus>(row->status));
  if (status.node.empty() || status.attempt == 0)
    return fail(Kind::conflict, "TaskFilesUnavailable",
                "The files of the specified task are unavailable: it has not run on a node yet. "
                "Wait until it is running.");
  Place place{status.pool, status.node, {}};
  place.request.job = JobId::trusted(row->key.parent);
  place.request.task = TaskId::trusted(row->key.id);
  return place;
}

Result<Place> place_of(engine::StoreReader& store, const Call& call) {
  Place place;
  if (is_task_file(call)) {
    place = TRY(place_in_task(store, call));
    const std::optional<engine::Row> node =
        TRY(store.read({engine::EntityKind::node, place.pool.text(), place.node.text()}));
    if (!node)
      return fail(Kind::conflict, "TaskFilesUnavailable",
                  fmt::format("The files of the specified task are unavailable: its node {} was "
                              "removed from the pool.",
                              place.node.text()));
  } else {
    if (!TRY(store.read({engine::EntityKind::pool, "", call.parameters[0]})))
      return fail(Kind::not_found, "PoolNotFound", "The specified pool does not exist.");
    if (!TRY(store.read({engine::EntityKind::node, call.parameters[0], call.parameters[1]})))
      return fail(Kind::not_found, "NodeNotFound", "The specified node does not exist.");
    place.pool = PoolId::trusted(call.parameters[0]);
    place.node = NodeId::trusted(call.parameters[1]);
  }
  if (call.parameters.size() > 2) place.request.path = call.parameters[2];
  return place;
}

json::object file_entity(const FileEntry& entry, const std::string& url) {
  json::object file{
      {"name", entry.name}, {"url", url + "/" + entry.name}, {"isDirectory", entry.directory}};
  if (!entry.directory)
    file["properties"] = {{"lastModified", to_iso8601(entry.modified)},
                          {"contentLength", std::to_string(entry.size)},
                          {"contentType", content_type(entry.name)},
                          {"fileMode", mode_text(entry)}};
  return file;
}

struct Listing {
  Call call;
  std::size_t limit;
  std::string after;
  std::string start;  // of the names wanted
};

void answer_listing(Listing& listing, FileAnswer& answer) {
  std::ranges::sort(answer.entries, {}, &FileEntry::name);
  json::array values;
  std::optional<std::string> next;
  const std::string url = listing.call.base_url() + std::string(listing.call.raw_path());
  for (const FileEntry& entry : answer.entries) {
    if ((!listing.after.empty() && entry.name <= listing.after) ||
        !entry.name.starts_with(listing.start))
      continue;
    if (values.size() == listing.limit) {
      next = std::string(values.back().at("name").as_string());
      break;
    }
    values.push_back(file_entity(entry, url));
  }
  answer_list(listing.call, "files", std::move(values), next);
}

}  // namespace

void Service::list_files(Call call) {
  auto listing = std::make_shared<Listing>();
  const auto prepare = [&]() -> Result<Place> {
    listing->limit = TRY(page_size(call, 1000));
    listing->after = TRY(start_after(call));
    if (const std::string_view text = call.query_value("$filter"); !text.empty()) {
      const engine::FilterNode filter = TRY(parse_filter(text, file_fields()));
      if (filter.verb != engine::FilterVerb::starts_with)
        return fail(
            Kind::invalid, "InvalidQueryParameterValue",
            "The value specified for one of the query parameters is invalid: $filter: files can be "
            "filtered by startswith(name,'…') only.",
            {{"QueryParameterName", "$filter"}, {"QueryParameterValue", std::string(text)}});
      listing->start = std::get<std::string>(filter.literal);
    }
    Place place = TRY(place_of(*ports_.store, call));
    place.request.verb = FileVerb::list;
    place.request.recursive = same_folded(call.query_value("recursive"), "true");
    return place;
  };
  Result<Place> place = prepare();
  if (!place) return answer_error(call, place.error());
  listing->call = std::move(call);
  ports_.files->ask(place->pool, place->node, std::move(place->request),
                    [listing](Result<FileAnswer> answer) {
                      if (!answer) return answer_error(listing->call, answer.error());
                      if (!answer->error_code.empty())
                        return answer_error(listing->call, error_of(*answer));
                      answer_listing(*listing, *answer);
                    });
}

void Service::get_file(Call call) {
  const Result<Place> place = place_of(*ports_.store, call);
  if (!place) return answer_error(call, place.error());
  auto kept = std::make_shared<Call>(std::move(call));
  FileRequest properties = place->request;
  properties.verb = FileVerb::properties;
  ports_.files->ask(
      place->pool, place->node, std::move(properties),
      [kept, place = *place, port = ports_.files](Result<FileAnswer> answer) {
        if (!answer) return answer_error(*kept, answer.error());
        if (!answer->error_code.empty() || answer->entries.empty())
          return answer_error(*kept, error_of(*answer));
        const FileEntry& entry = answer->entries.front();
        if (entry.directory)
          return answer_error(*kept, fail(Kind::conflict, "OperationInvalidForCurrentState",
                                          "The path names a directory; list its files instead.")
                                         .error());
        const Result<Conditions> conditions = parse_conditions(kept->request);
        const Result<> met = conditions ? check_conditions(*conditions, 0, entry.modified)
                                        : std::unexpected(conditions.error());
        if (!met) return answer_error(*kept, met.error());
        const Result<std::optional<Range>> range = parse_range(kept->request, entry.size);
        if (!range) return answer_error(*kept, range.error());
        const Range whole{0, entry.size - 1};
        const Range wanted = range->value_or(whole);
        HttpResponse response;
        response.headers = file_headers(*kept, entry);
        if (entry.size > 0) {
          auto reading =
              std::make_shared<Reading>(Reading{port, place, wanted.start, wanted.end + 1});
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
  ports_.files->ask(
      place->pool, place->node, std::move(properties), [kept](Result<FileAnswer> answer) {
        if (!answer) return answer_error(*kept, answer.error());
        if (!answer->error_code.empty() || answer->entries.empty())
          return answer_error(*kept, error_of(*answer));
        const FileEntry& entry = answer->entries.front();
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
  ports_.files->ask(place->pool, place->node, std::move(place->request),
                    [kept](Result<FileAnswer> answer) {
                      if (!answer) return answer_error(*kept, answer.error());
                      if (!answer->error_code.empty())
                        return answer_error(*kept, error_of(*answer));
                      answer_empty(*kept, 200);
                    });
}

}  // namespace batchyard::service
