// One request to the blob endpoint and its answer. It lives for as long as either is under way, on
// the crew's threads; when the caller has gone, what was uploaded so far goes with it. Internal to
// the blob server.
#pragma once

#include <memory>
#include <string>

#include "base/http_message.h"
#include "blob/service.h"
#include "edge/blobs/blob_store.h"
#include "edge/blobs/crew.h"
#include "edge/transfer/egress.h"
#include "edge/transfer/halt.h"

namespace batchyard::edge {

// What all of them share.
struct BlobSite {
  const blob::Account& account;
  const std::string& endpoint;
  BlobStore& store;
  Crew& crew;
  Crew& fetchers;  // wait for other storages
  const Halt& halt;
  const Egress& egress;  // where copies may come from
};

class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  Exchange(BlobSite site, HttpRequest request, HttpReply reply);

  void begin();

 private:
  Result<> admit();
  void pull();
  void took(Result<std::string> part);
  Result<> take(const std::string& part);
  void finish();
  Result<BlobStore::Acted> perform();
  Result<HttpResponse> perform_batch();
  HttpResponse perform_part(const HttpRequest& part);
  Result<blob::Admitted> admitted(const HttpRequest& request);
  blob::Call call_of(const HttpRequest& request, const blob::Admitted& admitted);
  Result<BlobStore::Acted> act(const blob::Received* received);
  void fetch(const std::string& url);
  Result<> download(const std::string& url);
  Result<BlobStore::Acted> gather(BlobStore::Acted acted);
  Result<HttpResponse> with_bytes(BlobStore::Acted acted);
  void refuse(const Error& error);

  BlobSite site_;
  HttpRequest request_;
  HttpReply reply_;
  std::string request_id_;
  blob::Admitted admitted_;
  std::unique_ptr<PieceWriter> writer_;
};

}  // namespace batchyard::edge
