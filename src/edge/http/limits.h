// How much a caller may make the sockets hold or wait. Each is a default of ServerOptions or a
// fixed bound.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace batchyard::edge {

using namespace std::chrono_literals;

inline constexpr std::uint64_t body_size_max = 4ULL
                                               << 20;  // 4 MiB: the service's limit for a request
inline constexpr std::uint32_t head_size_max = 64U << 10;
inline constexpr std::size_t connections_max_default = 10'000;

// A whole request head must arrive within this once its first byte did, so that a trickle cannot
// hold a connection.
inline constexpr std::chrono::milliseconds head_timeout_default = 15s;
// Bodies, ours and theirs, get this much plus a second for every `slowest_rate` bytes.
inline constexpr std::chrono::milliseconds transfer_timeout_default = 30s;
inline constexpr std::uint64_t slowest_rate = 32U << 10;
inline constexpr std::chrono::milliseconds idle_timeout_default = 120s;
inline constexpr std::chrono::milliseconds drain_timeout_default = 5s;

// What is read and thrown away of a body that was refused, so that its sender gets to read the
// answer.
inline constexpr std::uint64_t discarded_body_max = 64ULL << 20;
inline constexpr std::chrono::milliseconds discard_timeout = 10s;

inline constexpr std::size_t reason_phrase_max = 256;

inline constexpr std::uint64_t frame_size_max = 64ULL << 20;
inline constexpr std::uint64_t frames_queued_max = 256ULL << 20;  // bytes waiting in one channel
inline constexpr std::size_t frame_fragment = 64U << 10;
// A peer that is silent this long in spite of pings is dead.
inline constexpr std::chrono::milliseconds silence_max_default = 10s;

}  // namespace batchyard::edge
