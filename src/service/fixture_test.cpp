#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "service/service_test.h"

namespace batchyard::service {

namespace json = boost::json;

void FakeFiles::add(std::string name, std::string text) {
  protocol::FileEntry entry{.name = std::move(name),
                            .directory = false,
                            .size = static_cast<std::int64_t>(text.size()),
                            .mode = 0100644,
                            .modified = {},
                            .created = {}};
  files.push_back({std::move(entry), std::move(text)});
}

void FakeFiles::ask(const PoolId&, const NodeId&, protocol::FileRequest request, OnFile done) {
  asked.push_back(request);
  if (!reachable)
    return done(fail(Kind::conflict, "OperationInvalidForCurrentState", "The node has no link."));
  protocol::FileAnswer answer;
  std::ranges::sort(files, {}, [](const File& file) { return file.entry.name; });
  for (const File& file : files) {
    const std::string& name = file.entry.name;
    const bool list = request.verb == protocol::FileVerb::list;
    if (list ? name <= request.after || !name.starts_with(request.prefix) : name != request.path)
      continue;
    answer.more = list && static_cast<std::int64_t>(answer.entries.size()) == request.limit;
    if (answer.more) break;
    answer.entries.push_back(file.entry);
    if (request.verb == protocol::FileVerb::read)
      answer.data_base64 = base64_encode(std::string_view(file.text).substr(
          static_cast<std::size_t>(request.offset), static_cast<std::size_t>(request.length)));
  }
  if (answer.entries.empty() && request.verb != protocol::FileVerb::list &&
      request.verb != protocol::FileVerb::upload_logs) {
    answer.error_code = "FileNotFound";
    answer.error_message = "The specified file does not exist.";
  }
  if (!error_code.empty()) {
    answer.error_code = error_code;
    answer.error_message = "What the agent says.";
  }
  done(std::move(answer));
}

ServiceTest::ServiceTest()
    : service_(account_,
               {.inbox = this,
                .store = &bench_.store,
                .files = &files_,
                .now = [this] { return bench_.now; },
                .new_request_id =
                    [this] { return fmt::format("00000000-0000-4000-8000-{:012}", ++requests_); },
                .bell = &bell_,
                .clock = [this]() -> ClockPort& { return clock_; },
                .hash_password = [](const std::string&) { return std::string("$6$hash"); },
                .storage = {.own_url = "https://own.example/acc"},
                .catalogue = &catalogue_,
                .packages = &packages_,
                .package_storage = &package_storage_,
                .images = &images_,
                .handlers = &handlers_,
                .node_token = [](const PoolId& pool,
                                 const NodeId& node) { return pool.text() + "-" + node.text(); },
                .rights = [this](std::string_view token) { return rights_(token); }}) {}

std::string ServiceTest::Answer::text(std::string_view pointer) const {
  boost::system::error_code error;
  const json::value* found = body.find_pointer(pointer, error);
  if (found == nullptr) return "(absent)";
  return found->is_string() ? std::string(found->get_string()) : json::serialize(*found);
}

std::string ServiceTest::Answer::code() const {
  return text("/code");
}
std::string ServiceTest::Answer::message() const {
  return text("/message/value");
}

std::string ServiceTest::Answer::detail(std::string_view key) const {
  if (!body.is_object() || !body.get_object().contains("values")) return "(absent)";
  for (const json::value& value : body.at("values").as_array()) {
    if (value.at("key").as_string() == key) return std::string(value.at("value").as_string());
  }
  return "(absent)";
}

std::vector<std::string> ServiceTest::Answer::ids() const {
  std::vector<std::string> ids;
  for (const json::value& value : body.at("value").as_array())
    ids.emplace_back(value.at("id").as_string());
  return ids;
}

HttpRequest ServiceTest::request(std::string method, std::string target, std::string body,
                                 std::vector<HttpHeader> headers) {
  HttpRequest request;
  request.method = std::move(method);
  request.target = std::move(target);
  request.headers = std::move(headers);
  request.body = std::move(body);
  request.host = "yard.example";
  if (!request.body.empty()) {
    request.headers.push_back({"Content-Length", std::to_string(request.body.size())});
    if (request.header("Content-Type").empty())
      request.headers.push_back({"Content-Type", "application/json; odata=minimalmetadata"});
  }
  return request;
}

ServiceTest::Answer ServiceTest::send(std::string method, std::string target, std::string body,
                                      std::vector<HttpHeader> headers) {
  if (target.find("api-version=") == std::string::npos)
    target += (target.find('?') == std::string::npos ? "?" : "&") +
              std::string("api-version=2024-07-01.20.0");
  HttpRequest made =
      request(std::move(method), std::move(target), std::move(body), std::move(headers));
  sign(account_, made, bench_.now);
  return handle(std::move(made));
}

ServiceTest::Answer ServiceTest::handle(HttpRequest request) {
  Answer answer;
  int answers = 0;
  service_.handle(std::move(request), [&](HttpResponse response) {
    ++answers;
    answer.response = std::move(response);
  });
  EXPECT_EQ(answers, 1);
  answer.status = answer.response.status;
  const std::string type = answer.header("Content-Type");
  if (type.starts_with("application/json") && !answer.response.source)
    answer.body = json::parse(answer.response.body);
  return answer;
}

void ServiceTest::add_pool(const std::string& id, int nodes, const std::string& more) {
  const Answer added =
      post("/pools", fmt::format(R"({{"id":"{}","vmSize":"STANDARD_H16r","targetDedicatedNodes":{},
      "virtualMachineConfiguration":{{"imageReference":{{"publisher":"OpenLogic","offer":"CentOS-HPC","sku":"7.4"}},
      "nodeAgentSKUId":"batch.node.centos 7"}}{}}})",
                                 id, nodes, more));
  ASSERT_EQ(added.status, 201) << added.response.body;
  for (const engine::WantNode& wanted : bench_.take<engine::WantNode>()) {
    bench_.make(id, wanted.order.node);
    bench_.join(id, wanted.order.node);
  }
}

void ServiceTest::add_application(const std::string& id, const std::string& version) {
  const ApplicationId application = ApplicationId::trusted(id);
  const PackageVersion of = PackageVersion::trusted(version);
  (void)bench_.run(engine::SetApplication{.id = application, .add = true});
  ASSERT_TRUE(bench_.run(engine::StorePackage{application, of, {id + version, 1, "digest"}}));
  ASSERT_TRUE(bench_.run(engine::ActivatePackage{application, of, "zip"}));
  ASSERT_TRUE(bench_.run(engine::SetApplication{.id = application, .default_version = of}));
}

void ServiceTest::add_job(const std::string& id, const std::string& pool, const std::string& more) {
  const Answer added =
      post("/jobs", fmt::format(R"({{"id":"{}","poolInfo":{{"poolId":"{}"}}{}}})", id, pool, more));
  ASSERT_EQ(added.status, 201) << added.response.body;
}

}  // namespace batchyard::service
