import type { Place } from "@yantra-lint/yaml";
import type { AnalysisTemplate, Metric, Rollout } from "../language/nodes.ts";
import { wholeNumber } from "./durations.ts";
import type { Problem } from "./problem.ts";

/** Providers that judge by themselves: the Job's exit, Kayenta's score, whatever a plugin does. */
const OWN_JUDGEMENT = ["job", "kayenta", "plugin"];

/** Conditions that hold whatever is measured, and those that never do. A query that subtracts may be negative. */
const HOLDS = /^(?:true|1==1|len\(result\)>=0)$/;
const HOLDS_OF_COUNTS = /^(?:result(?:\[0\])?)>=0(?:\.0+)?$/;
const NEVER = /^(?:false|1==0|len\(result\)<0)$/;
const NEVER_OF_COUNTS = /^(?:result(?:\[0\])?)<0(?:\.0+)?$/;
const SIGNED_QUERY = /\s-\s|\)\s*-|-\s*\(|delta|deriv|predict_linear|offset|\bln\b|log|%/i;

/** Why metrics of an AnalysisTemplate cannot fail. (argo-rollouts v1.10, utils/evaluate/evaluate.go, analysis/analysis.go.) */
export function templateProblems({ metrics, place }: AnalysisTemplate): Problem[] {
  const dryRun = place.find("spec.dryRun");
  if (dryRun && metrics.length > 0 && metrics.every(({ name }) => isDry(name, dryRun)))
    return [{ messageId: "allDry", at: dryRun, key: true }];
  return metrics.flatMap((metric) => {
    if (dryRun && isDry(metric.name, dryRun)) return [];
    return [limitProblem(metric), conditionProblem(metric)]
      .filter((problem) => problem !== undefined)
      .map((problem) => ({ ...problem, data: { metric: metric.name, ...problem.data } }));
  });
}

/** The analyses of a Rollout that run dry as a whole. */
export function dryAnalyses({ place }: Rollout): Problem[] {
  const strategy = place.find("spec.strategy");
  const analyses = [
    strategy?.find("canary.analysis"),
    ...(strategy?.find("canary.steps")?.items() ?? []).map((step) => step.find("analysis")),
    strategy?.find("blueGreen.prePromotionAnalysis"),
    strategy?.find("blueGreen.postPromotionAnalysis"),
  ];
  return analyses.flatMap((analysis) => {
    const entry = analysis?.find("dryRun")?.items().find(isEverything);
    return entry ? [{ messageId: "dryAnalysis", at: entry.find("metricName") ?? entry }] : [];
  });
}

/** Whether a dry run takes in a metric, as far as its pattern is a plain name. Patterns of a repository are never run. */
function isDry(name: string, dryRun: Place): boolean {
  return dryRun.items().some((entry) => {
    const pattern = entry.find("metricName")?.text;
    return (
      isEverything(entry) || (pattern !== undefined && /^[\w -]+$/.test(pattern) && name.includes(pattern))
    );
  });
}

function isEverything(entry: Place): boolean {
  return /^\^?\.[*+]\$?$/.test(entry.find("metricName")?.text ?? "");
}

/**
 * A metric fails when more than `failureLimit` measurements failed; without `count` and `interval` it measures once,
 * and with `interval` alone without end. (analysis.go, assessMetricFailureInconclusiveOrError; EffectiveCount;
 * utils/analysis/factory.go, ValidateMetric.)
 */
function limitProblem({ place }: Metric): Problem | undefined {
  const limitPlace = place.find("failureLimit");
  const limit = wholeNumber(limitPlace?.value);
  if (!limitPlace || limit === undefined || limit <= 0) return undefined;
  const counted = place.find("count");
  const said = counted ? wholeNumber(counted.value) : 0;
  if (said === undefined) return undefined;
  if (said === 0 && place.find("interval")) return undefined;
  const count = said === 0 ? 1 : said;
  if (limit < count) return undefined;
  const data = { limit, count };
  if (said > 0 && limit > said) return { messageId: "refused", at: limitPlace, data };
  return {
    messageId: "neverReached",
    at: limitPlace,
    data: { limit, times: count === 1 ? "once" : `${count} times` },
  };
}

function conditionProblem({ place }: Metric): Problem | undefined {
  const provider = place.find("provider");
  if (!provider || OWN_JUDGEMENT.some((name) => provider.find([name]))) return undefined;
  const success = place.find("successCondition");
  const failure = place.find("failureCondition");
  if (!success && !failure) return { messageId: "noCondition", at: place.find("name") ?? place };
  const signed = SIGNED_QUERY.test(provider.find("prometheus.query")?.text ?? "-(");
  const isTrue = success && (holds(success, HOLDS) || (!signed && holds(success, HOLDS_OF_COUNTS)));
  const isFalse = failure && (holds(failure, NEVER) || (!signed && holds(failure, NEVER_OF_COUNTS)));
  // With both, a failed failureCondition decides; with neither reached the metric is inconclusive, which pauses.
  if (success ? !isTrue || (failure && !isFalse) : !isFalse) return undefined;
  const at = success ?? failure;
  return at && { messageId: "foregone", at, data: { condition: at.text ?? String(at.value) } };
}

function holds(condition: Place, pattern: RegExp): boolean {
  return pattern.test(String(condition.value).replaceAll(/\s/g, ""));
}
