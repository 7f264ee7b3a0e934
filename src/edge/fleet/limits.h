// The bounds of the local fleet.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace batchyard::fleet {

// Each pool has a /22 of 10.64.0.0/10 (127.64.0.0/10 without namespaces). As on Azure the first
// node's address ends in .4.
inline constexpr int subnet_prefix = 22;
inline constexpr std::uint32_t subnet_size = 1u << (32 - subnet_prefix);
inline constexpr std::uint32_t pools_max = 4096;
inline constexpr std::uint32_t first_host = 4;
// A Linux bridge has 1024 ports; the last addresses of the subnet stay free.
inline constexpr std::uint32_t last_host = 1003;

// A node that neither reports nor dies while it is being built.
inline constexpr std::chrono::seconds build_time_max{60};
// Without namespaces: how long a node's first process may take to end its tree before it is killed.
inline constexpr std::chrono::seconds end_time_max{5};

// An agent that dies is started again after this, doubled each time, until it has lived for
// `agent_steady`.
inline constexpr std::chrono::milliseconds agent_backoff_min{100};
inline constexpr std::chrono::milliseconds agent_backoff_max{10000};
inline constexpr std::chrono::seconds agent_steady{10};
// The agent's log is set aside (one older copy is kept) when it is longer than this at a start.
inline constexpr std::int64_t agent_log_max = 8 << 20;

// What a node may say about why it could not be built.
inline constexpr std::size_t report_length_max = 4096;

}  // namespace batchyard::fleet
