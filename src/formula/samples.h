// The methods of a metric: which of its samples are there, and how many of those there could be.
#pragma once

#include "formula/builtins.h"

namespace batchyard::formula {

// GetSample, GetSamplePercent, GetSamplePeriod, Count, HistoryBeginTime.
Checked<Value> call_method(const MetricValue& object, std::string_view method,
                           const Arguments& arguments, const Scope& scope, std::size_t at);

}  // namespace batchyard::formula
