// `batchyard launch` and `ssh` inside a gang: takes the place of ssh for mpirun and mpiexec. It
// goes to the broker of its own node, which reaches the other nodes of the gang.
#pragma once

namespace batchyard::edge {

// Arguments as ssh takes them: [options] HOST COMMAND…; the words of the command are joined by
// blanks and given to sh -c on HOST. Ends with the command's exit code, or 255 when HOST could not
// be reached.
int launch_main(int argument_count, char** arguments);

}  // namespace batchyard::edge
