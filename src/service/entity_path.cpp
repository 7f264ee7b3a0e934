#include "service/entity_path.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error_codes.h"
#include "base/text.h"

namespace batchyard::service {

namespace {

using engine::EntityKind;

std::optional<EntityKind> parent_of(EntityKind kind) {
  for (const EntityKind parent : engine::entity_kinds) {
    if (engine::lies_in(kind, parent)) return parent;
  }
  return std::nullopt;
}

// "node/POOL/NODE"
std::string form_of(EntityKind kind) {
  const auto upper = [](std::string_view word) {
    std::string text(word);
    std::ranges::transform(text, text.begin(),
                           [](char letter) { return static_cast<char>(letter - 'a' + 'A'); });
    return text;
  };
  const std::string_view own = kind == EntityKind::preparation ? "node"
                               : kind == EntityKind::package   ? "version"
                                                               : engine::word_of(kind);
  std::string text(engine::word_of(kind));
  if (const std::optional<EntityKind> parent = parent_of(kind))
    text += "/" + upper(engine::word_of(*parent));
  return text + "/" + upper(own);
}

}  // namespace

Result<engine::EntityKey> key_of_path(std::string_view path, std::string_view prefix,
                                      std::span<const EntityKind> kinds) {
  const std::vector<std::string_view> parts = split(path.substr(prefix.size()), '/');
  std::vector<std::string> forms;
  for (const EntityKind kind : kinds) {
    forms.push_back(form_of(kind));
    const bool nested = parent_of(kind).has_value();
    if (parts.front() != engine::word_of(kind) || parts.size() != (nested ? 3 : 2)) continue;
    const std::optional<std::string> id = percent_decode(parts.back());
    const std::optional<std::string> parent = percent_decode(parts[1]);
    if (id && parent) return engine::EntityKey{kind, nested ? *parent : std::string(), *id};
  }
  return refusal("InvalidUri",
                 fmt::format("The requested URI does not represent any resource on the server: {}. "
                             "Give {} and one of {}.",
                             path, prefix, join(forms, ", ")));
}

}  // namespace batchyard::service
