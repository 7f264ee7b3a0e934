// Every exchange in tests/golden/arm/*.txt, in every api-version: what a request to the management
// plane is answered with. Behind its accounts are the real service and engine.
//
// A file is a story in an installation of its own: exchanges, separated by "====". An exchange is a
// request (verb and target, headers, a JSON body), four dashes, and the answer (status, headers,
// body). Lines that begin with '#' are for readers; lines that begin with '!' do something first:
// `! group NAME`, `! account NAME` (in the group lab, which is made if need be), `! as NAME ROLE
// [SCOPE]` (who asks from then on), `! nobody` (without a token), `! gone NAME` (the account's
// deletion is done), `! overtaken NAME` (somebody else writes the account first), `! data ACCOUNT
// VERB TARGET BODY` (a request to its data plane), `! nodes ACCOUNT POOL` (its nodes are made and
// join), `! taken-back ACCOUNT` (nodes that should go are gone), `! clock DURATION`, `! meanwhile
// ACCOUNT VERB TARGET BODY` (what somebody does on the data plane between the next request's
// reading and its writing), `! put-off` (what is put off waits from then on), `! errands` (it is
// done), `! no-storage ACCOUNT`, `! put ACCOUNT TEXT` (it is put where the last URL of a package to
// write was for), `! times N VERB TARGET BODY` (with '#' for 0, 1 and so on), `! since VERSION` (in
// older versions it would be another story).
// "${sub}" is the subscription's path, "${account NAME}" that of an account in the group lab,
// "${location}" where the last answer's Location points, "${etag}" the last answer's ETag,
// "${name}" the name of the first value in the last list.
//
// In the folder `errors` are the refusals, in short: "404 ResourceNotFound", the message, the
// target and the details; of successes, the status.
//
// The answer is compared in full in one version (`reference`), in the newest that has the operation
// where that one lacks it, or in the one that the target names; in the others the status and the
// error code. With BATCHYARD_REWRITE_GOLDEN=1 in the environment the answers are written anew.
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "api/operations.h"
#include "arm/codes.h"
#include "arm/planes_test.h"
#include "base/text.h"
#include "testing/golden_text.h"

