// GET /batchyard/events: every change as a stream of server-sent events (docs/events.md). A reader
// is fed from the store, part by part as fast as it reads; while there is nothing for it, it waits
// for the bell and costs no thread.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/error_codes.h"
#include "base/text.h"
#include "service/service.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;

constexpr int followers_max = 1000;
constexpr Duration heartbeat = std::chrono::seconds(15);
constexpr std::string_view known_parameters =
    ",after,entity,kind,job,pool,follow,api-version,timeout,client-request-id,";

struct Follower {
  engine::StoreReader* store = nullptr;
  CommitBell* bell = nullptr;
  engine::EventQuery query;
  bool follow = true;
  bool greeted = false;
  bool ended = false;
  std::shared_ptr<std::atomic<int>> followers;
  ~Follower() { --*followers; }
};

// "task/j1/t1" as members that clients need not take apart.
void name_entity(json::object& data, std::string_view entity) {
  const std::vector<std::string_view> parts = split(entity, '/');
  data["kind"] = parts.front();
  if (parts.size() == 3)
    data[parts.front() == "node"      ? "poolId"
         : parts.front() == "package" ? "applicationId"
                                      : "jobId"] = parts[1];
  data["id"] = parts.back();
}

std::string text_of(const engine::EventRecord& event) {
  json::object data{{"time", to_iso8601(event.when)}, {"entity", event.entity}};
  name_entity(data, event.entity);
  data["what"] = event.what;
  if (!event.state.empty()) data["state"] = event.state;
  if (!event.previous.empty()) data["previousState"] = event.previous;
  if (!event.detail.empty()) data["detail"] = event.detail;
  if (!event.by.empty()) data["by"] = event.by;
  if (event.version != 0) {
    data["version"] = event.version;
    data["eTag"] = etag_of(event.version);
  }
  return fmt::format("id: {}\nevent: {}\ndata: {}\n\n", event.number, event.what,
                     json::serialize(data));
}

// An event without data moves the reader's position and nothing else.
std::string position_text(std::string_view comment, std::int64_t position) {
  return fmt::format(": {}\nid: {}\n\n", comment, position);
}

std::string trimmed_text(std::int64_t oldest) {
  const json::object data{
      {"oldest", oldest},
      {"message", fmt::format("Events before {} are not kept any more. Read the state anew, then "
                              "follow from there.",
                              oldest)}};
  return fmt::format("event: EventsTrimmed\ndata: {}\n\n", json::serialize(data));
}

void next_part(const std::shared_ptr<Follower>& follower, BodyPart part);

void wait_for_more(const std::shared_ptr<Follower>& follower, std::uint64_t seen, BodyPart part) {
  follower->bell->wait(seen, heartbeat, [follower, part = std::move(part)](Woken why) mutable {
    if (why == Woken::rung) return next_part(follower, std::move(part));
    if (why == Woken::ending) return part(std::string());
    part(position_text("heartbeat", follower->query.after));
  });
}

void next_part(const std::shared_ptr<Follower>& follower, BodyPart part) {
  if (follower->ended) return part(std::string());
  if (!std::exchange(follower->greeted, true)) return part("retry: 1000\n\n");
  const std::uint64_t seen = follower->bell->rung();
  const Result<engine::EventPage> page = follower->store->events_after(follower->query);
  if (!page) return part(std::unexpected(page.error()));
  if (follower->query.after + 1 < page->oldest) {
    follower->ended = true;
    return part(trimmed_text(page->oldest));
  }
  follower->query.after = page->seen;
  std::string text;
  for (const engine::EventRecord& event : page->events) text += text_of(event);
  if (!text.empty()) return part(std::move(text));
  // Nothing for this reader in what was looked at, but there is more to look at.
  if (page->seen < page->newest) return part(position_text("passed", page->seen));
  if (!follower->follow) return part(std::string());
  wait_for_more(follower, seen, std::move(part));
}

std::unexpected<Error> bad_parameter(std::string_view name, std::string_view value,
                                     std::string_view cure) {
  return refusal(
      "InvalidQueryParameterValue",
      fmt::format("The value specified for one of the query parameters is invalid: {} is "
                  "'{}'. {}",
                  name, value, cure),
      {{"QueryParameterName", std::string(name)},
       {"QueryParameterValue", std::string(value)},
       {"Reason", std::string(cure)}});
}

Result<> check_parameters(const Call& call) {
  for (const auto& [name, value] : call.query) {
    if (known_parameters.find("," + name + ",") == std::string_view::npos)
      return refusal("UnsupportedQueryParameter",
                     fmt::format("One of the query parameters specified in the request URI is not "
                                 "supported: {}. Events take after, entity, kind, job, pool and "
                                 "follow.",
                                 name),
                     {{"QueryParameterName", name}, {"QueryParameterValue", value}});
  }
  return Done();
}

