#include "blob/xml.h"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>

#include "base/text.h"
#include "blob/codes.h"
#include "blob/limits.h"

namespace batchyard::blob {

const std::string_view xml_head = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";

namespace {

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char letter : text) {
    switch (letter) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\r':
        out += "&#xD;";  // a reader would make a line feed of it
        break;
      default:
        // What XML cannot hold at all.
        out += static_cast<unsigned char>(letter) < 0x20 && letter != '\t' && letter != '\n'
                   ? '?'
                   : letter;
    }
  }
  return out;
}

bool xml_can_hold(std::string_view text) {
  const bool plain = std::ranges::none_of(
      text, [](char letter) { return static_cast<unsigned char>(letter) < 0x20; });
  return plain && !text.contains("\xEF\xBF\xBE") && !text.contains("\xEF\xBF\xBF");
}

Result<pugi::xml_node> root_of(pugi::xml_document& document, const std::string& xml,
                               const char* name) {
  const pugi::xml_parse_result parsed = document.load_buffer(xml.data(), xml.size());
  if (!parsed)
    return refused("InvalidXmlDocument",
                   fmt::format("At byte {}: {}.", parsed.offset, parsed.description()));
  const pugi::xml_node root = document.document_element();
  if (std::string_view(root.name()) != name)
    return refused("InvalidXmlDocument",
                   fmt::format("It must be a {}, and is a {}.", name, readable(root.name(), 80)));
  return root;
}

Result<BlockSource> block_source(std::string_view word) {
  if (word == "Committed") return BlockSource::committed;
  if (word == "Uncommitted") return BlockSource::uncommitted;
  if (word == "Latest") return BlockSource::latest;
  return refused(
      "InvalidXmlDocument",
      fmt::format("A block is Committed, Uncommitted or Latest, and not {}.", readable(word, 40)));
}

}  // namespace

std::string element(std::string_view name, std::string_view text) {
  return fmt::format("<{0}>{1}</{0}>", name, escaped(text));
}

std::string name_element(std::string_view name) {
  if (xml_can_hold(name)) return element("Name", name);
  return fmt::format("<Name Encoded=\"true\">{}</Name>", percent_encode(name));
}

Result<std::vector<ListedBlock>> parse_block_list(const std::string& xml) {
  pugi::xml_document document;
  const pugi::xml_node root = TRY(root_of(document, xml, "BlockList"));
  std::vector<ListedBlock> list;
  for (const pugi::xml_node block : root.children()) {
    if (block.type() != pugi::node_element) continue;
    if (list.size() == blocks_committed_max) return refused("BlockListTooLong");
    const BlockSource source = TRY(block_source(block.name()));
    list.push_back({source, std::string(trim(block.text().get()))});
    if (!base64_decode(list.back().id))
      return refused("InvalidBlockId",
                     fmt::format("'{}' is no base64.", readable(list.back().id, 100)));
  }
  return list;
}

Result<std::vector<Policy>> parse_policies(const std::string& xml) {
  if (trim(xml).empty()) return std::vector<Policy>();
  pugi::xml_document document;
  const pugi::xml_node root = TRY(root_of(document, xml, "SignedIdentifiers"));
  std::vector<Policy> policies;
  for (const pugi::xml_node one : root.children("SignedIdentifier")) {
    const pugi::xml_node policy = one.child("AccessPolicy");
    policies.push_back({one.child("Id").text().get(), policy.child("Start").text().get(),
                        policy.child("Expiry").text().get(),
                        policy.child("Permission").text().get()});
    const std::string& id = policies.back().id;
    if (id.empty() || id.size() > policy_id_max)
      return refused("InvalidInput",
                     fmt::format("The Id of a policy has 1 to {} characters.", policy_id_max));
    if (std::ranges::count(policies, id, &Policy::id) > 1)
      return refused("InvalidInput",
                     fmt::format("Two policies have the Id '{}'.", readable(id, policy_id_max)));
  }
  if (policies.size() > policies_max)
    return refused("InvalidInput",
                   fmt::format("A container has at most {} policies.", policies_max));
  return policies;
}

std::string policies_xml(const std::vector<Policy>& policies) {
  std::string text = std::string(xml_head) + "<SignedIdentifiers>";
  for (const Policy& policy : policies) {
    text += "<SignedIdentifier>" + element("Id", policy.id) + "<AccessPolicy>";
    if (!policy.start.empty()) text += element("Start", policy.start);
    if (!policy.expiry.empty()) text += element("Expiry", policy.expiry);
    if (!policy.permissions.empty()) text += element("Permission", policy.permissions);
    text += "</AccessPolicy></SignedIdentifier>";
  }
  return text + "</SignedIdentifiers>";
}

Result<> check_service_properties(const std::string& xml) {
  pugi::xml_document document;
  const pugi::xml_node root = TRY(root_of(document, xml, "StorageServiceProperties"));
  for (const char* name : {"DeleteRetentionPolicy", "StaticWebsite"}) {
    if (root.child(name).child("Enabled").text().as_bool())
      return refused("FeatureNotSupported", fmt::format("{} cannot be enabled.", name));
  }
  if (root.child("Cors").child("CorsRule"))
    return refused("FeatureNotSupported", "It has no rules of CORS.");
  return Done();
}

std::string default_service_properties() {
  const std::string metrics =
      "<Version>1.0</Version><Enabled>false</Enabled>"
      "<RetentionPolicy><Enabled>false</Enabled></RetentionPolicy>";
  return std::string(xml_head) +
         "<StorageServiceProperties><Logging><Version>1.0</Version><Delete>false</Delete>"
         "<Read>false</Read><Write>false</Write><RetentionPolicy><Enabled>false</Enabled>"
         "</RetentionPolicy></Logging>" +
         fmt::format("<HourMetrics>{0}</HourMetrics><MinuteMetrics>{0}</MinuteMetrics>", metrics) +
         "<Cors/><DeleteRetentionPolicy><Enabled>false</Enabled></DeleteRetentionPolicy>"
         "<StaticWebsite><Enabled>false</Enabled></StaticWebsite></StorageServiceProperties>";
}

std::string error_xml(const Error& error, std::string_view message) {
  std::string text = std::string(xml_head) + "<Error>" + element("Code", facts_of(error).code) +
                     element("Message", message);
  for (const Detail& detail : error.details) text += element(detail.key, detail.value);
  return text + "</Error>";
}

}  // namespace batchyard::blob
