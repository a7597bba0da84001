import { isKnownProvider } from "../facts/provides.ts";

/**
 * Kinds that make nothing that a manifest could refer to, or only what `references` and `provides` know of.
 * Kinds without an entry may belong to an operator that makes ConfigMaps, Secrets, Services and pods.
 */
const INERT: Readonly<Record<string, readonly string[] | "all">> = {
  // docs of the prometheus-operator, "API reference": these configure Prometheus and Alertmanager
  "monitoring.coreos.com": [
    "ServiceMonitor",
    "PodMonitor",
    "PrometheusRule",
    "Probe",
    "AlertmanagerConfig",
    "ScrapeConfig",
  ],
  "argoproj.io": [
    "Rollout",
    "AnalysisTemplate",
    "ClusterAnalysisTemplate",
    "Experiment",
    "AnalysisRun",
    "AppProject",
  ],
  "keda.sh": ["ScaledObject", "ScaledJob", "TriggerAuthentication", "ClusterTriggerAuthentication"],
  "networking.istio.io": [
    "VirtualService",
    "DestinationRule",
    "Gateway",
    "ServiceEntry",
    "Sidecar",
    "EnvoyFilter",
  ],
  "security.istio.io": "all",
  "traefik.io": "all",
  "traefik.containo.us": "all",
  "split.smi-spec.io": "all",
  "external-secrets.io": ["SecretStore", "ClusterSecretStore"],
  "flagger.app": ["MetricTemplate", "AlertProvider"],
  "kustomize.config.k8s.io": "all",
  "networking.gke.io": "all",
  "cloud.google.com": ["BackendConfig"],
};

/** Kubernetes' own groups that have a dot; the others (`apps`, `batch` …) have none. */
const OWN_GROUPS =
  /^(?:rbac\.authorization|networking|policy|storage|admissionregistration|apiextensions|coordination|discovery|events|flowcontrol\.apiserver|node|scheduling|gateway\.networking|certificates|resource)\.k8s\.io$|^apiregistration\.k8s\.io$/;

/** Whether it is known what a resource of this kind makes. */
export function isUnderstood(group: string, kind: string): boolean {
  if (!group.includes(".") || OWN_GROUPS.test(group)) return true;
  const inert = INERT[group];
  return inert === "all" || (inert?.includes(kind) ?? false) || isKnownProvider(group, kind);
}
