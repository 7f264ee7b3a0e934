/* Prints the wall clock in nanoseconds once every rank has come through MPI_Init. */
#include <mpi.h>
#include <stdio.h>
#include <time.h>

int main(int count, char** arguments) {
  MPI_Init(&count, &arguments);
  MPI_Barrier(MPI_COMM_WORLD);
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  if (rank == 0) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    printf("%ld%09ld\n", (long)now.tv_sec, now.tv_nsec);
  }
  MPI_Finalize();
  return 0;
}
