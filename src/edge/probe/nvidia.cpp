#include "edge/probe/nvidia.h"

#include <algorithm>
#include <optional>
#include <pugixml.hpp>

#include "base/text.h"

namespace batchyard::edge {

namespace {

using protocol::Gpu;

constexpr std::int64_t mebi = std::int64_t{1} << 20;

// "81559 MiB", "0", "N/A".
std::int64_t number_of(std::string_view text) {
  const std::string_view trimmed = trim(text);
  return parse_integer(trimmed.substr(0, trimmed.find(' '))).value_or(0);
}

std::string known_text(const char* text) {
  const std::string_view value = trim(text);
  return value == "N/A" || value.starts_with("[N/A") ? std::string() : std::string(value);
}

// Drivers count by the part of the memory that failed; older ones have a total of each kind.
void read_ecc(const pugi::xml_node& errors, Gpu& gpu) {
  for (const pugi::xml_node& count : errors) {
    const std::string_view name = count.name();
    if (name.contains("uncorrectable"))
      gpu.ecc_uncorrected += number_of(count.text().get());
    else if (name.contains("correctable"))
      gpu.ecc_corrected += number_of(count.text().get());
  }
  for (const auto& [name, into] :
       {std::pair("single_bit", &gpu.ecc_corrected), std::pair("double_bit", &gpu.ecc_uncorrected)})
    *into += number_of(errors.child(name).child("total").text().get());
}

// The GRID driver alone tells for which of its products it is licensed; older ones call it so.
std::string driver_kind(const pugi::xml_node& gpu) {
  for (const char* name : {"vgpu_software_licensed_product", "grid_licensed_product"}) {
    if (!known_text(gpu.child(name).child("licensed_product_name").text().get()).empty())
      return "grid";
  }
  return "cuda";
}

// "Compute instances" of a MIG device share its UUID; the document lists the device once for each.
void read_mig(const pugi::xml_node& devices, Gpu& gpu) {
  for (const pugi::xml_node& device : devices.children("mig_device")) {
    protocol::MigDevice mig;
    mig.uuid = known_text(device.child("uuid").text().get());
    mig.memory = number_of(device.child("fb_memory_usage").child("total").text().get()) * mebi;
    gpu.mig.push_back(std::move(mig));
  }
}

Gpu read_gpu(const pugi::xml_node& node) {
  Gpu gpu;
  gpu.vendor = "nvidia";
  gpu.name = known_text(node.child("product_name").text().get());
  gpu.driver_kind = driver_kind(node);
  gpu.uuid = known_text(node.child("uuid").text().get());
  gpu.bus = fold(node.attribute("id").value());
  gpu.minor = static_cast<std::int32_t>(
      parse_integer(trim(node.child("minor_number").text().get())).value_or(-1));
  gpu.memory = number_of(node.child("fb_memory_usage").child("total").text().get()) * mebi;
  gpu.ecc = known_text(node.child("ecc_mode").child("current_ecc").text().get());
  read_ecc(node.child("ecc_errors").child("volatile"), gpu);
  if (std::string_view(node.child("mig_mode").child("current_mig").text().get()) == "Enabled")
    read_mig(node.child("mig_devices"), gpu);
  return gpu;
}

// "0000:00:06" of a kernel's line, in "00000000:00:06.0".
bool is_on_bus(const Gpu& gpu, std::string_view bus) {
  return !bus.empty() && fold(gpu.bus).contains(fold(bus) + ".");
}

}  // namespace

bool read_smi_document(std::string_view xml, protocol::Probe& probe) {
  pugi::xml_document document;
  if (!document.load_buffer(xml.data(), xml.size())) return false;
  const pugi::xml_node log = document.child("nvidia_smi_log");
  if (!log) return false;
  const std::string driver = known_text(log.child("driver_version").text().get());
  probe.cuda = known_text(log.child("cuda_version").text().get());
  for (const pugi::xml_node& node : log.children("gpu")) {
    Gpu gpu = read_gpu(node);
    gpu.driver = driver;
    probe.gpus.push_back(std::move(gpu));
  }
  return true;
}

bool read_smi_table(std::string_view csv, protocol::Probe& probe) {
  bool any = false;
  for (const std::string_view line : split(csv, '\n')) {
    const std::vector<std::string_view> cells = split(line, ',');
    if (cells.size() != 9 || !parse_integer(trim(cells[0]))) continue;
    const auto text = [&](std::size_t at) { return known_text(std::string(cells[at]).c_str()); };
    Gpu gpu;
    gpu.vendor = "nvidia";
    gpu.minor = static_cast<std::int32_t>(*parse_integer(trim(cells[0])));
    gpu.uuid = text(1);
    gpu.name = text(2);
    gpu.bus = fold(text(3));
    gpu.memory = number_of(cells[4]) * mebi;
    gpu.driver = text(5);
    gpu.ecc = text(6);
    gpu.ecc_corrected = number_of(cells[7]);
    gpu.ecc_uncorrected = number_of(cells[8]);
    probe.gpus.push_back(std::move(gpu));
    any = true;
  }
  return any;
}

std::string smi_complaint(std::string_view said) {
  for (const std::string_view line : split(said, '\n')) {
    if (const std::string_view words = trim(line); !words.empty())
      return std::string(words.substr(0, 300));
  }
  return {};
}

std::string driver_version(std::string_view text) {
  for (const std::string_view word : split(text.substr(0, text.find('\n')), ' ')) {
    if (word.contains('.') && word.find_first_not_of("0123456789.") == std::string_view::npos)
      return std::string(word);
  }
  return {};
}

Gpu read_information(std::string_view text) {
  Gpu gpu;
  gpu.vendor = "nvidia";
  for (const std::string_view line : split(text, '\n')) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view name = trim(line.substr(0, colon));
    const std::string value(trim(line.substr(colon + 1)));
    if (name == "Model") gpu.name = value;
    if (name == "GPU UUID" && !value.contains('?')) gpu.uuid = value;
    if (name == "Bus Location") gpu.bus = "0000" + fold(value);
    if (name == "Device Minor") gpu.minor = static_cast<std::int32_t>(number_of(value));
  }
  return gpu;
}

void read_xids(std::string_view log, std::int64_t since, protocol::Probe& probe) {
  constexpr std::string_view mark = "NVRM: Xid (PCI:";
  for (const std::string_view line : split(log, '\n')) {
    const std::size_t at = line.find(mark);
    if (at == std::string_view::npos) continue;
    const std::vector<std::string_view> head = split(line.substr(0, line.find(';')), ',');
    if (head.size() >= 3 && parse_integer(head[2]).value_or(0) < since) continue;
    const std::string_view rest = line.substr(at + mark.size());
    const std::size_t close = rest.find("): ");
    if (close == std::string_view::npos) continue;
    const std::string_view number = rest.substr(close + 3);
    const std::optional<std::int64_t> xid =
        parse_integer(number.substr(0, number.find_first_not_of("0123456789")));
    if (!xid) continue;
    for (Gpu& gpu : probe.gpus) {
      const auto value = static_cast<std::int32_t>(*xid);
      if (is_on_bus(gpu, rest.substr(0, close)) &&
          std::ranges::find(gpu.xids, value) == gpu.xids.end())
        gpu.xids.push_back(value);
    }
  }
}

}  // namespace batchyard::edge
