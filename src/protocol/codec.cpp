#include "protocol/codec.h"

#include <iterator>

#include "base/described_json.h"

namespace batchyard::protocol {

namespace {

// The wire names, in the order of the variants' alternatives.
template <class Message>
struct Names;
template <>
struct Names<FromAgent> {
  static constexpr const char* list[] = {
      "hello",       "start_task_changed", "member_ready", "run_ended",
      "file_answer", "job_task_changed",   "node_fault",   "upload_wanted",
      "node_usage",  "packages_deployed",  "images_ready", "probe_changed",
      "run_granted", "extensions_changed"};
};
template <>
struct Names<ToAgent> {
  static constexpr const char* list[] = {
      "welcome",         "run_start_task", "run_task",     "run_application", "end_run",
      "forget",          "remove_files",   "file_request", "run_job_task",    "end_job_task",
      "forget_job",      "change_run",     "set_up_node",  "set_users",       "may_upload",
      "deploy_packages", "set_faults"};
};

template <class Message>
std::string encode_any(const Message& message) {
  static_assert(std::size(Names<Message>::list) == std::variant_size_v<Message>,
                "every message has a name");
  boost::json::object frame;
  std::visit(
      [&](const auto& body) {
        frame[Names<Message>::list[message.index()]] = described::to_value(body);
      },
      message);
  return boost::json::serialize(frame);
}

template <class Message, std::size_t index = 0>
bool decode_alternative(std::string_view name, const boost::json::value& body, Message& out) {
  if constexpr (index < std::variant_size_v<Message>) {
    if (name == Names<Message>::list[index])
      return described::from_value(body, out.template emplace<index>());
    return decode_alternative<Message, index + 1>(name, body, out);
  } else {
    return false;
  }
}

template <class Message>
Result<Message> decode_any(std::string_view frame) {
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(frame, error);
  Message out;
  if (error || !value.is_object() || value.get_object().size() != 1 ||
      !decode_alternative(value.get_object().begin()->key(), value.get_object().begin()->value(),
                          out))
    return fail(Kind::invalid, "InvalidFrame",
                "a frame of the link is malformed or of an unknown type");
  return out;
}

}  // namespace

std::string encode(const FromAgent& message) {
  return encode_any(message);
}
std::string encode(const ToAgent& message) {
  return encode_any(message);
}
Result<FromAgent> decode_from_agent(std::string_view frame) {
  return decode_any<FromAgent>(frame);
}
Result<ToAgent> decode_to_agent(std::string_view frame) {
  return decode_any<ToAgent>(frame);
}

}  // namespace batchyard::protocol
