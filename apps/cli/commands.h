// The command line: its verbs, options and help.
#pragma once

namespace batchyard::cli {

int commands_main(int argument_count, char** arguments);

}  // namespace batchyard::cli
