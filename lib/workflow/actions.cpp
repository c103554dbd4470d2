#include <oam/action.hpp>

#include <algorithm>

namespace oam {

namespace {

using A = Action;

// The first name of an action is its own; those behind are of older packages.
constexpr ActionName kNames[] = {
    {A::kube_apply, "kube", "apply"},
    {A::kube_apply, "op", "apply", true},
    {A::kube_apply_in_parallel, "kube", "apply-in-parallel"},
    {A::kube_apply_in_parallel, "op", "apply-in-parallel", true},
    {A::kube_read, "kube", "read"},
    {A::kube_read, "op", "read", true},
    {A::kube_list, "kube", "list"},
    {A::kube_list, "op", "list", true},
    {A::kube_delete, "kube", "delete"},
    {A::kube_delete, "op", "delete", true},
    {A::kube_patch, "kube", "patch"},
    {A::kube_patch, "op", "patch", true},
    {A::kube_get, "kube", "get"},
    {A::http_do, "http", "do"},
    {A::http_do, "op", "do", true},
    {A::email_send, "email", "send"},
    {A::email_send, "op", "send", true},
    {A::metrics_prom_check, "metrics", "promCheck"},
    {A::metrics_prom_check, "op", "promCheck", true},
    {A::helm_render, "helm", "render"},
    {A::util_log, "util", "log"},
    {A::util_log, "op", "log", true},
    {A::config_create, "config", "create"},
    {A::config_create, "op", "create-config", true},
    {A::config_read, "config", "read"},
    {A::config_read, "op", "read-config", true},
    {A::config_list, "config", "list"},
    {A::config_list, "op", "list-config", true},
    {A::config_delete, "config", "delete"},
    {A::config_delete, "op", "delete-config", true},
    {A::oam_component_apply, "oam", "component-apply"},
    {A::oam_component_apply, "op", "component-apply", true},
    {A::oam_component_render, "oam", "component-render"},
    {A::oam_component_render, "op", "component-render", true},
    {A::oam_load, "oam", "load"},
    {A::oam_load, "op", "load", true},
    {A::oam_load_policies, "oam", "load-policies"},
    {A::oam_load_policies, "op", "load-policies", true},
    {A::oam_load_comps_in_order, "oam", "load-comps-in-order"},
    {A::oam_load_comps_in_order, "op", "load-comps-in-order", true},
    {A::multicluster_deploy, "multicluster", "deploy"},
    {A::multicluster_deploy, "op", "deploy", true},
    {A::multicluster_list_clusters, "multicluster", "list-clusters"},
    {A::multicluster_list_clusters, "op", "list-clusters", true},
    {A::multicluster_get_placements, "multicluster", "get-placements-from-topology-policies"},
    {A::multicluster_get_placements, "op", "get-placements-from-topology-policies", true},
    {A::multicluster_make_placement_decisions, "multicluster", "make-placement-decisions"},
    {A::multicluster_make_placement_decisions, "op", "make-placement-decisions", true},
    {A::multicluster_patch_application, "multicluster", "patch-application"},
    {A::multicluster_patch_application, "op", "patch-application", true},
    {A::terraform_load_components, "terraform", "load-terraform-components"},
    {A::terraform_load_components, "op", "load-terraform-components", true},
    {A::terraform_get_connection_status, "terraform", "get-connection-status"},
    {A::terraform_get_connection_status, "op", "get-connection-status", true},
    {A::query_list_resources_in_app, "query", "listResourcesInApp"},
    {A::query_list_resources_in_app, "ql", "listResourcesInApp", true},
    {A::query_list_applied_resources, "query", "listAppliedResources"},
    {A::query_list_applied_resources, "ql", "listAppliedResources", true},
    {A::query_collect_resources, "query", "collectResources"},
    {A::query_collect_resources, "ql", "collectResources", true},
    {A::query_collect_service_endpoints, "query", "collectServiceEndpoints"},
    {A::query_collect_service_endpoints, "ql", "collectServiceEndpoints", true},
    {A::query_search_events, "query", "searchEvents"},
    {A::query_search_events, "ql", "searchEvents", true},
    {A::query_collect_logs_in_pod, "query", "collectLogsInPod"},
    {A::query_collect_logs_in_pod, "ql", "collectLogsInPod", true},
    {A::wait, "builtin", "wait"},
    {A::wait, "op", "wait", true},
    {A::suspend, "builtin", "suspend"},
    {A::suspend, "op", "suspend", true},
    {A::end, "builtin", "break"},
    {A::end, "op", "break", true},
    {A::fail, "builtin", "fail"},
    {A::fail, "op", "fail", true},
    {A::message, "builtin", "message"},
    {A::message, "op", "message", true},
    {A::variable, "builtin", "var"},
    {A::variable, "op", "var", true},
    {A::bytes_to_text, "util", "string"},
    {A::bytes_to_text, "op", "string", true},
    {A::patch_object, "util", "patch-k8s-object"},
    {A::patch_object, "op", "patch-k8s-object", true},
    {A::date_to_timestamp, "time", "timestamp"},
    {A::date_to_timestamp, "op", "timestamp", true},
    {A::timestamp_to_date, "time", "date"},
    {A::timestamp_to_date, "op", "date", true},
    {A::text_to_base64, "base64", "encode"},
    {A::base64_to_text, "base64", "decode"},
    {A::unify, "cue", "strategyUnify"},
};

}  // namespace

std::span<const ActionName> action_names() { return kNames; }

const ActionName* find_action(std::string_view provider, std::string_view name) {
  const auto* found = std::ranges::find_if(kNames, [&](const ActionName& each) { return each.provider == provider && each.name == name; });
  return found == std::end(kNames) ? nullptr : found;
}

const ActionName& name_of(Action action) { return *std::ranges::find(kNames, action, &ActionName::action); }

bool reaches_host(Action action) { return action < Action::wait; }

}  // namespace oam
