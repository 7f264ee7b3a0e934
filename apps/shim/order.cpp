#include "apps/shim/order.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

namespace {

constexpr unsigned order_max = 4u << 20;
// Nearly every order is this small; only larger ones take memory of their own, since each page that
// a process touches costs more than the system calls around it.
constexpr unsigned order_usual = 32u << 10;
constexpr long words_usual = 512;

char usual[order_usual];
char* words[words_usual];
long words_taken = 0;
char* cursor = nullptr;
char* order_end = nullptr;

const char* next_text() {
  const char* text = cursor;
  if (cursor >= order_end) _exit(120);
  cursor += strlen(cursor) + 1;
  return text;
}

void* more_memory(unsigned long bytes) {
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) _exit(120);
  return memory;
}

char** next_list() {
  const long count = atol(next_text());
  char** list = words + words_taken;
  if (count < words_usual - words_taken)
    words_taken += count + 1;
  else
    list = static_cast<char**>(more_memory(sizeof(char*) * static_cast<unsigned long>(count + 1)));
  for (long at = 0; at < count; ++at) list[at] = const_cast<char*>(next_text());
  list[count] = nullptr;
  return list;
}

bool receive(int descriptor, char* bytes, unsigned long size) {
  while (size > 0) {
    const ssize_t got = read(descriptor, bytes, size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    bytes += got;
    size -= static_cast<unsigned long>(got);
  }
  return true;
}

}  // namespace

OrderBytes receive_order(int descriptor) {
  OrderBytes order{nullptr, 0};
  if (!receive(descriptor, reinterpret_cast<char*>(&order.size), sizeof order.size)) return order;
  if (order.size > order_max) _exit(120);
  order.at = order.size < order_usual ? usual : static_cast<char*>(more_memory(order.size + 1));
  if (!receive(descriptor, order.at, order.size)) order.at = nullptr;
  return order;
}

void let_go(OrderBytes bytes) {
  if (bytes.at != usual) munmap(bytes.at, bytes.size + 1);
}

Order order_in(OrderBytes bytes) {
  cursor = bytes.at;
  order_end = bytes.at + bytes.size;
  *order_end = 0;
  Order order{};
  order.record = next_text();
  order.directory = next_text();
  order.out = next_text();
  order.error = next_text();
  order.network = next_text();
  order.view = next_text();
  order.group = next_text();
  order.uid = atol(next_text());
  order.gid = atol(next_text());
  order.grace_ms = atol(next_text());
  order.keeps_tree = *next_text() == '1';
  order.arguments = next_list();
  order.environment = next_list();
  return order;
}
