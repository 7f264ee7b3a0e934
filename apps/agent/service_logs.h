// What an agent has said goes to a container that a user names (UploadBatchServiceLogs).
#pragma once

#include <string>

#include "protocol/messages.h"

namespace batchyard::agent {

// The answer's entries are the files that were sent; nothing was written in that time: none.
// FileUpload… codes of edge/upload.
protocol::FileAnswer upload_service_logs(const protocol::FileRequest& request,
                                         const std::string& ca_file);

}  // namespace batchyard::agent
