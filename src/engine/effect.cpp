#include "engine/effect.h"

namespace batchyard::engine {

Effect::Effect(Effect&& other) noexcept = default;
Effect& Effect::operator=(Effect&& other) noexcept = default;
Effect::~Effect() = default;

}  // namespace batchyard::engine
