// A stand-in for nvidia-smi on nodes whose GPUs are emulated: it shows what the node's agent says
// there is, in the forms that programs read: the list (-L), the document (-q -x), the table of
// fields (--query-gpu) and a page for people.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <initializer_list>

#include "apps/emulated/state.h"

namespace {

using emulated::Gpu;
using emulated::State;

// What the real program ends with.
enum Exit { well = 0, bad_use = 2, not_found = 6, gpu_lost = 15, mismatch = 18 };

State state;

struct Wishes {
  bool list = false;
  bool document = false;
  const char* query = nullptr;
  bool header = true;
  bool units = true;
  const char* only = nullptr;  // -i
} wishes;

bool is_wished(const Gpu& gpu) {
  if (wishes.only == nullptr) return true;
  char number[16];
  snprintf(number, sizeof number, "%d", gpu.index);
  return strcmp(wishes.only, number) == 0 || strcmp(wishes.only, gpu.uuid) == 0 ||
         strcmp(wishes.only, gpu.bus) == 0;
}

struct Field {
  const char* name;
  const char* also;
  const char* unit;
  void (*show)(const Gpu& gpu, char* text, unsigned long size);
};

#define SHOWS(...)                                     \
  [](const Gpu& gpu, char* text, unsigned long size) { \
    (void)gpu;                                         \
    snprintf(text, size, __VA_ARGS__);                 \
  }

const Field fields[] = {
    {"index", "", "", SHOWS("%d", gpu.index)},
    {"uuid", "gpu_uuid", "", SHOWS("%s", gpu.uuid)},
    {"name", "gpu_name", "", SHOWS("%s", gpu.name)},
    {"count", "", "", SHOWS("%d", state.count)},
    {"pci.bus_id", "gpu_bus_id", "", SHOWS("%s", gpu.bus)},
    {"driver_version", "", "", SHOWS("%s", state.driver)},
    {"memory.total", "", " MiB", SHOWS("%lld", gpu.memory_mib)},
    {"memory.used", "", " MiB", SHOWS("0")},
    {"memory.free", "", " MiB", SHOWS("%lld", gpu.memory_mib)},
    {"utilization.gpu", "", " %", SHOWS("0")},
    {"utilization.memory", "", " %", SHOWS("0")},
    {"temperature.gpu", "", "", SHOWS("30")},
    {"power.draw", "", " W", SHOWS("25.00")},
    {"power.limit", "", " W", SHOWS("250.00")},
    {"pstate", "", "", SHOWS("P0")},
    {"ecc.mode.current", "", "", SHOWS("%s", gpu.ecc)},
    {"ecc.errors.corrected.volatile.total", "", "", SHOWS("%llu", gpu.corrected)},
    {"ecc.errors.uncorrected.volatile.total", "", "", SHOWS("%llu", gpu.uncorrected)},
    {"mig.mode.current", "", "", SHOWS("[N/A]")},
    {"compute_mode", "", "", SHOWS("Default")},
    {"persistence_mode", "", "", SHOWS("Enabled")},
};

#undef SHOWS

// The next name of a list that commas divide.
const Field* next_field(const char*& list) {
  const unsigned long length = strcspn(list, ",");
  const Field* found = nullptr;
  for (const Field& field : fields) {
    for (const char* name : {field.name, field.also}) {
      if (strlen(name) == length && length > 0 && strncmp(name, list, length) == 0) found = &field;
    }
  }
  if (found == nullptr)
    fprintf(stderr, "Field \"%.*s\" is not a valid field to query (of an emulated GPU).\n",
            static_cast<int>(length), list);
  list += length + (list[length] == ',' ? 1 : 0);
  return found;
}

int query() {
  for (const char* at = wishes.query; *at != 0;) {
    if (next_field(at) == nullptr) return bad_use;
  }
  if (wishes.header) {
    const char* between = "";
    for (const char* at = wishes.query; *at != 0; between = ", ") {
      const Field* field = next_field(at);
      const bool unit = wishes.units && *field->unit != 0;
      printf("%s%s%s%s%s", between, field->name, unit ? " [" : "", unit ? field->unit + 1 : "",
             unit ? "]" : "");
    }
    printf("\n");
  }
  for (int number = 0; number < state.count; ++number) {
    if (!is_wished(state.gpus[number])) continue;
    const char* between = "";
    for (const char* at = wishes.query; *at != 0; between = ", ") {
      const Field* field = next_field(at);
      char text[128];
      field->show(state.gpus[number], text, sizeof text);
      printf("%s%s%s", between, text, wishes.units ? field->unit : "");
    }
    printf("\n");
  }
  return well;
}

int list() {
  for (int number = 0; number < state.count; ++number) {
    const Gpu& gpu = state.gpus[number];
    if (is_wished(gpu)) printf("GPU %d: %s (UUID: %s)\n", gpu.index, gpu.name, gpu.uuid);
  }
  return well;
}

void show_document(const Gpu& gpu) {
  printf("\t<gpu id=\"%s\">\n\t\t<product_name>%s</product_name>\n", gpu.bus, gpu.name);
  printf(
      "\t\t<mig_mode><current_mig>N/A</current_mig></mig_mode>\n\t\t<mig_devices>None"
      "</mig_devices>\n\t\t<uuid>%s</uuid>\n\t\t<minor_number>%d</minor_number>\n",
      gpu.uuid, gpu.minor);
  printf(
      "\t\t<fb_memory_usage>\n\t\t\t<total>%lld MiB</total>\n\t\t\t<used>0 MiB</used>\n"
      "\t\t\t<free>%lld MiB</free>\n\t\t</fb_memory_usage>\n",
      gpu.memory_mib, gpu.memory_mib);
  printf(
      "\t\t<utilization>\n\t\t\t<gpu_util>0 %%</gpu_util>\n\t\t\t<memory_util>0 %%"
      "</memory_util>\n\t\t</utilization>\n");
  printf(
      "\t\t<ecc_mode><current_ecc>%s</current_ecc></ecc_mode>\n\t\t<ecc_errors>\n\t\t\t<volatile>"
      "\n\t\t\t\t<dram_correctable>%llu</dram_correctable>\n"
      "\t\t\t\t<dram_uncorrectable>%llu</dram_uncorrectable>\n\t\t\t</volatile>\n"
      "\t\t</ecc_errors>\n\t</gpu>\n",
      gpu.ecc, gpu.corrected, gpu.uncorrected);
}

int document() {
  printf(
      "<?xml version=\"1.0\" ?>\n<!-- emulated by Batchyard: there is no such GPU -->\n"
      "<nvidia_smi_log>\n\t<driver_version>%s</driver_version>\n"
      "\t<cuda_version>%s</cuda_version>\n\t<attached_gpus>%d</attached_gpus>\n",
      state.driver, state.cuda, state.count);
  for (int number = 0; number < state.count; ++number) {
    if (is_wished(state.gpus[number])) show_document(state.gpus[number]);
  }
  printf("</nvidia_smi_log>\n");
  return well;
}

int page() {
  printf(
      "Emulated by Batchyard: there are no such GPUs, and nothing runs on them.\n"
      "NVIDIA-SMI %s   Driver Version: %s   CUDA Version: %s\n\n"
      "GPU  Name                           Bus-Id            Memory          ECC errors\n",
      state.driver, state.driver, state.cuda);
  for (int number = 0; number < state.count; ++number) {
    const Gpu& gpu = state.gpus[number];
    if (is_wished(gpu))
      printf("%3d  %-30s %-17s 0 / %lld MiB  %llu\n", gpu.index, gpu.name, gpu.bus, gpu.memory_mib,
             gpu.uncorrected);
  }
  return well;
}

bool take_format(const char* format) {
  if (strncmp(format, "csv", 3) != 0) return false;
  wishes.header = strstr(format, "noheader") == nullptr;
  wishes.units = strstr(format, "nounits") == nullptr;
  return true;
}

// Both spellings: --name=value, --name value.
const char* value_of(const char* name, int count, char** words, int& at) {
  const unsigned long length = strlen(name);
  if (strncmp(words[at], name, length) != 0) return nullptr;
  if (words[at][length] == '=') return words[at] + length + 1;
  return words[at][length] == 0 && at + 1 < count ? words[++at] : nullptr;
}

bool read_words(int count, char** words) {
  for (int at = 1; at < count; ++at) {
    const char* value = nullptr;
    if (strcmp(words[at], "-L") == 0 || strcmp(words[at], "--list-gpus") == 0)
      wishes.list = true;
    else if (strcmp(words[at], "-q") == 0 || strcmp(words[at], "-x") == 0 ||
             strcmp(words[at], "--query") == 0 || strcmp(words[at], "--xml-format") == 0)
      wishes.document = true;
    else if ((value = value_of("--query-gpu", count, words, at)) != nullptr)
      wishes.query = value;
    else if ((value = value_of("--format", count, words, at)) != nullptr) {
      if (!take_format(value)) return false;
    } else if ((value = value_of("--id", count, words, at)) != nullptr ||
               (value = value_of("-i", count, words, at)) != nullptr)
      wishes.only = value;
    else
      return false;
  }
  return true;
}

}  // namespace

int main(int count, char** words) {
  if (!read_words(count, words)) {
    fprintf(stderr,
            "This nvidia-smi shows emulated GPUs. It knows -L, -q -x, -i, and --query-gpu=… with "
            "--format=csv[,noheader][,nounits].\n");
    return bad_use;
  }
  read_state(state);
  if (!state.there) {
    printf("No devices were found\n");
    return not_found;
  }
  if (*state.fault != 0) {
    printf("%s\n", state.fault);
    return mismatch;
  }
  for (int number = 0; number < state.count; ++number) {
    const Gpu& gpu = state.gpus[number];
    if (!gpu.lost || !is_wished(gpu)) continue;
    printf(
        "Unable to determine the device handle for GPU%d: %s: GPU is lost.  Reboot the system "
        "to recover this GPU\n",
        gpu.index, gpu.bus);
    return gpu_lost;
  }
  if (state.count == 0) {
    printf("No devices were found\n");
    return not_found;
  }
  if (wishes.list) return list();
  if (wishes.query != nullptr) return query();
  return wishes.document ? document() : page();
}
