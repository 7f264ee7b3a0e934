#include "templates/relaxed_json.h"

#include <cctype>

namespace batchyard::templates {

namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::string run() {
    while (at_ < text_.size()) step();
    return std::move(plain_);
  }

 private:
  std::string_view rest() const { return text_.substr(at_); }

  void step() {
    if (text_[at_] == '"') return quoted();
    if (rest().starts_with("//")) return skip_to(text_.find('\n', at_), 0);
    if (rest().starts_with("/*")) return skip_to(text_.find("*/", at_ + 2), 2);
    const auto letter = static_cast<unsigned char>(text_[at_]);
    if (std::isalpha(letter) != 0 || letter == '_' || letter == '$') return word();
    // A number's 'e' belongs to it.
    if (std::isdigit(letter) != 0) return number();
    plain_ += text_[at_++];
  }

  // Line breaks stay: errors say in which line they are.
  void skip_to(std::size_t end, std::size_t with) {
    end = end == std::string_view::npos ? text_.size() : end + with;
    plain_ += ' ';
    for (; at_ < end; ++at_) {
      if (text_[at_] == '\n') plain_ += '\n';
    }
  }

  void quoted() {
    plain_ += text_[at_++];
    while (at_ < text_.size()) {
      const char letter = text_[at_++];
      if (letter == '\n') {
        plain_ += "\\n";
      } else if (letter == '\r') {
        plain_ += "\\r";
      } else if (letter == '\t') {
        plain_ += "\\t";
      } else {
        plain_ += letter;
      }
      if (letter == '"') return;
      if (letter == '\\' && at_ < text_.size()) plain_ += text_[at_++];
    }
  }

  void word() {
    const std::size_t start = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 ||
                                  text_[at_] == '_' || text_[at_] == '$'))
      ++at_;
    std::size_t next = at_;
    while (next < text_.size() && std::isspace(static_cast<unsigned char>(text_[next])) != 0)
      ++next;
    const bool is_name = next < text_.size() && text_[next] == ':';
    if (is_name) plain_ += '"';
    plain_ += text_.substr(start, at_ - start);
    if (is_name) plain_ += '"';
  }

  void number() {
    while (at_ < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '.'))
      plain_ += text_[at_++];
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string plain_;
};

}  // namespace

std::string plain_json(std::string_view relaxed) {
  return Reader(relaxed).run();
}

}  // namespace batchyard::templates
