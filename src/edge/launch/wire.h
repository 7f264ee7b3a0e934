// Frames between a launcher, its node's broker and the peer's broker: a letter, a length, bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace batchyard::edge {

enum class LaunchFrame : char {
  hello = 'H',    // launcher to broker: mark, secret, host, command; NUL between them
  open = 'A',     // broker to peer: mark, nonce
  answer = 'B',   // peer to broker: nonce, proof
  command = 'C',  // broker to peer: proof, command
  input = 'I',    // standard input; empty: its end
  output = 'O',
  error = 'E',
  signal = 'S',   // a number
  exit = 'X',     // a code
  failure = 'F',  // a sentence: nothing was run
};

struct LaunchMessage {
  LaunchFrame kind;
  std::string bytes;
};

inline constexpr std::size_t launch_frame_max = 1 << 20;

// Blocking; false when the other side is gone.
bool send_frame(int socket, LaunchFrame kind, std::string_view bytes);
std::optional<LaunchMessage> receive_frame(int socket);

// Writes everything; false when nobody reads any more.
bool write_whole(int descriptor, std::string_view bytes);

}  // namespace batchyard::edge
