// Exchanges as text, for the golden tests of both planes: how they are read, and how an answer is
// written so that it says the same at every run.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <vector>

#include "base/http_message.h"

namespace batchyard::testing::golden {

struct Exchange {
  std::string head;  // everything before the dashes, as it is written
  std::vector<std::string> actions;
  std::string verb;  // empty: only actions
  std::string target;
  std::vector<HttpHeader> headers;
  std::string body;
  std::string answer;
};

std::vector<Exchange> parse(const std::string& text);
std::string write(const std::vector<Exchange>& exchanges);

// The api-version in a target; empty when it names none.
std::string version_in(const std::string& target);

// Status, the headers that clients go by, and the body with one member a line. ETags, request ids
// and the time in error messages become stars.
std::string text_of(const HttpResponse& response, const boost::json::value& body);
// A refusal in short: "404 PoolNotFound", its message, its details one a line. An envelope that
// differs from the contract's is written in full instead; so is a success, of which the status is
// enough.
std::string short_answer(const HttpResponse& response, const boost::json::value& body);
// The status and, of an error, its code: what is the same in every version.
std::string short_text(const std::string& answer);

}  // namespace batchyard::testing::golden
