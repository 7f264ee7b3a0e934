// batchyard-launch: `batchyard launch`, alone. Inside a gang it stands where mpirun looks for ssh.
// Static, so that it runs in the root file system of any image.
#include "edge/launch/client.h"

int main(int argument_count, char** arguments) {
  return batchyard::edge::launch_main(argument_count, arguments);
}
