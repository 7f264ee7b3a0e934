// From a pool's spec: what its nodes are to have before anything runs on them.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>

#include "protocol/messages.h"

namespace batchyard::server {

// Accounts, mounts, and the names and visibility of the certificates.
protocol::SetUpNode set_up_of(const boost::json::object& pool_spec);
// The data of one, from its own spec.
void fill_certificate(const std::string& spec, protocol::Certificate& certificate);

}  // namespace batchyard::server
