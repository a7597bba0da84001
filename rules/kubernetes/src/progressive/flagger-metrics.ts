import type { Place } from "@yantra-lint/yaml";
import type { Resource } from "../language/nodes.ts";
import { analysisPlace } from "./flagger.ts";
import type { Problem } from "./problem.ts";

/** Webhooks whose answer can hold or roll back; `post-rollout` and `event` come too late or are not asked. */
const TELLING_ONLY = ["post-rollout", "event"];
const SUCCESS_RATE = "request-success-rate";
const DURATION = "request-duration";

/** Why the analysis of a Canary of Flagger cannot fail, or cannot pass. (Flagger v1.44.0, pkg/controller/scheduler_metrics.go.) */
export function flaggerProblems(resource: Resource): Problem[] {
  const skip = resource.place.find("spec.skipAnalysis");
  if (skip?.value === true) return [{ messageId: "skipped", at: skip }];
  const analysis = analysisPlace(resource);
  const isWhole = !resource.patch && resource.place.find("spec.targetRef") !== undefined;
  if (!analysis) {
    // A patch has no target; of a whole Canary a missing analysis means that it is skipped (canary.go, SkipAnalysis).
    return isWhole
      ? [{ messageId: "noAnalysis", at: resource.place.find("spec") ?? resource.place, key: true }]
      : [];
  }
  const metrics = analysis.find("metrics")?.items() ?? [];
  const gates = (analysis.find("webhooks")?.items() ?? []).filter(
    (hook) => !TELLING_ONLY.includes(hook.find("type")?.text ?? "rollout"),
  );
  if (metrics.length === 0 && gates.length === 0 && isWhole)
    return [{ messageId: "noChecks", at: analysis, key: true }];
  return metrics.flatMap((metric) => {
    const problem = metricProblem(metric);
    return problem
      ? [{ ...problem, data: { metric: metric.find("name")?.text ?? "", ...problem.data } }]
      : [];
  });
}

function metricProblem(metric: Place): Problem | undefined {
  const name = metric.find("name");
  if (name?.text === undefined || name.open) return undefined;
  const range = metric.find("thresholdRange");
  const own = metric.find("templateRef") ?? metric.find("query");
  const min = numberAt(range, "min");
  const max = numberAt(range, "max");
  // The deprecated `threshold` counts only without a range.
  const bounded = range
    ? min !== undefined || max !== undefined
    : numberAt(metric, "threshold") !== undefined;
  if (name.text === SUCCESS_RATE) {
    if (!bounded) return { messageId: "noMinimum", at: name };
    const at = range?.find("min");
    if (at && min !== undefined && min <= 1) return { messageId: "percent", at, data: { min } };
    return range && min === undefined ? { messageId: "noMinimum", at: range, key: true } : undefined;
  }
  if (name.text === DURATION) {
    if (!bounded && !range) return { messageId: "noMaximum", at: name };
    const at = range?.find("max");
    return at && max !== undefined && max < 1 ? { messageId: "seconds", at, data: { max } } : undefined;
  }
  if (!own) return { messageId: "unknownMetric", at: name };
  return range?.kind === "mapping" && !bounded && range.entries().length === 0
    ? { messageId: "noBounds", at: range, key: true }
    : undefined;
}

function numberAt(place: Place | undefined, key: string): number | undefined {
  const value = place?.find(key)?.value;
  return typeof value === "number" ? value : undefined;
}
