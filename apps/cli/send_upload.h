// An archive on its way to the service, part by part, from a file or from a program that makes it.
#pragma once

#include <cstdio>
#include <string>

#include "apps/cli/api_client.h"

namespace batchyard::cli {

// The upload's name. What the service did not get for its own reasons is sent again; an upload that
// fails is given up.
Result<std::string> send_upload(ApiClient& api, std::FILE* from);

}  // namespace batchyard::cli
