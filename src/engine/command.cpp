#include "engine/command.h"

namespace batchyard::engine {

Command::Command(Command&& other) noexcept = default;
Command& Command::operator=(Command&& other) noexcept = default;
Command::~Command() = default;

}  // namespace batchyard::engine
