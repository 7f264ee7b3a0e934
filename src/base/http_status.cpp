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

Kind kind_of_status(int status) {
  for (const Kind kind : {Kind::forbidden, Kind::not_found, Kind::bad_verb, Kind::conflict,
                          Kind::unmet, Kind::too_large, Kind::bad_range, Kind::busy}) {
    if (http_status(kind) == status) return kind;
  }
  return status >= 500 ? Kind::internal : Kind::invalid;
}

}  // namespace batchyard
