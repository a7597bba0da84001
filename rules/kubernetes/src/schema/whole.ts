import type { Place } from "@yantra-lint/yaml";
import type { Resource } from "../language/nodes.ts";

/** What a patch leaves out, by group and kind: where all of it stands, the resource is no patch. */
const MARKS: Readonly<Record<string, readonly string[]>> = {
  "apps/DaemonSet": ["spec.selector", "spec.template.spec.containers"],
  "apps/Deployment": ["spec.selector", "spec.template.spec.containers"],
  "apps/ReplicaSet": ["spec.selector", "spec.template.spec.containers"],
  "apps/StatefulSet": ["spec.selector", "spec.template.spec.containers"],
  "argoproj.io/AnalysisTemplate": ["spec.metrics"],
  "argoproj.io/ClusterAnalysisTemplate": ["spec.metrics"],
  "argoproj.io/Experiment": ["spec.templates"],
  "argoproj.io/Rollout": ["spec.selector", "spec.strategy"],
  "autoscaling/HorizontalPodAutoscaler": ["spec.scaleTargetRef"],
  "batch/CronJob": ["spec.schedule", "spec.jobTemplate.spec.template.spec.containers"],
  "batch/Job": ["spec.template.spec.containers", "spec.template.spec.restartPolicy"],
  "flagger.app/Canary": ["spec.targetRef", "spec.analysis"],
  "flagger.app/MetricTemplate": ["spec.provider"],
  "monitoring.coreos.com/PodMonitor": ["spec.selector", "spec.podMetricsEndpoints"],
  "monitoring.coreos.com/PrometheusRule": ["spec.groups"],
  "monitoring.coreos.com/ServiceMonitor": ["spec.selector", "spec.endpoints"],
  "networking.k8s.io/Ingress": ["spec.rules"],
  "networking.k8s.io/NetworkPolicy": ["spec.podSelector"],
  "rbac.authorization.k8s.io/ClusterRole": ["rules"],
  "rbac.authorization.k8s.io/ClusterRoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/Role": ["rules"],
  "rbac.authorization.k8s.io/RoleBinding": ["roleRef"],
  "/Pod": ["spec.containers"],
  "/ReplicationController": ["spec.selector", "spec.template.spec.containers"],
  "/Service": ["spec.selector", "spec.ports"],
};

/**
 * Whether a resource is complete, so that what it lacks is lacking. A kustomize patch and the part of a resource that
 * another tool completes look the same but have only what they change. Where it is not certain, it is taken for a part.
 */
export function isWhole({ group, kind, place, workload, patch }: Resource): boolean {
  if (patch) return false;
  const marks = MARKS[`${group}/${kind}`];
  if (!marks || marks.some((path) => place.find(path) === undefined)) return false;
  const containers = workload?.podTemplate?.containers;
  return (
    containers === undefined || containers.some((container) => container.place.find("image") !== undefined)
  );
}

/** Whether the resource is for a tool that makes another of it first: a patch with directives, a file SOPS encrypted. */
export function isRewritten(place: Place): boolean {
  return place.entries().some(([key]) => key.startsWith("$") || key === "sops");
}
