import type { Lines, ResourceFact } from "@yantra-lint/core";
import type { Place } from "@yantra-lint/yaml";
import type { Container, PodTemplate, Resource } from "../language/nodes.ts";
import { isRolledOut } from "../serving.ts";
import { regionAt, regionOfRange } from "./regions.ts";

/**
 * How a workload's pods are replaced. Nothing for what only looks like a patch, which says a part only, and for other
 * groups' kinds; of what is certainly one, what it says.
 */
export function updateOf(resource: Resource, lines: Lines): Pick<ResourceFact, "update" | "exclusive"> {
  const { place, workload } = resource;
  if (!workload) return {};
  const podTemplate = workload.podTemplate;
  const exclusive =
    workload.longRunning && podTemplate && isExclusive(podTemplate) ? ({ exclusive: true } as const) : {};
  const isWhole = podTemplate ? isRolledOut(podTemplate) : place.find("spec.workloadRef") !== undefined;
  const strategy = isWhole || resource.patch ? strategyOf(resource) : undefined;
  // A patch without strategy leaves the one that there is.
  if (!strategy || (resource.patch && strategy.name === "")) return exclusive;
  const { name, at, bounds } = strategy;
  const maxUnavailable = boundOf(bounds?.find("maxUnavailable"));
  const maxSurge = boundOf(bounds?.find("maxSurge"));
  const replicas = place.find("spec.replicas")?.value;
  const decisive = bounds?.find("maxUnavailable") ?? bounds?.find("maxSurge") ?? at;
  return {
    ...exclusive,
    update: {
      ...(decisive ? regionAt(lines, decisive) : regionOfRange(lines, place.at("spec.strategy").range)),
      strategy: name,
      ...(typeof replicas === "number" ? { replicas } : {}),
      ...(maxUnavailable === undefined ? {} : { maxUnavailable }),
      ...(maxSurge === undefined ? {} : { maxSurge }),
    },
  };
}

interface Strategy {
  name: string;
  at: Place | undefined;
  /** The mapping that holds `maxUnavailable` and `maxSurge`. */
  bounds?: Place | undefined;
}

function strategyOf({ kind, group, place, rollout }: Resource): Strategy | undefined {
  if (rollout) {
    const name = rollout.strategy;
    const at = name && place.find(["spec", "strategy", name]);
    // With traffic routing both versions run side by side, and neither bound is asked (argo-rollouts,
    // utils/replicaset/canary.go, CalculateReplicaCountsForTrafficRoutedCanary).
    const bounds = name === "canary" && !at?.find("trafficRouting") ? at : undefined;
    return { name: name ?? "", at, bounds };
  }
  const key = kind === "StatefulSet" || kind === "DaemonSet" ? "updateStrategy" : "strategy";
  const isKnown =
    group === "apps" ||
    group === "extensions" ||
    (kind === "DeploymentConfig" && group === "apps.openshift.io");
  const holder = place.find(["spec", key]);
  const type = holder?.find("type");
  if (!isKnown || !holder || type?.open) return undefined;
  const name = type?.text ?? "RollingUpdate";
  const bounds = name === "RollingUpdate" ? holder.find("rollingUpdate") : undefined;
  return { name, at: type ?? holder, bounds };
}

/** A bound as it is written; undefined when there is none. */
function boundOf(place: Place | undefined): number | string | undefined {
  const value = place?.value;
  return typeof value === "number" || typeof value === "string" ? value : undefined;
}

/** Volumes that one node holds at a time, or that are one node's. */
const BOUND_VOLUMES: readonly string[] = [
  "persistentVolumeClaim",
  "hostPath",
  "awsElasticBlockStore",
  "gcePersistentDisk",
  "azureDisk",
  "cinder",
  "fc",
  "iscsi",
  "rbd",
  "vsphereVolume",
  "portworxVolume",
];

function isExclusive({ place, containers }: PodTemplate): boolean {
  if (place.find("spec.hostNetwork")?.value === true) return true;
  const volumes = place.find("spec.volumes")?.items() ?? [];
  if (volumes.some((volume) => BOUND_VOLUMES.some((type) => volume.find([type]) !== undefined))) return true;
  if (containers.some(usesDevice)) return true;
  const ports = containers.flatMap((container) => container.place.find("ports")?.items() ?? []);
  return ports.some((port) => port.find("hostPort") !== undefined);
}

/**
 * Whether a container has a GPU or another device of its node, of which there are seldom two. Such resources have
 * a domain of their own (kubernetes.io, "Extended resources").
 */
function usesDevice({ place }: Container): boolean {
  const lists = ["resources.limits", "resources.requests"];
  const names = lists.flatMap((path) => (place.find(path)?.entries() ?? []).map(([name]) => name));
  return names.some((name) => name.includes("/") && !/(?:^|\.)kubernetes\.io\//.test(name));
}