namespace batchyard::arm {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using testing::golden::Exchange;

constexpr std::string_view reference = "2024-07-01";
const fs::path golden_folder = "tests/golden/arm";
const std::string golden_subscription = "/subscriptions/22222222-2222-2222-2222-222222222222";

std::string text_of_file(const fs::path& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// What was answered with success, by version, and which codes were told; looked at when all
// stories are told.
std::set<std::pair<api::ArmOperation, std::string>>& answered_operations() {
  static std::set<std::pair<api::ArmOperation, std::string>> all;
  return all;
}
std::set<std::string, std::less<>>& told_codes() {
  static std::set<std::string, std::less<>> all;
  return all;
}

bool has(const api::ArmOperationFacts& facts, std::string_view version) {
  return (facts.in & api::find_arm_version(version)->mask()) != 0;
}

struct ArmStory {
  std::string file;
  std::string version;
  bool is_short() const { return file.starts_with("errors/"); }
};

// The oldest version that a story is told in; empty: all of them.
std::string since_of(const std::string& story) {
  static const std::regex line("(?:^|\n)! since (\\S+)");
  std::smatch found;
  return std::regex_search(story, found, line) ? found[1].str() : std::string();
}

std::vector<ArmStory> arm_stories() {
  std::vector<std::string> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(golden_folder)) {
    if (entry.path().extension() == ".txt")
      files.push_back(fs::relative(entry.path(), golden_folder).string());
  }
  std::ranges::sort(files);
  std::vector<ArmStory> all;
  for (const std::string& file : files) {
    const std::string since = since_of(text_of_file(golden_folder / file));
    for (const api::VersionFacts& version : api::arm_versions()) {
      if (version.text >= since) all.push_back({file, std::string(version.text)});
    }
  }
  return all;
}

// What is another at every run becomes a star; the subscription is called what the files call it.
std::string steadied(std::string text) {
  static const std::pair<std::regex, const char*> changes[] = {
      {std::regex(R"(\\nRequestId:guid-\d+\\nTime:[-:.0-9TZ]+)"), "\\nRequestId:*\\nTime:*"},
      {std::regex(R"(guid-\d+)"), "*"},
      {std::regex(R"(secret-\d+)"), "secret-*"},
      {std::regex("8D[0-9A-F]{12}"), "8D*"},
      {std::regex(golden_subscription), "${sub}"}};
  for (const auto& [from, into] : changes) text = std::regex_replace(text, from, into);
  return text;
}

// {"error":{"code","message"[,"target"][,"details":[{"code","message"}…]]}} and nothing else.
bool is_arm_envelope(const json::value& body) {
  static const std::regex text(R"([^\n]+(\n[^\n]+)*\nRequestId:guid-\d+\nTime:\S+Z)");
  const json::object* whole = body.if_object();
  if (whole == nullptr || whole->size() != 1 || !whole->contains("error")) return false;
  const json::object& error = whole->at("error").as_object();
  if (!error.contains("code") || !error.contains("message")) return false;
  const json::value* details = error.if_contains("details");
  if (error.size() != 2u + (details != nullptr ? 1 : 0) + (error.contains("target") ? 1 : 0))
    return false;
  if (details != nullptr) {
    for (const json::value& one : details->as_array()) {
      const json::object& detail = one.as_object();
      if (detail.size() != 2 || !detail.contains("code") || !detail.contains("message"))
        return false;
    }
  }
  return std::regex_match(std::string(error.at("message").as_string()), text);
}

std::string in_short(const HttpResponse& response, const json::value& body) {
  if (response.status < 300 || body.is_null()) return std::to_string(response.status);
  if (!is_arm_envelope(body)) return steadied(testing::golden::text_of(response, body));
  const json::object& error = body.at("error").as_object();
  const std::string message(error.at("message").as_string());
  std::string text =
      fmt::format("{} {}\n{}", response.status, std::string_view(error.at("code").as_string()),
                  message.substr(0, message.rfind("\nRequestId:")));
  if (const json::value* target = error.if_contains("target"))
    text += fmt::format("\n  of {}", std::string_view(target->as_string()));
  if (const json::value* details = error.if_contains("details")) {
    for (const json::value& detail : details->as_array())
      text += fmt::format("\n  {}: {}", std::string_view(detail.at("code").as_string()),
                          std::string_view(detail.at("message").as_string()));
  }
  return steadied(std::move(text));
}

class ArmGolden : public PlanesTest, public ::testing::WithParamInterface<ArmStory> {
 protected:
  struct Said {
    std::string text;
    std::string kernel;  // what is the same in every version
  };

  void act(const std::string& line);
  void ask_elsewhere(const std::vector<std::string>& words, std::size_t at);
  std::string filled(std::string text) const;
  // Whether an answer has told what belongs into the text.
  bool fills(const std::string& text) const {
    return !(text.contains("${location}") && location_.empty()) &&
           !(text.contains("${name}") && name_.empty());
  }
  // The version that an exchange is compared in full in.
  static std::string reference_of(const api::ArmOperationFacts* facts);
  // Nothing when this version has no such operation.
  std::optional<Said> tell(const Exchange& exchange, const std::string& version);

