#include "engine/store.h"

#include <algorithm>

#include "base/text.h"

namespace batchyard::engine {

std::string_view word_of(EntityKind kind) {
  static constexpr std::string_view words[] = {"pool",        "node",        "job",
                                               "task",        "schedule",    "certificate",
                                               "preparation", "application", "package"};
  return words[static_cast<std::size_t>(kind)];
}

std::string name_of(const EntityKey& key) {
  std::string name(word_of(key.kind));
  name += '/';
  if (!key.parent.empty()) name += key.parent + "/";
  return name + key.id;
}

bool concerns(const EventQuery& query, std::string_view entity) {
  return query.entities.empty() ||
         std::ranges::any_of(query.entities, [&](const std::string& wanted) {
           return wanted.ends_with('/') ? same_folded(entity.substr(0, wanted.size()), wanted)
                                        : same_folded(entity, wanted);
         });
}

}  // namespace batchyard::engine
