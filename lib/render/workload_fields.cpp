#include "render/workload_fields.hpp"

#include <algorithm>
#include <array>

namespace oam::detail {

namespace {

// A type and its fields; behind > stands what type a field has, or each of its elements.
// Without one it may hold anything.
struct Type {
  std::string_view name, fields;
};

constexpr auto kTypes = std::to_array<Type>({
    {"deployments.apps", "apiVersion kind metadata>Meta spec>Deployment status"},
    {"statefulsets.apps", "apiVersion kind metadata>Meta spec>StatefulSet status"},
    {"daemonsets.apps", "apiVersion kind metadata>Meta spec>DaemonSet status"},
    {"jobs.batch", "apiVersion kind metadata>Meta spec>Job status"},
    {"cronjobs.batch", "apiVersion kind metadata>Meta spec>CronJob status"},
    {"Meta", "name generateName namespace labels annotations finalizers ownerReferences uid resourceVersion generation creationTimestamp "
             "deletionTimestamp deletionGracePeriodSeconds managedFields selfLink"},
    {"Deployment", "replicas selector>Selector template>Template strategy>Strategy minReadySeconds revisionHistoryLimit paused progressDeadlineSeconds"},
    {"StatefulSet", "replicas selector>Selector template>Template volumeClaimTemplates>Claim serviceName podManagementPolicy updateStrategy>Strategy "
                    "revisionHistoryLimit minReadySeconds persistentVolumeClaimRetentionPolicy>Retention ordinals>Ordinals"},
    {"DaemonSet", "selector>Selector template>Template updateStrategy>Strategy minReadySeconds revisionHistoryLimit"},
    {"Job", "parallelism completions activeDeadlineSeconds podFailurePolicy successPolicy backoffLimit selector>Selector manualSelector template>Template "
            "ttlSecondsAfterFinished completionMode suspend backoffLimitPerIndex maxFailedIndexes podReplacementPolicy managedBy"},
    {"CronJob", "schedule timeZone startingDeadlineSeconds concurrencyPolicy suspend jobTemplate>JobTemplate successfulJobsHistoryLimit failedJobsHistoryLimit"},
    {"JobTemplate", "metadata>Meta spec>Job"},
    {"Template", "metadata>Meta spec>Pod"},
    {"Selector", "matchLabels matchExpressions>Expression"},
    {"Expression", "key operator values"},
    {"Strategy", "type rollingUpdate>Rolling"},
    {"Rolling", "maxUnavailable maxSurge partition"},
    {"Retention", "whenDeleted whenScaled"},
    {"Ordinals", "start"},
    {"Claim", "apiVersion kind metadata>Meta spec>ClaimSpec status"},
    {"ClaimSpec", "accessModes selector>Selector resources>Resources volumeName storageClassName volumeMode dataSource dataSourceRef volumeAttributesClassName"},
    {"Pod", "volumes>Volume initContainers>Container containers>Container ephemeralContainers restartPolicy terminationGracePeriodSeconds activeDeadlineSeconds "
            "dnsPolicy dnsConfig>Dns nodeSelector nodeName serviceAccountName serviceAccount automountServiceAccountToken hostNetwork hostPID hostIPC hostUsers "
            "hostname hostnameOverride hostAliases>HostAlias subdomain setHostnameAsFQDN shareProcessNamespace securityContext>PodSecurity imagePullSecrets>Named "
            "affinity>Affinity schedulerName schedulingGates tolerations>Toleration priorityClassName priority preemptionPolicy readinessGates runtimeClassName "
            "enableServiceLinks overhead topologySpreadConstraints>Spread os resourceClaims resources>Resources workloadRef"},
    {"Container", "name image imagePullPolicy command args workingDir ports>Port envFrom>EnvFrom env>Env resources>Resources resizePolicy restartPolicy "
                  "restartPolicyRules volumeMounts>Mount volumeDevices>Device livenessProbe>Probe readinessProbe>Probe startupProbe>Probe lifecycle>Lifecycle "
                  "terminationMessagePath terminationMessagePolicy securityContext>Security stdin stdinOnce tty"},
    {"Port", "name containerPort hostPort protocol hostIP"},
    {"EnvFrom", "prefix configMapRef>Reference secretRef>Reference"},
    {"Env", "name value valueFrom>EnvSource"},
    {"EnvSource", "fieldRef>FieldRef resourceFieldRef>ResourceRef configMapKeyRef>KeyRef secretKeyRef>KeyRef fileKeyRef"},
    {"FieldRef", "apiVersion fieldPath"},
    {"ResourceRef", "containerName resource divisor"},
    {"KeyRef", "name key optional"},
    {"Reference", "name optional"},
    {"Named", "name"},
    {"Resources", "limits requests claims"},
    {"Mount", "name mountPath readOnly recursiveReadOnly subPath subPathExpr mountPropagation"},
    {"Device", "name devicePath"},
    {"Probe", "exec>Exec httpGet>HttpGet tcpSocket>Socket grpc>Grpc initialDelaySeconds timeoutSeconds periodSeconds successThreshold failureThreshold "
              "terminationGracePeriodSeconds"},
    {"Lifecycle", "postStart>Handler preStop>Handler stopSignal"},
    {"Handler", "exec>Exec httpGet>HttpGet tcpSocket>Socket sleep"},
    {"Exec", "command"},
    {"HttpGet", "path port host scheme httpHeaders"},
    {"Socket", "port host"},
    {"Grpc", "port service"},
    {"Security", "capabilities>Capabilities privileged seLinuxOptions windowsOptions runAsUser runAsGroup runAsNonRoot readOnlyRootFilesystem "
                 "allowPrivilegeEscalation procMount seccompProfile appArmorProfile"},
    {"Capabilities", "add drop"},
    {"PodSecurity", "seLinuxOptions seLinuxChangePolicy windowsOptions runAsUser runAsGroup runAsNonRoot supplementalGroups supplementalGroupsPolicy fsGroup "
                    "fsGroupChangePolicy sysctls seccompProfile appArmorProfile"},
    {"Affinity", "nodeAffinity podAffinity podAntiAffinity"},
    {"Toleration", "key operator value effect tolerationSeconds"},
    {"HostAlias", "ip hostnames"},
    {"Dns", "nameservers searches options"},
    {"Spread", "maxSkew topologyKey whenUnsatisfiable labelSelector>Selector minDomains nodeAffinityPolicy nodeTaintsPolicy matchLabelKeys"},
    {"Volume", "name emptyDir>EmptyDir hostPath>HostPath configMap>ConfigMap secret>Secret persistentVolumeClaim>ClaimRef projected downwardAPI csi ephemeral nfs "
               "image iscsi fc azureDisk azureFile awsElasticBlockStore gcePersistentDisk cephfs cinder flexVolume flocker gitRepo glusterfs "
               "photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos vsphereVolume"},
    {"EmptyDir", "medium sizeLimit"},
    {"HostPath", "path type"},
    {"ConfigMap", "name items defaultMode optional"},
    {"Secret", "secretName items defaultMode optional"},
    {"ClaimRef", "claimName readOnly"},
});

const Type* find_type(std::string_view name) {
  const auto found = std::ranges::find(kTypes, name, &Type::name);
  return found == kTypes.end() ? nullptr : found;
}

// Each field of a type, and the type it has: take(field, type).
template <class Take>
void each_field(std::string_view type, const Take& take) {
  for (std::string_view rest = find_type(type)->fields; !rest.empty();) {
    const std::string_view one = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    const std::size_t mark = std::min(one.find('>'), one.size());
    take(one.substr(0, mark), one.substr(std::min(mark + 1, one.size())));
  }
}

}  // namespace

WorkloadFields::WorkloadFields(std::span<const std::string> workloads) {
  for (const std::string& each : workloads) {
    const Type* known = each.find('.') == each.npos ? nullptr : find_type(each);
    if (known) types_.push_back(known->name);
  }
  if (types_.size() < workloads.size()) types_.clear();
}

bool WorkloadFields::has(std::string_view field) const {
  const auto all = names();
  return std::ranges::find(all, field) != all.end();
}

WorkloadFields WorkloadFields::below(std::string_view field) const {
  WorkloadFields made;
  if (anything() && field == "metadata") made.types_ = {"Meta"};
  bool open = false;
  for (const std::string_view type : types_)
    each_field(type, [&](std::string_view name, std::string_view of) {
      if (name != field) return;
      if (of.empty()) open = true;
      else made.types_.push_back(of);
    });
  if (open) made.types_.clear();
  return made;
}

std::vector<std::string_view> WorkloadFields::names() const {
  std::vector<std::string_view> all;
  for (const std::string_view type : types_) each_field(type, [&](std::string_view name, std::string_view) { all.push_back(name); });
  return all;
}

}  // namespace oam::detail
