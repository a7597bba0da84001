import type { FactBase } from "./fact-base.ts";
import type { Region } from "./positions.ts";

/** A name in a manifest that must exist elsewhere. Region: the name's value. */
export interface ReferenceFact extends Region {
  kind: string;
  name: string;
  namespace?: string;
  /** Key inside a ConfigMap or Secret. */
  key?: string;
  /** `optional: true` in the manifest: the pod starts without it. */
  optional: boolean;
  /** Where it stands, for messages: `spec.template.spec.containers[0].envFrom[0]`. */
  at: string;
}

export interface HttpProbeFact extends Region {
  probe: "startup" | "readiness" | "liveness";
  /** Path without query; region is the path's value (or the httpGet key when the path is left out: "/"). */
  httpPath: string;
  port: string | number;
}

/** A container of a pod template. Region: the value of its `name`. */
export interface ContainerFact extends Region {
  name: string;
  /** Empty when there is none or it is not a text, as in a patch. */
  image: string;
  /** Region of the image's value, quotes excluded; absent when `image` is empty. */
  imageRegion?: Region;
  /** `imagePullPolicy: Never`: the image is put on the node by hand, as on a developer's own cluster. */
  neverPulled?: true;
  init: boolean;
  ports: { name?: string; port: number }[];
  httpProbes: HttpProbeFact[];
}

/**
 * How a workload's pods are replaced, as its manifest says it. Region: the value that decides, or the key that
 * should hold it.
 */
export interface UpdateFact extends Region {
  /** Such as `RollingUpdate`, `Recreate`, `OnDelete`, `canary`; empty for a Rollout without any. */
  strategy: string;
  /** Absent when the manifest leaves it to an autoscaler or to the default. */
  replicas?: number;
  /** As written: a whole number or a percentage. */
  maxUnavailable?: number | string;
  maxSurge?: number | string;
}

/** A Kubernetes resource. Region: the value of `metadata.name`, or of `kind` when it has none. */
export interface ResourceFact extends FactBase<"resource"> {
  apiVersion: string;
  kind: string;
  name: string;
  namespace?: string;
  /** It is certainly a patch: merged into a resource that stands elsewhere, so it has only what it changes. */
  patch?: true;
  /** False when parts could not be read (templates, unresolved aliases): absence then proves nothing. */
  complete: boolean;
  labels: Record<string, string>;
  /** Labels of the pods it makes; absent when it makes none. */
  podLabels?: Record<string, string>;
  /** Labels of pods that it makes beside these, one entry for each template: those of an experiment. */
  otherPodLabels?: Record<string, string>[];
  /** A Service's `spec.selector`, or a workload's `spec.selector.matchLabels`; region is the selector's. */
  selector?: { labels: Record<string, string> } & Region;
  /** A headless Service without ports: a name in the DNS that says nothing of requests. */
  portless?: true;
  /** Keys of a ConfigMap's or Secret's data; absent when something else may add keys. */
  keys?: string[];
  /** What a controller makes from it: a Secret from a SealedSecret, a Service from a Flagger Canary. */
  provides?: { kind: string; name: string }[];
  /** How its pods are updated; absent when it says nothing of it, and for what is updated by nobody. */
  update?: UpdateFact;
  /** Two of its pods may not be able to run beside each other: they share a volume, or a port or device of their node. */
  exclusive?: true;
  references: ReferenceFact[];
  containers: ContainerFact[];
}

/**
 * A kustomization file. Its generators and name changes decide which names exist after rendering.
 */
