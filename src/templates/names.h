// The names that expressions of a deployment's template may use: of this folder alone.
#pragma once

#include "templates/deployment.h"

namespace batchyard::templates {

class Deployment::Names : public Scope {
 public:
  Names(Deployment& owner, Stage stage) : Scope(owner.limits_), owner_(owner), stage_(stage) {}

  Result<boost::json::value> parameter(const std::string& name) override;
  Result<boost::json::value> variable(const std::string& name) override;
  Result<boost::json::value> outside(const std::string& function,
                                     const boost::json::array& arguments) override;
  Result<boost::json::value> own_function(const std::string& name,
                                          const boost::json::array& arguments) override;

 private:
  class Own;
  Deployment& owner_;
  Stage stage_;
};

}  // namespace batchyard::templates
