// A pool's autoscale formula: is it well formed, and what does it want of the pool now? Pure: the
// samples, the time and chance come in through the Scope. This is the folder's front door.
#pragma once

#include "formula/syntax.h"
#include "formula/value.h"

namespace batchyard::formula {

struct Targets {
  std::int32_t dedicated = 0;
  std::int32_t low_priority = 0;
  std::string deallocation = "requeue";
  bool operator==(const Targets&) const = default;
};

struct Outcome {
  // What the pool shall have: as it is where the formula sets nothing, and when it failed.
  Targets targets;
  // "$TargetDedicatedNodes=2;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue;$x=1": the
  // service's variables, then the formula's own in the order of their names.
  std::string results;
  std::optional<Fault> fault;
};

Outcome evaluate(const Program& program, const Scope& scope);

// Too long a text is told apart from one that is wrong.
enum class Flaw { none, too_long, syntax };
struct Verdict {
  Flaw flaw = Flaw::none;
  std::string message;  // with line, column and caret
};
Verdict check_formula(std::string_view formula);

}  // namespace batchyard::formula
