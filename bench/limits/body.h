// A request body as clients send it.
#pragma once
#include <cstdio>
#include <string>
// One addtaskcollection body: n tasks of about 600 bytes each.
inline std::string make_body(int n, long first) {
  std::string s = "{\"value\":[";
  char t[1200];
  for (int i = 0; i < n; ++i) {
    snprintf(t, sizeof t,
             "%s{\"id\":\"task-%09ld\",\"displayName\":\"parameter sweep "
             "%ld\",\"commandLine\":\"/bin/sh -c 'echo hi && ./solve --case %ld --steps 1000 --out "
             "result-%ld.dat'\","
             "\"environmentSettings\":[{\"name\":\"OMP_NUM_THREADS\",\"value\":\"1\"},{\"name\":"
             "\"CASE_ID\",\"value\":\"%ld\"}],"
             "\"resourceFiles\":[{\"httpUrl\":\"https://storage.example.test/inputs/"
             "case-%ld.inp?sig=abcdefghijklmnop\",\"filePath\":\"case.inp\"}],"
             "\"userIdentity\":{\"autoUser\":{\"scope\":\"pool\",\"elevationLevel\":\"nonadmin\"}},"
             "\"constraints\":{\"maxWallClockTime\":\"PT1H\",\"retentionTime\":\"P7D\","
             "\"maxTaskRetryCount\":0},\"requiredSlots\":1}",
             i ? "," : "", first + i, first + i, first + i, first + i, first + i, first + i);
    s += t;
  }
  return s + "]}";
}
