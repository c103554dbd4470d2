// The actions that workflow steps call, as KubeVela's packages name them: what reaches
// the host, and what is answered within. docs/workflow.md tells parameters and answers.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <oam/version.hpp>

namespace oam {

enum class Action : std::uint8_t {
  // Objects of Kubernetes
  kube_apply, kube_apply_in_parallel, kube_read, kube_list, kube_delete, kube_patch, kube_get,
  // The world outside
  http_do, email_send, metrics_prom_check, helm_render, util_log,
  // Configs of the platform
  config_create, config_read, config_list, config_delete,
  // The application that the workflow belongs to
  oam_component_apply, oam_component_render, oam_load, oam_load_policies, oam_load_comps_in_order,
  // Where it goes
  multicluster_deploy, multicluster_list_clusters, multicluster_get_placements, multicluster_make_placement_decisions,
  multicluster_patch_application, terraform_load_components, terraform_get_connection_status,
  // What it consists of
  query_list_resources_in_app, query_list_applied_resources, query_collect_resources, query_collect_service_endpoints,
  query_search_events, query_collect_logs_in_pod,
  // Answered within: how the step goes on, and plain functions
  wait, suspend, end, fail, message, variable, bytes_to_text, patch_object, date_to_timestamp, timestamp_to_date,
  text_to_base64, base64_to_text, unify,
};

// One name of an action.
struct ActionName {
  Action action;
  std::string_view provider, name;   // kube, apply
  bool flat = false;                 // vela/op, vela/ql: parameters and answer stand in one struct, without $params and $returns
};

OAM_API std::span<const ActionName> action_names();   // by action; the first name of each is its own
OAM_API const ActionName* find_action(std::string_view provider, std::string_view name);   // null: nobody knows it
OAM_API const ActionName& name_of(Action action);     // kube/apply, also for op's
OAM_API bool reaches_host(Action action);

}  // namespace oam
