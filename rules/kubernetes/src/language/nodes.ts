import type { Range, SourceLoc } from "@yantra-lint/core";
import type { Found, Missing, Path, Place } from "@yantra-lint/yaml";

interface NodeBase<Type extends string> {
  type: Type;
  range: Range;
  loc: SourceLoc;
}

/** A node that stands for a mapping of the manifest; paths are relative to it. */
interface PlaceNode<Type extends string> extends NodeBase<Type> {
  readonly place: Place;
  /** The value at a path, or where it should stand. */
  at(path: Path): Found | Missing;
}

export interface FileNode extends NodeBase<"File"> {
  documents: (DocumentNode | InvalidDocument)[];
}

/** One document of a stream; it has no resources when it is no manifest. */
export interface DocumentNode extends NodeBase<"Document"> {
  resources: Resource[];
  duplicateKeys: DuplicateKey[];
}

/** A document that is not valid YAML; its range is the place of the first error. */
export interface InvalidDocument extends NodeBase<"InvalidDocument"> {
  /** The parser's words, without position. */
  problem: string;
}

/** A key that stands a second time in its mapping. */
export interface DuplicateKey extends NodeBase<"DuplicateKey"> {
  key: string;
}

/** A Kubernetes resource, or a file that speaks in that form (kustomization, skaffold). */
export interface Resource extends PlaceNode<"Resource"> {
  apiVersion: string;
  /** The part of apiVersion before `/`; empty for the core group. */
  group: string;
  kind: string;
  /** Empty when it has none (`generateName`, a kustomization). */
  name: string;
  namespace: string | undefined;
  /**
   * Certainly a patch: a kustomization merges the file into a resource that stands elsewhere, or it has directives for
   * such a merge. What it lacks is then not lacking. Other patches are told by what they leave out.
   */
  patch: boolean;
  workload: Workload | undefined;
  rollout: Rollout | undefined;
  analysisTemplate: AnalysisTemplate | undefined;
}

/** What makes pods: Deployment, Rollout, Job, Pod … Its place is the resource's. */
export interface Workload extends PlaceNode<"Workload"> {
  kind: string;
  resource: Resource;
  /** Its pods run until they are replaced: everything but Pod, PodTemplate, Job and CronJob. */
  longRunning: boolean;
  /** Absent when the pods are described elsewhere (a Rollout's `workloadRef`). */
  podTemplate: PodTemplate | undefined;
}

/** The mapping that holds a pod's `metadata` and `spec`; for a Pod the resource itself. */
export interface PodTemplate extends PlaceNode<"PodTemplate"> {
  workload: Workload;
  containers: Container[];
}

/** A container of any kind. */
export interface Container extends PlaceNode<"Container"> {
  name: string;
  podTemplate: PodTemplate;
  /**
   * Stands under `initContainers` and ends before the others start. A native sidecar (`restartPolicy: Always`
   * there) does not: it runs and serves as long as the pod, and its readiness counts for the pod's.
   * (kubernetes.io, Concepts, Workloads, Pods, "Sidecar Containers".)
   */
  init: boolean;
  probes: Probe[];
}

export interface Probe extends PlaceNode<"Probe"> {
  kind: "startup" | "readiness" | "liveness";
  container: Container;
  /** Absent when the probe has none, as in a patch. */
  handler: "httpGet" | "tcpSocket" | "grpc" | "exec" | undefined;
}

/** Argo's Rollout as a strategy; as something that makes pods it is a Workload too. */
export interface Rollout extends PlaceNode<"Rollout"> {
  resource: Resource;
  strategy: "canary" | "blueGreen" | undefined;
}

/** Argo's AnalysisTemplate or ClusterAnalysisTemplate. */
export interface AnalysisTemplate extends PlaceNode<"AnalysisTemplate"> {
  resource: Resource;
  metrics: Metric[];
}

export interface Metric extends PlaceNode<"Metric"> {
  name: string;
}

export type KubernetesNode =
  | FileNode
  | DocumentNode
  | InvalidDocument
  | DuplicateKey
  | Resource
  | Workload
  | PodTemplate
  | Container
  | Probe
  | Rollout
  | AnalysisTemplate
  | Metric;

/** Which properties hold a node's children. */
export const VISITOR_KEYS: Record<KubernetesNode["type"], string[]> = {
  File: ["documents"],
  Document: ["duplicateKeys", "resources"],
  InvalidDocument: [],
  DuplicateKey: [],
  Resource: ["workload", "rollout", "analysisTemplate"],
  Workload: ["podTemplate"],
  PodTemplate: ["containers"],
  Container: ["probes"],
  Probe: [],
  Rollout: [],
  AnalysisTemplate: ["metrics"],
  Metric: [],
};

/** A node's children in the order they are visited. */
export function childrenOf(node: KubernetesNode): KubernetesNode[] {
  switch (node.type) {
    case "File":
      return node.documents;
    case "Document":
      return [...node.duplicateKeys, ...node.resources];
    case "Resource":
      return [node.workload, node.rollout, node.analysisTemplate].filter((child) => child !== undefined);
    case "Workload":
      return node.podTemplate ? [node.podTemplate] : [];
    case "PodTemplate":
      return node.containers;
    case "Container":
      return node.probes;
    case "AnalysisTemplate":
      return node.metrics;
    case "InvalidDocument":
    case "DuplicateKey":
    case "Probe":
    case "Rollout":
    case "Metric":
      return [];
  }
}
