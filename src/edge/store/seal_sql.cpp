#include "edge/store/seal_sql.h"

#include "base/text.h"

namespace batchyard::edge {

namespace {

using Kept = std::shared_ptr<const Seal>;

const Seal& seal_of(sqlite3_context* context) {
  return **static_cast<Kept*>(sqlite3_user_data(context));
}

std::string_view bytes_of(sqlite3_value* value) {
  const auto* bytes = static_cast<const char*>(sqlite3_value_blob(value));
  return bytes == nullptr
             ? std::string_view()
             : std::string_view(bytes, static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

// Ids that differ only by case are the same, so their places are.
std::string place_of(int count, sqlite3_value** values) {
  if (count == 2) return fold(bytes_of(values[0]));
  return fold(
      engine::name_of({.kind = static_cast<engine::EntityKind>(sqlite3_value_int(values[0])),
                       .parent = std::string(bytes_of(values[1])),
                       .id = std::string(bytes_of(values[2]))}));
}

void seal_text(sqlite3_context* context, int count, sqlite3_value** values) {
  const std::string sealed =
      seal_of(context).seal(place_of(count, values), bytes_of(values[count - 1]));
  sqlite3_result_blob64(context, sealed.data(), sealed.size(), SQLITE_TRANSIENT);
}

void unseal_text(sqlite3_context* context, int count, sqlite3_value** values) {
  sqlite3_value* const given = values[count - 1];
  if (sqlite3_value_type(given) != SQLITE_BLOB) return sqlite3_result_value(context, given);
  const Result<std::string> text = seal_of(context).open(place_of(count, values), bytes_of(given));
  if (text)
    return sqlite3_result_text64(context, text->data(), text->size(), SQLITE_TRANSIENT,
                                 SQLITE_UTF8);
  sqlite3_result_error(context, text.error().message.c_str(), -1);
}

void tell_current(sqlite3_context* context, int, sqlite3_value** values) {
  sqlite3_result_int(context, seal_of(context).is_current(bytes_of(values[0])) ? 1 : 0);
}

using SqlFunction = void (*)(sqlite3_context*, int, sqlite3_value**);

Result<> teach(sqlite3* connection, const char* name, int arguments, SqlFunction function,
               const Kept& seal) {
  const auto forget = [](void* kept) { delete static_cast<Kept*>(kept); };
  // SQLite owns it from here, also when it refuses.
  if (sqlite3_create_function_v2(connection, name, arguments, SQLITE_UTF8 | SQLITE_DIRECTONLY,
                                 new Kept(seal), function, nullptr, nullptr, forget) != SQLITE_OK)
    return store_error(connection, "use the store");
  return Done();
}

}  // namespace

Result<> teach_seal(sqlite3* connection, std::shared_ptr<const Seal> seal) {
  for (const int arguments : {2, 4}) {
    TRY(teach(connection, "sealed", arguments, seal_text, seal));
    TRY(teach(connection, "unsealed", arguments, unseal_text, seal));
  }
  return teach(connection, "is_current", 1, tell_current, seal);
}

}  // namespace batchyard::edge
