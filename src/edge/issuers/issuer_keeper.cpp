#include "edge/issuers/issuer_keeper.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <fstream>
#include <sstream>

#include "edge/transfer/transfer.h"

namespace batchyard::edge {

namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr auto between_reads = 10min;
constexpr auto after_failure = 30s;
constexpr auto at_least_between = 1s;  // whatever tokens come

// `egress`: where it may lie; nothing: anywhere.
Result<std::string> text_at_url(const std::string& url, const std::string& ca_file, Halt& halt,
                                const Egress* egress) {
  Transfer transfer(ca_file);
  const TransferAnswer answer = transfer.perform({.url = url, .egress = egress}, halt);
  if (answer.good()) return answer.text;
  return fail(Kind::busy, "IssuerUnreachable", fmt::format("{}: {}", url, answer.in_words()));
}

std::string word_in(const std::string& text, std::string_view name) {
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  const json::object* object = error ? nullptr : value.if_object();
  const json::value* word = object == nullptr ? nullptr : object->if_contains(name);
  return word != nullptr && word->is_string() ? std::string(word->get_string()) : std::string();
}

std::string_view host_of(std::string_view url) {
  url.remove_prefix(std::min(url.size(), url.find("://") + 3));
  return url.substr(0, url.find_first_of("/?#"));
}

std::string bare(std::string_view url) {
  while (url.ends_with('/')) url.remove_suffix(1);
  return std::string(url);
}

}  // namespace

IssuerKeeper::IssuerKeeper(identity::Issuer own, std::vector<TrustedIssuer> trusted)
    : own_(std::move(own)),
      trusted_(std::move(trusted)),
      issuers_(std::make_shared<const std::vector<identity::Issuer>>(
          std::vector<identity::Issuer>{own_})) {}

IssuerKeeper::~IssuerKeeper() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  halt_.set();
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

std::vector<std::string> IssuerKeeper::start() {
  if (trusted_.empty()) return {};
  std::vector<std::string> notices = read_all();
  thread_ = std::thread([this, failed = !notices.empty()] { keep(failed); });
  return notices;
}

std::shared_ptr<const std::vector<identity::Issuer>> IssuerKeeper::issuers() const {
  const std::lock_guard lock(mutex_);
  return issuers_;
}

void IssuerKeeper::look_again() {
  {
    const std::lock_guard lock(mutex_);
    asked_ = true;
  }
  changed_.notify_all();
}

Result<std::string> IssuerKeeper::keys_of(const TrustedIssuer& issuer) const {
  if (!issuer.keys_file.empty()) {
    std::ifstream file(issuer.keys_file, std::ios::binary);
    std::ostringstream text;
    if (file && text << file.rdbuf()) return text.str();
    return fail(Kind::invalid, "IssuerUnreachable",
                fmt::format("{} cannot be read", issuer.keys_file));
  }
  const std::string place = bare(issuer.name) + "/.well-known/openid-configuration";
  const std::string facts = TRY(text_at_url(place, issuer.ca_file, halt_, nullptr));
  // Otherwise one issuer could speak for another.
  if (const std::string name = word_in(facts, "issuer"); name != issuer.name)
    return fail(Kind::invalid, "IssuerUnreachable",
                fmt::format("{} tells of the issuer '{}': give exactly that name", place, name));
  const std::string keys = word_in(facts, "jwks_uri");
  if (!keys.starts_with("https://") && !issuer.name.starts_with("http://"))
    return fail(Kind::invalid, "IssuerUnreachable",
                fmt::format("{} has its keys at '{}', which is no https URL", place, keys));
  // The operator has named the issuer; where else it sends us is its own word.
  const Egress public_ones;
  return text_at_url(keys, issuer.ca_file, halt_,
                     host_of(keys) == host_of(issuer.name) ? nullptr : &public_ones);
}

// The keys that were there stay where new ones cannot be read.
std::vector<std::string> IssuerKeeper::read_all() {
  const std::shared_ptr<const std::vector<identity::Issuer>> before = issuers();
  std::vector<identity::Issuer> read{own_};
  std::vector<std::string> notices;
  for (const TrustedIssuer& trusted : trusted_) {
    const auto open = [&]() -> Result<identity::Issuer> {
      return identity::Issuer::open(trusted.name, TRY(keys_of(trusted)), trusted.audiences);
    };
    Result<identity::Issuer> issuer = open();
    if (issuer) {
      read.push_back(*std::move(issuer));
      continue;
    }
    notices.push_back(fmt::format("The keys of the issuer {} cannot be had: {}.", trusted.name,
                                  issuer.error().message));
    const auto old = std::ranges::find(*before, trusted.name, &identity::Issuer::name);
    if (old != before->end()) read.push_back(*old);
  }
  const std::lock_guard lock(mutex_);
  issuers_ = std::make_shared<const std::vector<identity::Issuer>>(std::move(read));
  return notices;
}

void IssuerKeeper::keep(bool failed) {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      // However often it is asked, issuers are not flooded.
      if (changed_.wait_for(lock, at_least_between, [this] { return ending_; })) return;
      const auto pause = failed ? std::chrono::seconds(after_failure) : between_reads;
      changed_.wait_for(lock, pause, [this] { return ending_ || asked_; });
      if (ending_) return;
      asked_ = false;
    }
    failed = !read_all().empty();
  }
}

}  // namespace batchyard::edge
