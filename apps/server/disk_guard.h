// A full disk makes the service read-only, with an error that says so: what users ask for is
// refused while there is too little room, and the room that is kept is for what goes on anyway (the
// reports of agents).
#pragma once

#include <string>

#include "engine/command.h"

namespace batchyard::server {

class DiskGuard : public engine::Inbox {
 public:
  DiskGuard(std::string directory, engine::Inbox& inbox)
      : directory_(std::move(directory)), inbox_(inbox) {}
  // Deleting is always allowed: it makes room.
  void submit(engine::Command command, engine::OnDone done) override;

 private:
  std::string directory_;
  engine::Inbox& inbox_;
};

}  // namespace batchyard::server
