// Names made of other names, always the same ones: uniqueString() and guid().
#pragma once

#include <string>
#include <string_view>

namespace batchyard::templates {

// 13 letters and digits: Azure's own, so that a template names the same things here and there.
std::string unique_string(std::string_view text);
// A GUID of version 5 (RFC 4122) in Azure's namespace.
std::string name_guid(std::string_view text);

}  // namespace batchyard::templates
