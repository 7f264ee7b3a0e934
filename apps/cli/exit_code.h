// How the program ends. Documented in `batchyard --help` and docs/use.md.
#pragma once

namespace batchyard::cli {

enum ExitCode {
  done = 0,
  failed = 1,       // the task, or what was asked for, failed
  usage = 2,        // the command line is wrong
  refused = 3,      // the service answered an error
  unreachable = 4,  // no service answered
  timed_out = 5,    // --timeout passed
  stopped = 130,    // by Ctrl-C, with what was made for the run taken back
};

}  // namespace batchyard::cli
