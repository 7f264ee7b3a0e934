#include "blob/address.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "blob/codes.h"
#include "blob/limits.h"

namespace batchyard::blob {

namespace {

std::vector<Parameter> query_of(std::string_view text) {
  std::vector<Parameter> parameters;
  for (const std::string_view part : split(text, '&')) {
    if (part.empty()) continue;
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::string_view name = part.substr(0, equals);
    const std::string_view value = part.substr(std::min(equals + 1, part.size()));
    parameters.push_back({fold(percent_decode(name).value_or(std::string(name))),
                          percent_decode(value).value_or(std::string(value))});
  }
  return parameters;
}

bool is_container_name(std::string_view name) {
  if (name == "$root" || name == "$web" || name == "$logs") return true;
  if (name.size() < container_name_min || name.size() > container_name_max) return false;
  if (name.starts_with('-') || name.ends_with('-') || name.contains("--")) return false;
  return std::ranges::all_of(name, [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-';
  });
}

std::size_t characters_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char letter) { return (static_cast<unsigned char>(letter) & 0xC0U) != 0x80U; }));
}

}  // namespace

std::string_view Address::parameter(std::string_view name) const {
  const auto found = std::ranges::find(query, name, &Parameter::name);
  return found == query.end() ? std::string_view() : std::string_view(found->value);
}

bool Address::has(std::string_view name) const {
  return std::ranges::find(query, name, &Parameter::name) != query.end();
}

Result<Address> address_of(std::string_view target, std::string_view host,
                           std::string_view account) {
  Address address;
  const std::size_t question = std::min(target.find('?'), target.size());
  address.raw_path = target.substr(0, question);
  address.query = query_of(target.substr(std::min(question + 1, target.size())));
  std::string_view rest = address.raw_path;
  if (!rest.starts_with('/')) return refused("InvalidUri", "A path begins with '/'.");
  rest.remove_prefix(1);
  if (fold(host).starts_with(fold(account) + ".")) {
    address.account = account;
  } else {
    const std::size_t end = std::min(rest.find('/'), rest.size());
    address.account = percent_decode(rest.substr(0, end)).value_or("");
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  const std::size_t end = std::min(rest.find('/'), rest.size());
  const auto container = percent_decode(rest.substr(0, end));
  const auto blob = percent_decode(rest.substr(std::min(end + 1, rest.size())));
  if (!container || !blob) return refused("InvalidUri", "It has a broken escape (%XX).");
  address.container = *container;
  address.blob = *blob;
  return address;
}

Result<> check_names(const Address& address) {
  if (address.container.empty()) return Done();
  if (!is_container_name(address.container))
    return refused("InvalidResourceName",
                   fmt::format("A container's name has 3 to 63 of a-z, 0-9 and single '-' between "
                               "them; '{}' has not.",
                               readable(address.container, container_name_max)));
  if (address.blob.empty()) return Done();
  if (!is_plain_utf8(address.blob) || characters_of(address.blob) > blob_name_max)
    return refused("InvalidResourceName",
                   fmt::format("A blob's name is UTF-8 of at most {} characters.", blob_name_max));
  return Done();
}

}  // namespace batchyard::blob