// What the filters ask for together; `kind` narrows the others.
Result<std::vector<std::string>> wanted_entities(const Call& call) {
  static constexpr std::string_view lists =
      "pool, node, job, task, schedule, certificate, preparation, application or package";
  std::vector<std::string> wanted;
  if (const std::string_view entity = call.query_value("entity"); !entity.empty()) {
    const std::size_t parts = split(entity, '/').size();
    if (parts < 2 || parts > 3)
      return bad_parameter("entity", entity, "Give KIND/ID, or KIND/PARENT/ID: task/job1/task1");
    wanted.emplace_back(entity);
  }
  if (const std::string_view job = call.query_value("job"); !job.empty())
    for (const std::string_view name : {"job/{}", "task/{}/", "preparation/{}/"})
      wanted.push_back(fmt::format(fmt::runtime(name), job));
  if (const std::string_view pool = call.query_value("pool"); !pool.empty())
    for (const std::string_view name : {"pool/{}", "node/{}/"})
      wanted.push_back(fmt::format(fmt::runtime(name), pool));
  const std::string kind = fold(call.query_value("kind"));
  if (kind.empty()) return wanted;
  if (std::ranges::none_of(engine::entity_kinds,
                           [&](engine::EntityKind one) { return engine::word_of(one) == kind; }))
    return bad_parameter("kind", kind, fmt::format("Give {}", lists));
  if (wanted.empty()) return std::vector<std::string>{kind + "/"};
  std::erase_if(wanted, [&](const std::string& name) { return !name.starts_with(kind + "/"); });
  if (wanted.empty())
    return bad_parameter("kind", kind, "No event of this kind is among the others asked for");
  return wanted;
}

// Where the caller wants to go on: nothing for "from now on".
Result<std::optional<std::int64_t>> wanted_position(const Call& call) {
  std::string_view text = trim(call.request.header("Last-Event-ID"));
  if (text.empty()) text = call.query_value("after");
  if (text.empty()) return std::nullopt;
  const std::optional<std::int64_t> position = parse_integer(text);
  if (!position || *position < 0)
    return bad_parameter("after", text, "Give the id of an event, or 0 for all that are kept");
  return position;
}

struct Start {
  engine::EventQuery query;
  std::int64_t oldest = 0;
  std::int64_t newest = 0;
};

Result<Start> start_of(const Call& call, engine::StoreReader& store) {
  TRY(check_parameters(call));
  Start start;
  start.query.entities = TRY(wanted_entities(call));
  const std::optional<std::int64_t> position = TRY(wanted_position(call));
  const engine::EventPage ends = TRY(store.events_after({.after = 0, .entities = {}, .limit = 0}));
  start.oldest = ends.oldest;
  start.newest = ends.newest;
  start.query.after = position.value_or(ends.newest);
  if (start.query.after == 0) start.query.after = ends.oldest - 1;
  if (start.query.after > ends.newest)
    return bad_parameter("after", std::to_string(start.query.after),
                         fmt::format("The newest event is {}: was the position taken from "
                                     "another service?",
                                     ends.newest));
  return start;
}

}  // namespace

void Service::follow_events(Call call) {
  const Result<Start> start = start_of(call, *ports_.store);
  if (!start) return answer_error(call, start.error());
  if (start->query.after + 1 < start->oldest) {
    const Error trimmed{
        .kind = Kind::conflict,
        .code = "EventsTrimmed",
        .message = fmt::format("Events before {} are not kept any more; {} was asked for. Read the "
                               "state anew, then follow after {}.",
                               start->oldest, start->query.after + 1, start->newest),
        .details = {{"Oldest", std::to_string(start->oldest)},
                    {"Newest", std::to_string(start->newest)}},
        .cause = {}};
    HttpResponse gone = error_response(call.request, trimmed, call.request_id, call.now);
    gone.status = 410;
    return call.reply(std::move(gone));
  }
  if (followers_->fetch_add(1) >= followers_max) {
    --*followers_;
    return answer_error(
        call,
        refusal("ServerBusy", fmt::format("{} readers follow the events already. Try again later.",
                                          followers_max))
            .error());
  }
  auto follower = std::make_shared<Follower>();
  follower->store = ports_.store;
  follower->bell = ports_.bell;
  follower->query = start->query;
  follower->follow = call.query_value("follow") != "false";
  follower->followers = followers_;
  HttpResponse response;
  response.headers = {{"Content-Type", "text/event-stream"},
                      {"Cache-Control", "no-store"},
                      {"Batchyard-Newest-Event", std::to_string(start->newest)}};
  response.source = [follower](BodyPart part) { next_part(follower, std::move(part)); };
  response.source_length = unknown_length;
  answer_bytes(call, std::move(response));
}

}  // namespace batchyard::service
