#include "edge/blobs/exchange.h"

#include <fmt/format.h>

#include <atomic>
#include <cerrno>
#include <cstdio>

#include "base/text.h"
#include "blob/batch.h"
#include "blob/codes.h"
#include "blob/limits.h"
#include "edge/blobs/byte_source.h"
#include "edge/clock/clock.h"
#include "edge/transfer/transfer.h"

namespace batchyard::edge {

namespace {

// One that no blob or container of this storage had before, as long as the clock goes forward.
std::string next_etag(Time now) {
  static std::atomic<std::uint64_t> last = 0;
  const auto ticks = static_cast<std::uint64_t>(now.time_since_epoch().count()) << 12U;
  std::uint64_t seen = last.load();
  std::uint64_t next = 0;
  do {
    next = std::max(ticks, seen + 1);
  } while (!last.compare_exchange_weak(seen, next));
  return fmt::format("\"0x{:X}\"", next);
}

bool is_ours(const Error& error) {
  return blob::facts_of(error).kind == Kind::internal;
}

// A source that the connection pulls: the disk is read by the crew.
BodySource pulled(const std::shared_ptr<ByteSource>& bytes, Crew& crew, std::string first) {
  const auto kept = std::make_shared<std::string>(std::move(first));
  return [bytes, &crew, kept](BodyPart part) {
    if (!kept->empty()) return part(std::exchange(*kept, {}));
    crew.post([bytes, part = std::move(part)]() mutable {
      Result<std::string> next = bytes->next();
      if (!next) fmt::print(stderr, "A download was broken off: {}\n", next.error().cause);
      part(std::move(next));
    });
  };
}

}  // namespace

Exchange::Exchange(BlobSite site, HttpRequest request, HttpReply reply)
    : site_(site),
      request_(std::move(request)),
      reply_(std::move(reply)),
      request_id_(random_guid()) {}

void Exchange::begin() {
  if (const Result<> admitted = admit(); !admitted) return refuse(admitted.error());
  const blob::Body body = blob::facts_of(admitted_.operation).body;
  if (body == blob::Body::none) return finish();
  if (body == blob::Body::piece) {
    auto writer = PieceWriter::begin(site_.store.shelf());
    if (!writer) return refuse(writer.error());
    writer_ = *std::move(writer);
  }
  if (!request_.source) return finish();
  pull();
}

Result<blob::Admitted> Exchange::admitted(const HttpRequest& request) {
  blob::Admitted admitted;
  TRY(site_.store.index().read([&](blob::Rows& rows) -> Result<> {
    admitted = TRY(blob::admit(site_.account, request, rows, site_.store.now()));
    return Done();
  }));
  return admitted;
}

Result<> Exchange::admit() {
  admitted_ = TRY(admitted(request_));
  return blob::check_head(admitted_, request_);
}

void Exchange::pull() {
  request_.source([self = shared_from_this()](Result<std::string> part) {
    self->site_.crew.post(
        [self, part = std::move(part)]() mutable { self->took(std::move(part)); });
  });
}

void Exchange::took(Result<std::string> part) {
  if (!part) return refuse(part.error());
  if (part->empty()) return finish();
  if (const Result<> taken = take(*part); !taken) return refuse(taken.error());
  pull();
}

Result<> Exchange::take(const std::string& part) {
  if (writer_) return writer_->add(part);
  if (request_.body.size() + part.size() > blob::text_body_max)
    return blob::refused("RequestBodyTooLarge");
  request_.body += part;
  return Done();
}

void Exchange::finish() {
  if (admitted_.operation == blob::Operation::submit_batch) {
    Result<HttpResponse> response = perform_batch();
    if (!response) return refuse(response.error());
    return reply_(*std::move(response));
  }
  Result<BlobStore::Acted> acted = perform();
  if (!acted) return refuse(acted.error());
  if (!acted->answer.fetch.empty()) return fetch(acted->answer.fetch);
  Result<HttpResponse> response = with_bytes(*std::move(acted));
  if (!response) return refuse(response.error());
  reply_(*std::move(response));
}

void Exchange::refuse(const Error& error) {
  writer_.reset();  // what is refused is gone when that is told
  if (is_ours(error))
    fmt::print(stderr, "A request to the storage failed ({}): {}\n", request_id_,
               error.cause.empty() ? error.message : error.cause);
  reply_(blob::response_of(request_, error, request_id_, site_.store.now()));
}

// Each part stands for itself: some may be refused.
Result<HttpResponse> Exchange::perform_batch() {
  std::vector<blob::BatchAnswer> answers;
  for (const blob::BatchPart& part : TRY(blob::parse_batch(request_, site_.account.name)))
    answers.push_back({part.id, perform_part(part.request)});
  return blob::response_of(request_, blob::batch_answer(answers, "batchresponse_" + random_guid()),
                           request_id_);
}

HttpResponse Exchange::perform_part(const HttpRequest& part) {
  const auto performed = [&]() -> Result<blob::Answer> {
    const blob::Admitted admitted_part = TRY(admitted(part));
    TRY(blob::check_batch_part(admitted_part));
    const blob::Call call = call_of(part, admitted_part);
    bool attempted = false;
    BlobStore::Acted acted = TRY(site_.store.write(
        [&call](blob::Rows& rows) { return blob::perform(call, rows); }, attempted));
    return std::move(acted.answer);
  };
  Result<blob::Answer> answer = performed();
  if (!answer) return blob::response_of(part, answer.error(), request_id_, site_.store.now());
  return blob::response_of(part, *std::move(answer), request_id_);
}

Result<BlobStore::Acted> Exchange::perform() {
  if (writer_) {
    const blob::Received received = TRY(writer_->seal());
    return act(&received);
  }
  BlobStore::Acted acted = TRY(act(nullptr));
  if (acted.answer.gather) return gather(std::move(acted));
  return acted;
}

// On threads of their own, for others' storages may take their time; then it is performed anew,
// with what has come.
void Exchange::fetch(const std::string& url) {
  site_.fetchers.post([self = shared_from_this(), url] {
    const Result<> fetched = self->download(url);
    self->site_.crew.post([self, fetched] {
      if (!fetched) return self->refuse(fetched.error());
      self->finish();
    });
  });
}

Result<> Exchange::download(const std::string& url) {
  writer_ = TRY(PieceWriter::begin(site_.store.shelf()));
  std::optional<Error> failure;
  TransferRequest request{
      .url = url, .headers = {"x-ms-version: 2021-12-02"}, .egress = &site_.egress};
  const std::string_view range = request_.header("x-ms-source-range");
  if (!range.empty()) request.headers.push_back(fmt::format("x-ms-range: {}", range));
  for (const std::string_view name :
       {"if-match", "if-none-match", "if-modified-since", "if-unmodified-since"}) {
    const std::string_view value = request_.header(fmt::format("x-ms-source-{}", name));
    if (!value.empty()) request.headers.push_back(fmt::format("{}: {}", name, value));
  }
  request.sink = [&](const char* bytes, std::size_t count) {
    if (writer_->size() + static_cast<std::int64_t>(count) > blob::whole_size_max) return EFBIG;
    const Result<> added = writer_->add({bytes, count});
    if (!added) failure = added.error();
    return added ? 0 : EIO;
  };
  Transfer transfer("");
  const TransferAnswer answer = transfer.perform(request, site_.halt);
  if (failure) return std::unexpected(*failure);
  if (answer.end == TransferEnd::sink_failed) return blob::refused("RequestBodyTooLarge");
  const bool met = answer.status != 412 && answer.status != 304;
  if (answer.end == TransferEnd::answered && !met) return blob::refused("SourceConditionNotMet");
  if (!answer.good() || (!range.empty() && answer.status != 206))
    return blob::refused(
        "CannotVerifyCopySource",
        fmt::format("{} could not be read: {}.", without_query(url), answer.in_words()));
  return Done();
}

blob::Call Exchange::call_of(const HttpRequest& request, const blob::Admitted& admitted) {
  const Time now = site_.store.now();
  return {.account = site_.account,
          .request = request,
          .admitted = admitted,
          .now = now,
          .etag = next_etag(now),
          .guid = random_guid(),
          .endpoint = site_.endpoint};
}

Result<BlobStore::Acted> Exchange::act(const blob::Received* received) {
  blob::Call call = call_of(request_, admitted_);
  call.received = received;
  const auto perform = [&call](blob::Rows& rows) { return blob::perform(call, rows); };
  if (!blob::facts_of(admitted_.operation).writes) return site_.store.read(perform);
  bool attempted = false;
  Result<BlobStore::Acted> acted = site_.store.write(perform, attempted);
  // Should the commit have failed, nobody knows what the index will say: the piece stays, and is
  // swept at the next start if it belongs to nothing.
  if (attempted && writer_ && received != nullptr) writer_->keep();
  return acted;
}

// The bytes become a piece of their own, and the request is performed with it.
Result<BlobStore::Acted> Exchange::gather(BlobStore::Acted acted) {
  ByteSource bytes(site_.store, *std::move(acted.answer.gather), std::move(acted.hold));
  writer_ = TRY(PieceWriter::begin(site_.store.shelf()));
  while (true) {
    const std::string part = TRY(bytes.next());
    if (part.empty()) break;
    TRY(writer_->add(part));
  }
  const blob::Received received = TRY(writer_->seal());
  return act(&received);
}

Result<HttpResponse> Exchange::with_bytes(BlobStore::Acted acted) {
  std::optional<blob::Bytes> send = std::move(acted.answer.send);
  HttpResponse response = blob::response_of(request_, std::move(acted.answer), request_id_);
  if (!send) return response;
  response.source_length = static_cast<std::uint64_t>(send->end - send->begin);
  if (request_.method == "HEAD") return response;
  const auto bytes =
      std::make_shared<ByteSource>(site_.store, *std::move(send), std::move(acted.hold));
  if (same_folded(request_.header("x-ms-range-get-content-md5"), "true")) {
    // At most 4 MiB (blob/blobs.cpp).
    blob::Md5 digest;
    for (std::string part = TRY(bytes->next()); !part.empty(); part = TRY(bytes->next())) {
      digest.add(part);
      response.body += part;
    }
    response.headers.push_back({"Content-MD5", digest.base64()});
    return response;
  }
  // The first part now: damage that is seen before the answer begins is told by it.
  std::string first = TRY(bytes->next());
  response.source = pulled(bytes, site_.crew, std::move(first));
  return response;
}

}  // namespace batchyard::edge
