import type { Place } from "@yantra-lint/yaml";
import type { Resource, Rollout } from "../language/nodes.ts";
import { canaryShare, maxSurgeOf } from "./replicas.ts";
import { wholeNumber } from "./durations.ts";

/** What a step of an Argo canary does besides setting a weight: whether the rollout stays there. */
const HOLDING = ["pause", "analysis", "experiment", "plugin"] as const;

/** A canary strategy of an Argo Rollout. */
export interface Canary {
  place: Place;
  steps: Place[];
  /** A service mesh or ingress splits the requests, so that weights are exact. */
  routed: boolean;
  /** What `setWeight` counts up to: 100 unless `maxTrafficWeight` says otherwise. */
  maxWeight: number;
  /** Replicas, at an autoscaler's least; undefined when another file may say them. */
  replicas: number | undefined;
  /** Not only a patch of a Rollout that stands elsewhere. */
  whole: boolean;
}

/** The canary strategy of a Rollout; undefined for other strategies. `neighbours`: the resources of its file. */
export function canaryOf({ place, resource }: Rollout, neighbours: readonly Resource[]): Canary | undefined {
  const canary = place.find("spec.strategy.canary");
  if (canary?.kind !== "mapping") return undefined;
  return {
    place: canary,
    steps: canary.find("steps")?.items() ?? [],
    routed: canary.find("trafficRouting") !== undefined,
    maxWeight: wholeNumber(canary.find("trafficRouting.maxTrafficWeight")?.value) ?? 100,
    replicas: scaledTo(resource, neighbours) ?? wholeNumber(place.find("spec.replicas")?.value),
    whole:
      !resource.patch &&
      (place.find("spec.selector") !== undefined || place.find("spec.workloadRef") !== undefined),
  };
}

/** What a `setWeight` gives the new version, in percent of the requests. */
export function shareOf(canary: Canary, setWeight: number): number {
  const { routed, maxWeight, replicas, place } = canary;
  if (routed || replicas === undefined) return (setWeight * 100) / maxWeight;
  return canaryShare(replicas, setWeight, maxSurgeOf(place, replicas));
}

/** Whether the rollout stays at a step until time passes, an analysis ends or somebody promotes it. */
export function holds(step: Place): boolean {
  return HOLDING.some((key) => step.child(key) !== undefined);
}

/** The least number of replicas that an autoscaler of the same file gives a resource. */
function scaledTo({ kind, name }: Resource, neighbours: readonly Resource[]): number | undefined {
  const scaler = neighbours.find(
    (other) =>
      /^(?:HorizontalPodAutoscaler|ScaledObject)$/.test(other.kind) &&
      other.place.find("spec.scaleTargetRef.kind")?.text === kind &&
      other.place.find("spec.scaleTargetRef.name")?.text === name,
  );
  // Kubernetes API reference, HorizontalPodAutoscalerSpec: minReplicas defaults to 1. KEDA's minReplicaCount defaults
  // to 0, but a rollout that serves requests has one.
  const least = scaler?.place.find("spec.minReplicas") ?? scaler?.place.find("spec.minReplicaCount");
  return scaler && Math.max(1, wholeNumber(least?.value) ?? 1);
}
