import type { CanaryFact, CanaryStep, Lines } from "@yantra-lint/core";
import type { Place } from "@yantra-lint/yaml";
import type { Resource } from "../language/nodes.ts";
import { canaryOf, shareOf } from "../progressive/argo.ts";
import { goDuration, pauseDuration, wholeNumber } from "../progressive/durations.ts";
import { flaggerAnalysis, isFlaggerCanary } from "../progressive/flagger.ts";
import { regionAt, regionOfRange } from "./regions.ts";

/** How a Rollout or a Canary of Flagger gives a new version its requests; nothing for other resources and patches. */
export function canariesOf(resource: Resource, lines: Lines, neighbours: readonly Resource[]): CanaryFact[] {
  const found = resource.rollout
    ? argoCanary(resource, lines, neighbours)
    : isFlaggerCanary(resource)
      ? flaggerCanary(resource, lines)
      : undefined;
  if (!found || found.steps.length === 0) return [];
  const { kind, name, namespace } = resource;
  return [
    { type: "canary", path: "", kind, name, ...(namespace === undefined ? {} : { namespace }), ...found },
  ];
}

type Paced = Omit<CanaryFact, "type" | "path" | "kind" | "name" | "namespace">;

function argoCanary({ rollout }: Resource, lines: Lines, neighbours: readonly Resource[]): Paced | undefined {
  const canary = rollout && canaryOf(rollout, neighbours);
  const at = canary?.place.find("steps");
  if (!canary?.whole || !at) return undefined;
  const steps: CanaryStep[] = [];
  let weight = 0;
  for (const step of canary.steps) {
    const set = step.find("setWeight");
    if (set) {
      const asked = wholeNumber(set.value);
      if (asked === undefined) return undefined;
      weight = shareOf(canary, asked);
    }
    const held = argoStep(step, lines);
    if (weight > 0 && (set || held)) steps.push({ weight, ...(held ?? nothing(lines, set ?? step)) });
  }
  const background = canary.place.find("analysis.templates")?.items() ?? [];
  return { ...regionOfRange(lines, at.keyRange), steps, watched: background.length > 0 };
}

type Held = Omit<CanaryStep, "weight">;

function nothing(lines: Lines, at: Place): Held {
  return { holds: 0, analyses: [], ...regionAt(lines, at) };
}

/** What keeps a Rollout at one step. (argo-rollouts v1.10, pkg/apis/rollouts/v1alpha1/types.go, CanaryStep.) */
function argoStep(step: Place, lines: Lines): Held | undefined {
  const pause = step.child("pause");
  if (pause) {
    const duration = pause.find("duration");
    const at = regionAt(lines, duration ?? pause);
    return { holds: duration ? (pauseDuration(duration.value) ?? "unknown") : "human", analyses: [], ...at };
  }
  const analysis = step.find("analysis");
  if (analysis) {
    const analyses = (analysis.find("templates")?.items() ?? []).flatMap((template) => {
      const name = template.find("templateName")?.text;
      const kind =
        template.find("clusterScope")?.value === true ? "ClusterAnalysisTemplate" : "AnalysisTemplate";
      return name === undefined ? [] : [{ kind, name }];
    });
    return { holds: 0, analyses, ...regionOfRange(lines, analysis.keyRange) };
  }
  const experiment = step.find("experiment");
  if (experiment) {
    const holds = goDuration(experiment.find("duration")?.value) ?? "unknown";
    return { holds, analyses: [], ...regionOfRange(lines, experiment.keyRange) };
  }
  const plugin = step.find("plugin");
  return plugin && { holds: "unknown", analyses: [], ...regionOfRange(lines, plugin.keyRange) };
}

/** Flagger checks at every interval, and goes on at each check that passes. */
function flaggerCanary(resource: Resource, lines: Lines): Paced | undefined {
  const analysis = flaggerAnalysis(resource);
  if (!analysis || resource.patch || !resource.place.find("spec.targetRef")) return undefined;
  const { place, interval, iterations, weights } = analysis;
  const asksSomebody = (place.find("webhooks")?.items() ?? []).some((hook) =>
    (hook.find("type")?.text ?? "").startsWith("confirm-"),
  );
  const said = place.find("interval");
  const at = said ? regionAt(lines, said) : regionOfRange(lines, place.keyRange);
  const pace = asksSomebody ? undefined : interval;
  const step = (weight: number, checks: number): CanaryStep => ({
    weight,
    holds: pace === undefined ? "unknown" : pace * checks,
    analyses: [],
    ...at,
  });
  const steps =
    iterations === undefined ? weights.map(({ weight }) => step(weight, 1)) : [step(0, iterations)];
  return { ...at, steps, watched: true, ...(pace === undefined ? {} : { interval: pace }) };
}
