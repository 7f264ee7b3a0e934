// An account's data plane, asked for JSON.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <functional>
#include <string>
#include <vector>

#include "arm/account_host.h"

namespace batchyard::arm {

// The body of an answer, empty when there is none; of a refusal, its code and words, without what
// its envelope adds. `target` is named where it says nothing.
Result<boost::json::object> body_of_answer(const HttpResponse& response, const std::string& target);

struct DataRequest {
  std::string method;
  std::string target;   // path and query without the version: "/pools?$select=id"
  std::string version;  // empty: the newest
  std::string body = {};
  std::vector<HttpHeader> headers = {};
};
// What it answers: an object, empty where there is no body. The error is the account's own.
using OnAnswer = std::move_only_function<void(Result<boost::json::object>)>;
void ask_data_plane(AccountHost& accounts, const std::string& account, DataRequest request,
                    OnAnswer done);

// The whole of a list, over all its pages. `target` is path and query without the version:
// "/pools?$select=id". The error is the account's own.
using OnList = std::move_only_function<void(Result<boost::json::array>)>;
void list_of(AccountHost& accounts, const std::string& account, std::string target, OnList done);

}  // namespace batchyard::arm
