#include "edge/definition/definition_text.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "edge/definition/yaml_edit.h"
#include "preflight/finding.h"

namespace batchyard::edge {

namespace json = boost::json;

namespace {

constexpr int depth_max = 64;
constexpr std::size_t parts_max = 50'000;  // of a file, aliases counted as often as they are used

std::string escaped(const std::string& name) {
  std::string text;
  for (const char letter : name)
    text += letter == '~' ? "~0" : letter == '/' ? "~1" : std::string(1, letter);
  return text;
}

std::unexpected<Error> unreadable(const std::string& reason) {
  return fail(Kind::invalid, "", reason);
}

json::value scalar_of(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  if (node.Tag() == "!") return json::value(text);  // in quotes
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  if (text == "null" || text == "~" || text.empty()) return nullptr;
  // Fractions stay texts: they are the numbers of versions, 7.4.
  if (const auto number = parse_integer(text)) return *number;
  return json::value(text);
}

class Walk {
 public:
  Walk(std::map<std::string, int>& lines, bool with_values)
      : lines_(lines), with_values_(with_values) {}

  Result<json::value> run(const YAML::Node& node, const std::string& pointer, int depth) {
    if (depth > depth_max || ++parts_ > parts_max)
      return unreadable("the file is nested too deeply or too large");
    if (node.Mark().line >= 0) lines_.try_emplace(pointer, node.Mark().line + 1);
    if (node.IsMap()) {
      json::object object;
      for (const auto& member : node) {
        if (!member.first.IsScalar()) return unreadable("a name of a member is no text");
        const std::string name = member.first.Scalar();
        const std::string inner = pointer + "/" + escaped(name);
        lines_[inner] = member.first.Mark().line + 1;
        json::value value = TRY(run(member.second, inner, depth + 1));
        if (with_values_) object[name] = std::move(value);
      }
      return json::value(std::move(object));
    }
    if (node.IsSequence()) {
      json::array array;
      std::size_t at = 0;
      for (const auto& one : node) {
        json::value value = TRY(run(one, fmt::format("{}/{}", pointer, at++), depth + 1));
        if (with_values_) array.push_back(std::move(value));
      }
      return json::value(std::move(array));
    }
    if (!with_values_ || node.IsNull()) return json::value();
    return scalar_of(node);
  }

 private:
  std::map<std::string, int>& lines_;
  bool with_values_;
  std::size_t parts_ = 0;
};

// A line that starts with three dashes starts a document. (YAML::LoadAll never ends on some texts.)
int documents_in(std::string_view text) {
  int documents = 0;
  bool has_content = false;
  for (const std::string_view line : split(text, '\n')) {
    const std::size_t first = line.find_first_not_of(" \t\r");
    if (line.starts_with("---")) {
      documents += has_content ? 1 : 0;
      has_content = false;
    }
    if (first != std::string_view::npos && line[first] != '#' && line[first] != '%' &&
        !line.starts_with("---") && !line.starts_with("..."))
      has_content = true;
  }
  return documents + (has_content ? 1 : 0);
}

Result<json::value> walk_yaml(std::string_view text, std::map<std::string, int>& lines,
                              bool with_values) {
  try {
    if (const int documents = documents_in(text); documents > 1)
      return unreadable(
          fmt::format("it has {} YAML documents: give each in a file of its own", documents));
    const YAML::Node root = YAML::Load(std::string(text));
    return Walk(lines, with_values).run(root, "", 0);
  } catch (const YAML::Exception& exception) {
    return unreadable(fmt::format("line {}: {}", exception.mark.line + 1, exception.msg));
  }
}

bool is_json(std::string_view text) {
  const std::size_t at = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (at == std::string_view::npos) return false;
  const std::string_view rest = text.substr(at);
  return rest[0] == '{' || rest[0] == '[' || rest.starts_with("//") || rest.starts_with("/*");
}

void add_utf8(std::string& text, std::uint32_t sign) {
  const auto more = [&](int shift) {
    text += static_cast<char>(0x80U | ((sign >> shift) & 0x3FU));
  };
  if (sign < 0x80) {
    text += static_cast<char>(sign);
  } else if (sign < 0x800) {
    text += static_cast<char>(0xC0U | (sign >> 6));
    more(0);
  } else if (sign < 0x10000) {
    text += static_cast<char>(0xE0U | (sign >> 12));
    more(6);
    more(0);
  } else {
    text += static_cast<char>(0xF0U | (sign >> 18));
    more(12);
    more(6);
    more(0);
  }
}

// Without a mark of the byte order; files that PowerShell writes are UTF-16.
std::string in_utf8(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) return std::string(text.substr(3));
  const bool is_little = text.starts_with("\xFF\xFE");
  if (!is_little && !text.starts_with("\xFE\xFF")) return std::string(text);
  const auto unit = [&](std::size_t at) {
    const auto first = static_cast<unsigned char>(text[at]);
    const auto second = static_cast<unsigned char>(text[at + 1]);
    return static_cast<std::uint32_t>(is_little ? first | (second << 8) : (first << 8) | second);
  };
  std::string plain;
  for (std::size_t at = 2; at + 1 < text.size(); at += 2) {
    std::uint32_t sign = unit(at);
    if (sign >= 0xD800 && sign < 0xDC00 && at + 3 < text.size()) {
      at += 2;
      sign = 0x10000 + ((sign - 0xD800) << 10) + ((unit(at) - 0xDC00) & 0x3FFU);
    }
    add_utf8(plain, sign);
  }
  return plain;
}

// JSON with blanks in the place of its comments, as templates may have them.
std::string without_comments(std::string_view text) {
  std::string plain(text);
  bool quoted = false;
  for (std::size_t at = 0; at < plain.size(); ++at) {
    if (quoted) {
      if (plain[at] == '\\')
        ++at;
      else if (plain[at] == '"')
        quoted = false;
      continue;
    }
    quoted = plain[at] == '"';
    const std::string_view rest = std::string_view(plain).substr(at);
    const bool is_line = rest.starts_with("//");
    if (!is_line && !rest.starts_with("/*")) continue;
    const std::size_t end = plain.find(is_line ? "\n" : "*/", at + 2);
    const std::size_t stop = end == std::string::npos ? plain.size() : end + (is_line ? 0U : 2U);
    for (; at < stop; ++at) {
      if (plain[at] != '\n') plain[at] = ' ';
    }
    --at;
  }
  return plain;
}

void indent(const json::value& value, int depth, std::string& text) {
  const std::string inner(static_cast<std::size_t>(depth + 1) * 2, ' ');
  const std::string outer(static_cast<std::size_t>(depth) * 2, ' ');
  if (value.is_object() && !value.get_object().empty()) {
    text += "{\n";
    std::size_t left = value.get_object().size();
    for (const auto& member : value.get_object()) {
      text += inner + json::serialize(json::string(member.key())) + ": ";
      indent(member.value(), depth + 1, text);
      text += --left > 0 ? ",\n" : "\n";
    }
    text += outer + "}";
  } else if (value.is_array() && !value.get_array().empty()) {
    text += "[\n";
    std::size_t left = value.get_array().size();
    for (const json::value& one : value.get_array()) {
      text += inner;
      indent(one, depth + 1, text);
      text += --left > 0 ? ",\n" : "\n";
    }
    text += outer + "]";
  } else {
    text += json::serialize(value);
  }
}

}  // namespace

