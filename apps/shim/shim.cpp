// batchyard-shim: owns one process tree. It outlives the agent that started it: it waits for the
// command, kills what the command leaves behind, and keeps the exit code in a file until an agent
// asks. Small and static, since one exists for every running process.
//
//   batchyard-shim             is the shim for the order that comes over descriptor 3
//   batchyard-shim --server    makes a copy of itself, a shim, for each order that comes over the
//                              socket at descriptor 3: that costs less than starting a program
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "apps/shim/command.h"
#include "apps/shim/order.h"

namespace {

constexpr int order_fd = 3;
constexpr unsigned long clone_pidfd = 0x1000;  // CLONE_PIDFD

// 0 and the shim's pidfd, or the errno of a shim that could not be made.
void answer(int32_t error, int handle) {
  iovec part{&error, sizeof error};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof handle)] = {};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (error == 0) {
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof handle);
    memcpy(CMSG_DATA(header), &handle, sizeof handle);
  }
  while (sendmsg(order_fd, &message, MSG_NOSIGNAL) < 0 && errno == EINTR) {
  }
}

// The socket is let go of after the record exists: when the agent sees the socket's end, a shim
// that it has not been told of can be found by its record.
[[noreturn]] void be_shim(OrderBytes bytes) {
  signal(SIGCHLD, SIG_DFL);
  const Order order = order_in(bytes);
  const int record = open_record(order.record);
  close(order_fd);
  run(order, record);
  _exit(0);
}

// Ends with the agent, whose end of the socket closes then. The shims go on.
[[noreturn]] void serve() {
  setsid();
  signal(SIGCHLD, SIG_IGN);  // ended shims leave nothing
  for (OrderBytes order = receive_order(order_fd); order.at != nullptr;
       order = receive_order(order_fd)) {
    int handle = -1;
    const long shim = syscall(SYS_clone, clone_pidfd | SIGCHLD, nullptr, &handle, nullptr, nullptr);
    if (shim == 0) be_shim(order);
    answer(shim < 0 ? errno : 0, handle);
    if (shim > 0) close(handle);
    let_go(order);
  }
  _exit(0);
}

}  // namespace

int main(int count, char** arguments) {
  find_boot();
  if (count > 1 && strcmp(arguments[1], "--server") == 0) serve();
  const OrderBytes bytes = receive_order(order_fd);
  if (bytes.at == nullptr) _exit(120);
  close(order_fd);
  const Order order = order_in(bytes);
  run(order, open_record(order.record));
  _exit(0);
}
