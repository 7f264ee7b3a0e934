#include "body.h"
int main() {
  auto s = make_body(100, 0);
  fwrite(s.data(), 1, s.size(), stdout);
}