int DefinitionText::line_of(std::string_view pointer) const {
  std::string at(pointer);
  while (true) {
    const auto found = lines.find(at);
    if (found != lines.end()) return found->second;
    const std::size_t slash = at.rfind('/');
    if (slash == std::string::npos) return 1;
    at.resize(slash);
  }
}

Result<DefinitionText> read_definition(std::string_view given) {
  DefinitionText read;
  if (given.size() > definition_max) return unreadable("the file is larger than 4 MiB");
  if (given.empty()) return unreadable("the file is empty");
  const std::string whole = in_utf8(given);
  const std::string_view text = whole;
  if (!is_plain_utf8(text))
    return unreadable("the file is no text: it is neither UTF-8 nor UTF-16");
  if (is_json(text)) {
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = depth_max;
    options.allow_trailing_commas = true;
    const std::string plain = without_comments(text);
    json::parser parser({}, options);
    const std::size_t end = parser.write(plain.data(), plain.size(), error);
    if (!error) read.value = parser.release();
    if (!error) {
      read.commented = plain != text;
      // JSON is YAML as well: for the lines. A file for which that is not true has none.
      if (!walk_yaml(plain, read.lines, false)) read.lines.clear();
      return read;
    }
    // A YAML document may begin with a flow mapping; if it is not one either, or has its names in
    // quotes, it was to be JSON: YAML would stop at its fault and be content with what it has.
    const std::size_t word = plain.find_first_not_of(" \t\r\n{[");
    if ((word != std::string::npos && plain[word] == '"') || !walk_yaml(text, read.lines, true))
      return unreadable(fmt::format(
          "line {}: it is no JSON: {}",
          1 + std::ranges::count(std::string_view(plain).substr(0, end), '\n'), error.message()));
  }
  read.yaml = true;
  read.value = TRY(walk_yaml(text, read.lines, true));
  if (!read.value.is_object() && !read.value.is_array())
    return unreadable("it is neither a JSON nor a YAML document of members");
  return read;
}

Result<std::string> patched(std::string_view given, const json::object& step) {
  DefinitionText read = TRY(read_definition(given));
  const std::string text = in_utf8(given);
  if (read.yaml) {
    try {
      return edit_yaml(text, step);
    } catch (const YAML::Exception& exception) {
      return unreadable(exception.msg);
    }
  }
  if (read.commented)
    return unreadable(
        "the file is JSON with comments, which mending would lose: change it by hand");
  TRY(preflight::apply(read.value, json::array{step}));
  return indented(read.value);
}

std::string indented(const json::value& value) {
  std::string text;
  indent(value, 0, text);
  return text + "\n";
}

}  // namespace batchyard::edge