  std::string location_, etag_, name_;
  bool nobody_ = false;
  bool lacking_ = false;  // the last operation is not in this version
};

std::string ArmGolden::filled(std::string text) const {
  static const std::regex hole(R"(\$\{(sub|location|etag|name|account ([^}]+))\})");
  std::string whole;
  std::smatch found;
  while (std::regex_search(text, found, hole)) {
    std::string value = golden_subscription;
    if (found[1] == "location") value = location_;
    if (found[1] == "etag") value = etag_;
    if (found[1] == "name") value = name_;
    if (found[2].matched) value += account_path(found[2]);
    whole += found.prefix().str() + value;
    text = found.suffix().str();
  }
  return whole + text;
}

// What is left of a line, its words joined again.
std::string rest_of(const std::vector<std::string>& words, std::size_t from) {
  std::string rest;
  for (std::size_t at = from; at < words.size(); ++at)
    rest += (rest.empty() ? "" : " ") + words[at];
  return rest;
}

void ArmGolden::act(const std::string& line) {
  std::vector<std::string> words;
  for (const std::string_view word : split(line, ' ')) words.emplace_back(word);
  const std::string& verb = words[0];
  if (verb == "group") {
    make_group(words.at(1));
  } else if (verb == "account") {
    if (in_subscription("HEAD", "/resourcegroups/lab").status == 404) make_group();
    make_account(words.at(1));
  } else if (verb == "as") {
    nobody_ = false;
    add_principal(words.at(1), role_named(words.at(2)).value(), words.size() > 3 ? words[3] : "/");
    use(words[1]);
  } else if (verb == "nobody") {
    nobody_ = true;
  } else if (verb == "overtaken") {
    registry_.meanwhile = [this, name = words.at(1)] {
      (void)registry_.put(**registry_.read(RecordKind::account, {}, name), {});
    };
  } else if (verb == "gone") {
    host_.removed(words.at(1));
  } else if (verb == "data") {
    EXPECT_EQ(ask_data(words.at(1), words.at(2), words.at(3), rest_of(words, 4)).status / 100, 2)
        << line;
  } else if (verb == "meanwhile") {
    yard(words.at(1)).meanwhile = [this, words] {
      EXPECT_EQ(ask_data(words.at(1), words.at(2), words.at(3), rest_of(words, 4)).status / 100, 2);
    };
  } else if (verb == "nodes") {
    bring_up(words.at(1), words.at(2));
  } else if (verb == "since") {
    return;  // see arm_stories
  } else if (verb == "no-storage") {
    host_.has_storage = false;
    yard(words.at(1)).storage.there = false;
  } else if (verb == "put") {
    yard(words.at(1)).storage.put(rest_of(words, 2));
  } else if (verb == "taken-back") {
    take_back(words.at(1));
  } else if (verb == "put-off") {
    runs_errands_ = false;
  } else if (verb == "errands") {
    run_errands();
  } else if (verb == "clock") {
    move_clock(*parse_duration(words.at(1)));
  } else if (verb == "times") {
    for (int at = 0; at < std::stoi(words.at(1)); ++at) {
      const std::string number = std::to_string(at);
      const std::string target =
          std::regex_replace(words.at(3), std::regex("#"), number) + "?api-version=2024-07-01";
      const std::string body = std::regex_replace(rest_of(words, 4), std::regex("#"), number);
      EXPECT_EQ(ask(words.at(2), target, body).status / 100, 2) << target;
    }
  } else {
    FAIL() << "unknown: ! " << line;
  }
}

std::string ArmGolden::reference_of(const api::ArmOperationFacts* facts) {
  std::string_view full = reference;
  if (facts == nullptr || has(*facts, reference)) return std::string(full);
  for (const api::VersionFacts& version : api::arm_versions())
    if (has(*facts, version.text)) full = version.text;
  return std::string(full);
}

std::optional<ArmGolden::Said> ArmGolden::tell(const Exchange& exchange,
                                               const std::string& version) {
  // Where that would go on, which this version does not have.
  if (lacking_ && exchange.target == "${location}") return std::nullopt;
  lacking_ = false;
  std::string target = filled(exchange.target);
  if (!target.contains("api-version="))
    target += fmt::format("{}api-version={}", target.contains('?') ? '&' : '?', version);
  const std::string spoken = testing::golden::version_in(target);
  const auto match = api::match_arm(exchange.verb, target.substr(0, target.find('?')));
  const api::ArmOperationFacts* facts = match ? match->facts : nullptr;
  std::vector<HttpHeader> headers = exchange.headers;
  for (HttpHeader& header : headers) header.value = filled(header.value);
  const std::string token = nobody_ ? std::exchange(token_, {}) : token_;
  const HttpResponse response = ask(exchange.verb, target, filled(exchange.body), headers);
  token_ = token;
  const json::value body = response.body.empty() ? json::value() : json_of(response);
  std::string code;
  if (response.status >= 400 && body.is_object() && body.get_object().contains("error"))
    code = std::string(code_of(response));
  told_codes().insert(code);
  const std::optional<api::Version> known = api::find_arm_version(spoken);
  if (facts != nullptr && known && (facts->in & known->mask()) == 0) {
    EXPECT_EQ(code, "InvalidResourceType") << facts->name << " is not in " << spoken;
    lacking_ = true;
    return std::nullopt;
  }
  if (facts != nullptr && known && response.status / 100 == 2)
    answered_operations().insert({facts->operation, spoken});
  if (!response.header("Location").empty()) location_ = place_in(response);
  if (!response.header("ETag").empty()) etag_ = response.header("ETag");
  boost::system::error_code none;
  if (const json::value* name = body.find_pointer("/value/0/name", none); name && name->is_string())
    name_ = name->get_string();
  const std::string kernel =
      std::to_string(response.status) + (code.empty() ? std::string() : " " + code);
  return Said{GetParam().is_short() ? in_short(response, body)
                                    : steadied(testing::golden::text_of(response, body)),
              kernel};
}

// The status and, of an error, its code, of an answer that is written down.
std::string kernel_in(const std::string& answer) {
  static const std::regex code(R"re("code": ?"([A-Za-z]+)")re");
  const std::string first = answer.substr(0, answer.find('\n'));
  std::smatch found;
  const bool full = first.size() == 3 && !first.starts_with("2");
  return full && std::regex_search(answer, found, code) ? first + " " + found[1].str() : first;
}

TEST_P(ArmGolden, Story) {
  const auto& [file, version] = GetParam();
  const bool rewrite = std::getenv("BATCHYARD_REWRITE_GOLDEN") != nullptr;
  std::vector<Exchange> exchanges = testing::golden::parse(text_of_file(golden_folder / file));
  ASSERT_FALSE(exchanges.empty());
  for (Exchange& exchange : exchanges) {
    for (const std::string& action : exchange.actions) act(filled(action));
    if (exchange.verb.empty()) continue;
    // What an operation would have told that this version does not have.
    if (!fills(exchange.target) && version != reference) continue;
    const std::string target = filled(exchange.target);
    const auto match = api::match_arm(exchange.verb, target.substr(0, target.find('?')));
    const std::string full = reference_of(match ? match->facts : nullptr);
    const bool in_full = version == full || exchange.target.contains("api-version=");
    if (rewrite && version == reference) {
      if (const std::optional<Said> said = tell(exchange, full)) exchange.answer = said->text;
      continue;
    }
    const std::optional<Said> said = tell(exchange, version);
    if (rewrite || !said) continue;
    if (in_full) {
      EXPECT_EQ(said->text, exchange.answer) << file << ": " << exchange.verb << " " << target;
    } else {
      EXPECT_EQ(said->kernel, kernel_in(exchange.answer))
          << file << ": " << exchange.verb << " " << target << "\n"
          << said->text;
    }
  }
  if (rewrite && version == reference)
    std::ofstream(golden_folder / file) << testing::golden::write(exchanges);
}

std::string arm_story_name(const ::testing::TestParamInfo<ArmStory>& story) {
  std::string name =
      story.param.file.substr(0, story.param.file.find('.')) + "_in_" + story.param.version;
  for (char& letter : name) {
    if (std::isalnum(static_cast<unsigned char>(letter)) == 0) letter = '_';
  }
  return name;
}
INSTANTIATE_TEST_SUITE_P(Arm, ArmGolden, ::testing::ValuesIn(arm_stories()), arm_story_name);

// When every story was told: each operation was answered in each version that has it, and each code
// was told.
class ArmCoverage : public ::testing::Environment {
  // There are none, whatever is asked.
  static bool asks_of_perimeters(api::ArmOperation operation) {
    return operation == api::ArmOperation::NetworkSecurityPerimeter_GetConfiguration ||
           operation == api::ArmOperation::NetworkSecurityPerimeter_ReconcileConfiguration;
  }

 public:
  void TearDown() override {
    const auto& unit = *::testing::UnitTest::GetInstance();
    if (unit.test_to_run_count() != unit.total_test_count()) return;  // some were left out
    for (const api::ArmOperationFacts& operation : api::arm_operations()) {
      if (asks_of_perimeters(operation.operation)) continue;
      for (const api::VersionFacts& version : api::arm_versions()) {
        if (!has(operation, version.text)) continue;
        EXPECT_TRUE(
            answered_operations().contains({operation.operation, std::string(version.text)}))
            << "no story in " << golden_folder << " has " << operation.name << " answered in "
            << version.text;
      }
    }
    for (const CodeFacts& code : codes) {
      EXPECT_TRUE(told_codes().contains(code.code))
          << "no story in " << golden_folder << " has anything refused with " << code.code;
    }
  }
};
const auto* const arm_coverage = ::testing::AddGlobalTestEnvironment(new ArmCoverage);

}  // namespace
}  // namespace batchyard::arm
