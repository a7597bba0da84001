import { posix } from "node:path";
import { type FactIndex, type ResourceFact, selects, type UpdateFact } from "@yantra-lint/core";
import { isSidePort } from "../serving.ts";
import { Renderings } from "./renderings.ts";

/** What an update does to a workload that is not safe; parts of the message. */
export interface Hazard {
  messageId: "recreate" | "onDelete" | "noneLeft" | "noStrategy";
  data: Record<string, string>;
}

/**
 * How an update of a workload leaves none of its pods to serve; undefined when it does not.
 *
 * @param isScaled whether something else than its manifest says how many pods it has
 */
export function hazardOf({ kind, update, exclusive }: ResourceFact, isScaled: boolean): Hazard | undefined {
  if (!update) return undefined;
  const { strategy } = update;
  if (strategy === "") return { messageId: "noStrategy", data: {} };
  if (strategy === "OnDelete") return { messageId: "onDelete", data: {} };
  // What cannot run twice must stop before it starts.
  if (exclusive) return undefined;
  if (strategy === "Recreate") return { messageId: "recreate", data: {} };
  if (strategy !== "RollingUpdate" && strategy !== "canary") return undefined;
  const replicas = isScaled ? undefined : update.replicas;
  const reason =
    kind === "StatefulSet" || kind === "DaemonSet"
      ? allOfASet(update, replicas)
      : allOfADeployment(update, replicas);
  if (reason === undefined) return undefined;
  const advice =
    kind === "StatefulSet" || kind === "DaemonSet"
      ? "Lower maxUnavailable"
      : "Set maxUnavailable to 0 and maxSurge to 1 or more";
  return { messageId: "noneLeft", data: { reason, advice } };
}

/** Both bounds' default (API reference, RollingUpdateDeployment; argo-rollouts, utils/defaults). */
const QUARTER = "25%";

/**
 * Why a Deployment's or a canary's update may remove all pods: `maxUnavailable` is rounded down, `maxSurge` up,
 * and where both become 0 one pod may be missing (kubernetes 1.33, pkg/controller/deployment/util,
 * ResolveFenceposts; argo-rollouts v1.10, utils/replicaset, resolveFenceposts).
 */
function allOfADeployment(
  { maxUnavailable = QUARTER, maxSurge = QUARTER }: UpdateFact,
  replicas: number | undefined,
): string | undefined {
  if (isWhole(maxUnavailable)) return "maxUnavailable is 100%";
  if (replicas === undefined || replicas === 0) return undefined;
  const unavailable = scaled(maxUnavailable, replicas, Math.floor);
  const surge = scaled(maxSurge, replicas, Math.ceil);
  if (unavailable === undefined || surge === undefined) return undefined;
  if (unavailable >= replicas) return `maxUnavailable is ${maxUnavailable}, and there ${count(replicas)}`;
  if (unavailable > 0 || surge > 0 || replicas > 1) return undefined;
  return `there ${count(replicas)}, and with maxSurge 0 it must stop before a new one starts`;
}

/**
 * Why a StatefulSet's or DaemonSet's update may remove all pods. Percentages are rounded up (API reference,
 * RollingUpdateStatefulSetStrategy, RollingUpdateDaemonSet). A StatefulSet of one pod has no other way.
 */
function allOfASet({ maxUnavailable = 1 }: UpdateFact, replicas: number | undefined): string | undefined {
  if (replicas !== undefined && replicas < 2) return undefined;
  if (isWhole(maxUnavailable)) return "maxUnavailable is 100%";
  const unavailable = replicas === undefined ? undefined : scaled(maxUnavailable, replicas, Math.ceil);
  if (replicas === undefined || unavailable === undefined || unavailable < replicas) return undefined;
  return `maxUnavailable is ${maxUnavailable}, and there ${count(replicas)}`;
}

function count(replicas: number): string {
  return replicas === 1 ? "is 1 replica" : `are ${replicas} replicas`;
}

function isWhole(share: number | string): boolean {
  return typeof share === "string" && /^\d+%$/.test(share) && Number.parseInt(share, 10) >= 100;
}

/** A whole number, or a percentage of the replicas; undefined for a placeholder. */
function scaled(
  share: number | string,
  replicas: number,
  round: (value: number) => number,
): number | undefined {
  if (typeof share === "number") return share;
  const digits = /^(\d+)%$/.exec(share)?.[1];
  return digits === undefined ? undefined : round((Number(digits) * replicas) / 100);
}

/** What acts on the cluster by itself; its Service is for metrics or a webhook, and two of it may not run at once. */
const CONTROLLER = /(?:^|-)(?:operator|controller|controller-manager)$/;

/** Whether requests wait for a workload's pods: a Service sends them there, and not to a side door only. */
export function isServed(workload: ResourceFact, services: readonly ResourceFact[]): boolean {
  if (CONTROLLER.test(workload.name)) return false;
  const ports = workload.containers.flatMap((container) =>
    container.init ? [] : container.ports.map((port) => ({ port, container })),
  );
  if (ports.length > 0 && ports.every(({ port, container }) => isSidePort(port, container))) return false;
  // A Service without ports is a name, by which clients reach the ports that the pods themselves declare.
  return services.some((service) => (ports.length > 0 || !service.portless) && selects(service, workload));
}

/**
 * Tells what a patch makes of a workload's update: the workload that it changes, with the update that it says. Undefined
 * where no kustomization renders both, because what else the workload says then stands elsewhere.
 */
export function patchedUpdate(
  facts: FactIndex,
): (patch: ResourceFact) => { before: ResourceFact; after: ResourceFact } | undefined {
  let renderings: Renderings | undefined;
  return (patch) => {
    renderings ??= new Renderings(facts);
    const together = renderings.of(patch.path).map(({ files }) => files);
    const same = facts
      .of("resource")
      .filter(
        ({ kind, name, path }) =>
          kind === patch.kind && name === patch.name && together.some((files) => files.has(path)),
      );
    const before = same.find((each) => !each.patch && each.containers.length > 0);
    if (!before || !patch.update) return undefined;
    // What another patch adds counts as well: it may be what makes the pods exclusive.
    const exclusive = same.some((each) => each.exclusive) ? ({ exclusive: true } as const) : {};
    return { before, after: { ...before, ...exclusive, update: patch.update } };
  };
}

/**
 * Tells of which workloads the manifest does not have the last word on `replicas`: an autoscaler of the repository
 * decides, or a kustomization in another directory builds on the file, as overlays for environments do.
 */
export function scaledElsewhere(facts: FactIndex): (workload: ResourceFact) => boolean {
  const renderings = new Renderings(facts);
  const scalers = facts
    .of("resource")
    .filter(({ kind }) => kind === "HorizontalPodAutoscaler" || kind === "ScaledObject");
  const scaled = new Set(
    scalers.flatMap(({ references }) => references.map(({ kind, name }) => `${kind}/${name}`)),
  );
  return ({ kind, name, path }) =>
    scaled.has(`${kind}/${name}`) ||
    renderings
      .of(path)
      .some(({ kustomization }) => posix.dirname(kustomization.path) !== posix.dirname(path));
}
