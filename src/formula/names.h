// The names that mean something in every formula: service variables and constants. (Functions are
// in builtins.h.)
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace batchyard::formula {

struct Builtin;

enum class ServiceKind { dedicated, low_priority, option, metric };

struct ServiceName {
  std::string_view name;  // without "$"
  ServiceKind kind;
  bool alias = false;  // a short form, without "Nodes": the long one wins when both are set
};

struct ConstantName {
  std::string_view name;
  bool option;         // a node deallocation option; otherwise a time interval
  std::int64_t ticks;  // of 100 ns
};

std::span<const ServiceName> service_names();
std::span<const ConstantName> constant_names();

const ServiceName* find_service_name(std::string_view name);
const ConstantName* find_constant(std::string_view name);

}  // namespace batchyard::formula
