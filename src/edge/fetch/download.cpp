#include "edge/fetch/download.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>

#include "edge/files/beneath.h"

namespace batchyard::edge {

namespace {

// Each of them brings something, or it is the last.
constexpr int rounds_max = 50;

class Download {
 public:
  Download(Transfer& transfer, Halt& halt, TransferRequest request, int file)
      : transfer_(transfer), halt_(halt), request_(std::move(request)), file_(file) {
    headers_ = request_.headers;
    request_.begin = [this](const TransferHead& head) { return begin(head); };
    request_.sink = [this](const char* bytes, std::size_t count) { return add(bytes, count); };
  }

  TransferAnswer run() {
    for (int round = 1;; ++round) {
      const std::int64_t before = size_;
      const TransferAnswer answer =
          transfer_.perform_patiently(request_, halt_, [this] { ask_for_rest(); });
      const bool moved = size_ > before && answer.may_try_again() && !halt_.is_set();
      if (!moved && !is_another(answer)) return answer;
      if (round == rounds_max) return answer;
      if (!moved) etag_.clear();
    }
  }

 private:
  // It has been replaced meanwhile, or a part of it cannot be had.
  bool is_another(const TransferAnswer& answer) const {
    if (etag_.empty()) return false;
    return wrong_part_ ||
           (answer.end == TransferEnd::answered && (answer.status == 412 || answer.status == 416));
  }

  void ask_for_rest() {
    wrong_part_ = false;
    request_.headers = headers_;
    // A weak one says nothing about bytes.
    asks_rest_ = size_ > 0 && etag_.starts_with('"');
    if (!asks_rest_) return;
    request_.headers.push_back(fmt::format("Range: bytes={}-", size_));
    request_.headers.push_back("If-Match: " + etag_);
  }

  int begin(const TransferHead& head) {
    if (head.status == 206) {
      wrong_part_ = !asks_rest_ || head.from != size_ || head.etag != etag_;
      return wrong_part_ ? EPROTO : 0;
    }
    etag_ = head.etag;
    size_ = 0;
    return ftruncate(file_, 0) == 0 && lseek(file_, 0, SEEK_SET) == 0 ? 0 : errno;
  }

  int add(const char* bytes, std::size_t count) {
    const int error = write_all_to(file_, bytes, count);
    if (error == 0) size_ += static_cast<std::int64_t>(count);
    return error;
  }

  Transfer& transfer_;
  Halt& halt_;
  TransferRequest request_;
  int file_;
  std::vector<std::string> headers_;
  std::string etag_;       // of what is in the file
  std::int64_t size_ = 0;  // of it
  bool asks_rest_ = false;
  bool wrong_part_ = false;
};

}  // namespace

TransferAnswer download(Transfer& transfer, Halt& halt, TransferRequest request, int file) {
  return Download(transfer, halt, std::move(request), file).run();
}

}  // namespace batchyard::edge
