// The world of a recorded exchange: what must be there so that our service can be asked the same.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "api/operations.h"
#include "api/schema.h"
#include "service/service_test.h"

namespace batchyard::service {

class RecordedWorld : public ServiceTest {
 protected:
  // Of which exchange it is.
  void read(const boost::json::object& exchange);
  // Adds what the exchange is about, as it is described there; puts our ids into the request.
  void prepare();
  Answer ask();

  // The code of a recorded refusal; the body of what was shown.
  std::string refusal() const;
  const boost::json::object* shown() const;

  std::string operation_, version_, path_;
  boost::json::object asked_, told_;

 private:
  boost::json::object addable(api::Model model, const boost::json::object& shown) const;
  void add_applications(const boost::json::object& body);
  void add(const std::string& list, boost::json::object body);
  void add_shown_pool(const std::string& id, const boost::json::object& shown_pool);
  void raise_nodes(const std::string& pool);
  void prepare_pool();
  void prepare_node(const std::string& pool);
  void prepare_job();
  void prepare_task(const std::string& job);
  void prepare_schedule();
  void prepare_certificate();
  void prepare_list();

  const api::OperationFacts* facts_ = nullptr;
  std::vector<std::string> parameters_;
};

}  // namespace batchyard::service
