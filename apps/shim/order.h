// What a shim is told: texts that end in NUL, as edge/process/shim_order.h writes them.
#pragma once

struct Order {
  const char* record;     // the file <record>.run
  const char* directory;  // where the command starts
  const char* out;        // standard output; empty: descriptor 1 as it is
  const char* error;
  const char* network;  // a network namespace to enter; empty: none
  const char* view;     // a mount namespace to enter; empty: none
  const char* group;    // cgroup.procs of a group to join; empty: none
  long uid;
  long gid;
  long grace_ms;
  bool keeps_tree;  // what the command leaves behind goes on
  char** arguments;
  char** environment;
};

// The bytes of the next order that comes over a descriptor: their number (32 bits), then they. Null
// after the last one.
struct OrderBytes {
  char* at;
  unsigned size;
};
OrderBytes receive_order(int descriptor);
void let_go(OrderBytes bytes);

// Takes an order apart where it lies.
Order order_in(OrderBytes bytes);
