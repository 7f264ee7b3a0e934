#include "base/http_status.h"

namespace batchyard {

int http_status(Kind kind) {
  switch (kind) {
    case Kind::invalid:
      return 400;
    case Kind::unauthenticated:
    case Kind::forbidden:
      return 403;
    case Kind::not_found:
      return 404;
    case Kind::bad_verb:
      return 405;
    case Kind::conflict:
      return 409;
    case Kind::unmet:
      return 412;
    case Kind::too_large:
      return 413;
    case Kind::bad_range:
      return 416;
    case Kind::busy:
      return 503;
    case Kind::internal:
      return 500;
  }
  return 500;
}

}  // namespace batchyard
