// One command from its start to its end.
#pragma once

#include "apps/shim/order.h"

// Which start of the machine this is; stays for all copies of this process.
void find_boot();

// The file <record>.run with its first line: who we are. Gives the descriptor.
int open_record(const char* record);

// Starts the command, waits for it, kills what it leaves behind and keeps its end in the record.
void run(const Order& order, int record);
