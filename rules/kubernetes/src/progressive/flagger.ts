import type { Place } from "@yantra-lint/yaml";
import type { Resource } from "../language/nodes.ts";
import { goDuration, wholeNumber } from "./durations.ts";

/** Flagger's defaults (v1.44.0, pkg/apis/flagger/v1beta1/canary.go and pkg/controller/scheduler.go). */
const DEFAULT_INTERVAL = 60;
const LEAST_INTERVAL = 10;
const KUBERNETES_ITERATIONS = 10;

export function isFlaggerCanary({ kind, group }: Resource): boolean {
  return kind === "Canary" && group === "flagger.app";
}

/** How a Canary of Flagger is analysed; undefined when it is not (`skipAnalysis`, no analysis). */
export interface FlaggerAnalysis {
  place: Place;
  /** Seconds between checks; undefined when it is a placeholder. */
  interval: number | undefined;
  /** Of blue/green and A/B testing: how many checks before all requests are switched. */
  iterations: number | undefined;
  /** Weights in percent after each check, with the places that say them; empty for `iterations`. */
  weights: { weight: number; place: Place }[];
}

export function analysisPlace(resource: Resource): Place | undefined {
  return resource.place.find("spec.analysis") ?? resource.place.find("spec.canaryAnalysis");
}

/**
 * Reads a Canary's analysis as Flagger's scheduler does: `iterations` make it blue/green or A/B testing, which the
 * provider `kubernetes` always is; `stepWeight` wins over `stepWeights`; intervals below 10 s become 10 s.
 */
export function flaggerAnalysis(resource: Resource): FlaggerAnalysis | undefined {
  const place = analysisPlace(resource);
  if (place?.kind !== "mapping" || resource.place.find("spec.skipAnalysis")?.value === true) return undefined;
  const said = wholeNumber(place.find("iterations")?.value) ?? 0;
  const isKubernetes = resource.place.find("spec.provider")?.text === "kubernetes";
  const iterations = said > 0 ? said : isKubernetes ? KUBERNETES_ITERATIONS : undefined;
  return {
    place,
    interval: intervalOf(place),
    iterations,
    weights: iterations === undefined ? weightsOf(place) : [],
  };
}

function intervalOf(place: Place): number | undefined {
  const interval = place.find("interval");
  if (!interval) return DEFAULT_INTERVAL;
  if (interval.open) return undefined;
  return Math.max(LEAST_INTERVAL, goDuration(interval.value) ?? DEFAULT_INTERVAL);
}

function weightsOf(place: Place): FlaggerAnalysis["weights"] {
  const stepWeight = place.find("stepWeight");
  const step = wholeNumber(stepWeight?.value) ?? 0;
  if (stepWeight && step > 0) {
    const max = wholeNumber(place.find("maxWeight")?.value) ?? 100;
    const count = Math.min(100, Math.max(1, Math.ceil(max / step)));
    return Array.from({ length: count }, (_, index) => ({
      weight: Math.min(100, step * (index + 1)),
      place: stepWeight,
    }));
  }
  // Weights rise to 100 at most; what comes after a hundred of them is nobody's canary.
  return (place.find("stepWeights")?.items().slice(0, 100) ?? []).flatMap((item) => {
    const weight = wholeNumber(item.value);
    return weight === undefined ? [] : [{ weight: Math.min(100, weight), place: item }];
  });
}
