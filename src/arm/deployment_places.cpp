// Where deployments are asked for.
#include "arm/place.h"

namespace batchyard::arm {

std::span<const Management::Place> Management::deployment_places() {
  static constexpr Place all[] = {
      {"GET",
       "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Resources/"
       "deployments",
       &Management::list_deployments},
      {"PUT",
       "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Resources/"
       "deployments/{deployment}",
       &Management::put_deployment, Verb::write},
      {"GET",
       "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Resources/"
       "deployments/{deployment}",
       &Management::get_deployment},
      {"HEAD",
       "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Resources/"
       "deployments/{deployment}",
       &Management::deployment_exists},
      {"DELETE",
       "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Resources/"
       "deployments/{deployment}",
       &Management::delete_deployment, Verb::write},
      {"POST",
       "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Resources/"
       "deployments/{deployment}/validate",
       &Management::validate_deployment, Verb::write},
      {"POST",
       "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Resources/"
       "deployments/{deployment}/whatIf",
       &Management::foresee_deployment, Verb::write},
      {"POST",
       "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Resources/"
       "deployments/{deployment}/cancel",
       &Management::cancel_deployment, Verb::write},
      {"POST",
       "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Resources/"
       "deployments/{deployment}/exportTemplate",
       &Management::export_template, Verb::write},
      {"GET",
       "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Resources/"
       "deployments/{deployment}/operations",
       &Management::list_deployment_operations},
      {"GET",
       "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Resources/"
       "deployments/{deployment}/operations/{operation}",
       &Management::get_deployment_operation},
      {"GET",
       "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Resources/"
       "deployments/{deployment}/operationStatuses/{operation}",
       &Management::show_deployment_progress},
      {"PUT",
       "/subscriptions/{subscription}/providers/Microsoft.Resources/deployments/{deployment}",
       &Management::refuse_scope, Verb::write},
      {"POST",
       "/subscriptions/{subscription}/providers/Microsoft.Resources/deployments/{deployment}/"
       "validate",
       &Management::refuse_scope, Verb::write},
      {"POST",
       "/subscriptions/{subscription}/providers/Microsoft.Resources/deployments/{deployment}/"
       "whatIf",
       &Management::refuse_scope, Verb::write},
      {"GET", "/subscriptions/{subscription}/providers/Microsoft.Resources/deployments",
       &Management::refuse_scope},
      // As clients ask for operations.
      {"GET",
       "/subscriptions/{subscription}/resourceGroups/{group}/deployments/{deployment}/operations",
       &Management::list_deployment_operations},
      {"GET",
       "/subscriptions/{subscription}/resourceGroups/{group}/deployments/{deployment}/operations/"
       "{operation}",
       &Management::get_deployment_operation},
  };
  return all;
}

}  // namespace batchyard::arm
