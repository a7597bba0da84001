/** Where a kind keeps its pod template; an empty path for the resource itself. */
export interface WorkloadKind {
  kind: string;
  groups: readonly string[];
  template: string;
  longRunning: boolean;
}

/**
 * The kinds that make pods from a template we can read. The group matters: `Service` of `serving.knative.dev`
 * is no Service, and a `Deployment` of another group is not Kubernetes' own. `extensions` was removed in
 * Kubernetes 1.16 (Deprecated API Migration Guide); its manifests still say what they mean.
 */
const WORKLOAD_KINDS: readonly WorkloadKind[] = [
  { kind: "Deployment", groups: ["apps", "extensions"], template: "spec.template", longRunning: true },
  { kind: "ReplicaSet", groups: ["apps", "extensions"], template: "spec.template", longRunning: true },
  {
    kind: "DaemonSet",
    groups: ["apps", "extensions", "apps.kruise.io"],
    template: "spec.template",
    longRunning: true,
  },
  { kind: "StatefulSet", groups: ["apps", "apps.kruise.io"], template: "spec.template", longRunning: true },
  { kind: "CloneSet", groups: ["apps.kruise.io"], template: "spec.template", longRunning: true },
  { kind: "ReplicationController", groups: [""], template: "spec.template", longRunning: true },
  { kind: "DeploymentConfig", groups: ["apps.openshift.io"], template: "spec.template", longRunning: true },
  { kind: "Rollout", groups: ["argoproj.io"], template: "spec.template", longRunning: true },
  { kind: "Job", groups: ["batch"], template: "spec.template", longRunning: false },
  { kind: "CronJob", groups: ["batch"], template: "spec.jobTemplate.spec.template", longRunning: false },
  { kind: "PodTemplate", groups: [""], template: "template", longRunning: false },
  { kind: "Pod", groups: [""], template: "", longRunning: false },
];

/** What is known of a kind that makes pods, or undefined for any other. */
export function workloadKind(group: string, kind: string): WorkloadKind | undefined {
  return WORKLOAD_KINDS.find((candidate) => candidate.kind === kind && candidate.groups.includes(group));
}

/** The group of an apiVersion: `apps` of `apps/v1`, empty for `v1`. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}
