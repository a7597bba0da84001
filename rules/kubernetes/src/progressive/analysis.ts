import type { Place } from "@yantra-lint/yaml";
import type { Resource } from "../language/nodes.ts";
import { goDuration, wholeNumber } from "./durations.ts";

/**
 * How long an analysis from a template takes when it passes: that of its slowest metric. Empty where values are
 * filled in later, where it is made of other templates, or where a Job decides how long it runs.
 */
export function durationOf({ place }: Resource): { lasts?: number | "endless" } {
  if (place.find("spec.templates")) return {};
  const metrics = (place.find("spec.metrics")?.items() ?? []).map(metricDuration);
  if (metrics.includes("endless")) return { lasts: "endless" };
  const known = metrics.filter((seconds) => typeof seconds === "number");
  return known.length === metrics.length && known.length > 0 ? { lasts: Math.max(...known) } : {};
}

/**
 * initialDelay + interval × (measurements − 1). A metric without `count` and `interval` measures once, one with
 * `interval` alone never ends unless enough successes in a row end it. (argo-rollouts v1.10, analysis/analysis.go,
 * assessMetricStatus and calculateNextReconcileTime; EffectiveCount in analysis_types.go.)
 */
function metricDuration(metric: Place): number | "endless" | undefined {
  if (metric.find("provider.job")) return undefined;
  const interval = secondsAt(metric, "interval");
  const delay = secondsAt(metric, "initialDelay");
  const count = wholeAt(metric, "count");
  const enough = wholeAt(metric, "consecutiveSuccessLimit");
  if (interval === undefined || delay === undefined || count === undefined || enough === undefined)
    return undefined;
  const limits = [count, enough].filter((limit) => limit > 0);
  if (limits.length > 0) return delay + interval * (Math.min(...limits) - 1);
  return interval > 0 ? "endless" : delay;
}

/** Seconds at a key, 0 without it; undefined when it cannot be read. */
function secondsAt(metric: Place, key: string): number | undefined {
  const found = metric.find(key);
  return found ? goDuration(found.value) : 0;
}

function wholeAt(metric: Place, key: string): number | undefined {
  const found = metric.find(key);
  return found ? wholeNumber(found.value) : 0;
}