export interface KustomizationFact extends FactBase<"kustomization"> {
  /** Paths relative to the repository's root. */
  resources: string[];
  /** Resources from other repositories or URLs: what they hold is unknown. */
  remote: boolean;
  namespace?: string;
  namePrefix: string;
  nameSuffix: string;
  /** Names of ConfigMaps and Secrets that generators make. */
  generated: { kind: "ConfigMap" | "Secret"; name: string }[];
  /** Components it mixes in; paths as in `resources`. A component's changes reach all of its resources. */
  components: string[];
  /** Patch files; paths as in `resources`. */
  patches: string[];
  /** Entries of `images`; region: the value of `newTag` or `digest`, or of `name` without either. */
  images: ({ name: string; newName?: string; newTag?: string; digest?: string } & Region)[];
  /** Labels it adds to resources, pods or selectors. */
  labels: Record<string, string>;
  /** Plugins, Helm charts or inline patches that may add or rename anything: absence then proves nothing. */
  opaque: boolean;
}

/** A positive label matcher of a trigger's query that may name a workload. */
export interface TriggerMatcher {
  /** Such as `service`, `pod`, `namespace`; `__name__` with how a metric's name begins (`grafana_.*`). */
  label: string;
  value: string;
  /** The value is a regular expression (`=~`) or has `*`. */
  pattern: boolean;
}

/**
 * What would roll a workload back or raise an alarm: an AnalysisTemplate, a Canary of Flagger, an alert of a
 * PrometheusRule or of a rule file, a monitor. Region: its name's value.
 */
export interface TriggerFact extends FactBase<"trigger"> {
  /** The resource's kind; `alert` in Prometheus' own rule files, `Datadog monitor` in the JSON of its API. */
  kind: string;
  /** The resource's, or that of the one alert among its rules. */
  name: string;
  namespace?: string;
  /** `rollback`: a controller acts on it by itself, for those that refer to it; `alarm`: it tells somebody. */
  effect: "rollback" | "alarm";
  /** What its queries speak of; without the exporter's own `job`. */
  matchers: TriggerMatcher[];
  /** It compares requests, errors or latency of every service: it groups by such a label and picks none. */
  every: boolean;
  /** The workload it is for, by name: a Canary's `targetRef`. */
  target?: { kind: string; name: string };
  /** Seconds that an analysis from the template takes when it passes; `endless`: until it is stopped. Absent: not known. */
  lasts?: number | "endless";
}

/** A stretch of a canary. Region: the value that holds it there (a pause's duration, an analysis). */
export interface CanaryStep extends Region {
  /** The share of the requests that the new version has, in percent; 0 when it is tested without users. */
  weight: number;
  /** Seconds it stays by itself; `human`: until somebody promotes it. Analyses come on top. */
  holds: number | "human" | "unknown";
  /** Templates whose analyses must end before it goes on. */
  analyses: { kind: string; name: string }[];
}

/**
 * How a controller gives a new version its requests: the canary strategy of a Rollout, a Canary of Flagger. Region:
 * the key or value that says its pace (`steps`, `interval`).
 */
export interface CanaryFact extends FactBase<"canary"> {
  kind: string;
  name: string;
  namespace?: string;
  /** From the first that sends requests on; never empty. */
  steps: CanaryStep[];
  /** An analysis runs beside the steps, and rolls back at any of them. */
  watched: boolean;
  /** Seconds between the checks of a Canary of Flagger, which alone pace its steps. */
  interval?: number;
}

/**
 * Somebody is told how deployments of something end: a subscription, an alert of Flagger or Flux. Region: what says
 * so.
 */
export interface NotificationFact extends FactBase<"notification"> {
  /** What is deployed: `Rollout`, `Canary`, `Application`, `HelmRelease`, `Kustomization`. */
  kind: string;
  /** `*`: all of the kind. */
  name: string;
  namespace?: string;
  success: boolean;
  failure: boolean;
}

/**
 * An image that a tool builds and puts into manifests at deployment (an artifact of `skaffold.yaml`). The tag
 * written in manifests below its directory is then only a name, and so it is below that of a configuration that
 * includes this one.
 */
export interface ImageBuildFact extends FactBase<"imageBuild"> {
  tool: string;
  /** Absent: the file builds nothing itself, but includes files that do. */
  image?: string;
  /** Paths of configurations of the repository that the file includes, relative to the root. */
  includes?: string[];
}
