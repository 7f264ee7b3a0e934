#include "apps/server/set_up.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/text.h"
#include "service/entities.h"

namespace batchyard::server {

namespace {

namespace json = boost::json;

std::string text_at(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::int64_t number_at(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_number() ? value->to_number<std::int64_t>() : -1;
}

// The elements of a list of objects.
template <class Visit>
void each(const json::object& object, std::string_view name, Visit visit) {
  const json::value* list = object.if_contains(name);
  if (list == nullptr || !list->is_array()) return;
  for (const json::value& one : list->get_array()) {
    if (one.is_object()) visit(one.get_object());
  }
}

// Passwords of task users are for Windows; here nobody logs in with them.
protocol::Account account_of(const json::object& user) {
  protocol::Account account{.name = text_at(user, "name"),
                            .admin = same_folded(text_at(user, "elevationLevel"), "admin")};
  if (const json::value* linux_part = user.if_contains("linuxUserConfiguration")) {
    account.uid = number_at(linux_part->as_object(), "uid");
    account.gid = number_at(linux_part->as_object(), "gid");
  }
  return account;
}

protocol::Certificate certificate_of(const json::object& reference) {
  protocol::Certificate certificate{
      .name = service::certificate_id(text_at(reference, "thumbprintAlgorithm"),
                                      text_at(reference, "thumbprint"))};
  const json::value* visibility = reference.if_contains("visibility");
  if (visibility == nullptr || visibility->as_array().empty()) return certificate;
  const auto names = [&](std::string_view word) {
    return std::ranges::any_of(visibility->as_array(), [&](const json::value& one) {
      return same_folded(std::string_view(one.as_string()), word);
    });
  };
  certificate.for_start_task = names("starttask");
  certificate.for_tasks = names("task");
  certificate.for_remote_users = names("remoteuser");
  return certificate;
}

}  // namespace

namespace {

std::optional<protocol::ContainerWishes> containers_of(const json::object& spec) {
  const json::value* machine = spec.if_contains("virtualMachineConfiguration");
  const json::value* given =
      machine == nullptr ? nullptr : machine->as_object().if_contains("containerConfiguration");
  if (given == nullptr) return std::nullopt;
  protocol::ContainerWishes wishes;
  if (const json::value* images = given->as_object().if_contains("containerImageNames")) {
    for (const json::value& image : images->as_array())
      wishes.images.emplace_back(image.as_string());
  }
  each(given->as_object(), "containerRegistries", [&](const json::object& registry) {
    wishes.registries.push_back({text_at(registry, "registryServer"), text_at(registry, "username"),
                                 text_at(registry, "password")});
  });
  return wishes;
}

}  // namespace

protocol::SetUpNode set_up_of(const json::object& spec) {
  protocol::SetUpNode order;
  each(spec, "userAccounts",
       [&](const json::object& user) { order.accounts.push_back(account_of(user)); });
  each(spec, "certificateReferences", [&](const json::object& reference) {
    order.certificates.push_back(certificate_of(reference));
  });
  if (const json::value* mounts = spec.if_contains("mountConfiguration");
      mounts != nullptr && !mounts->as_array().empty())
    order.mounts = json::serialize(*mounts);
  order.containers = containers_of(spec);
  return order;
}

void fill_certificate(const std::string& spec, protocol::Certificate& certificate) {
  boost::system::error_code error;
  const json::value whole = json::parse(spec, error);
  if (error || !whole.is_object()) return;
  certificate.format = text_at(whole.get_object(), "certificateFormat");
  certificate.data_base64 = text_at(whole.get_object(), "data");
  certificate.password = text_at(whole.get_object(), "password");
}

}  // namespace batchyard::server
