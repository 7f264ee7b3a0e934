// Made by tools/generate_api from spec/. Do not edit.
// clang-format off

#pragma once

#include "api/generated/common.h"
#include "api/generated/pools.h"
#include "api/generated/jobs.h"
#include "api/generated/tasks.h"
