import type { Place } from "@yantra-lint/yaml";
import type { Resource } from "../language/nodes.ts";
import { type Canary, canaryOf, holds, shareOf } from "../progressive/argo.ts";
import { wholeNumber } from "../progressive/durations.ts";
import { flaggerAnalysis, isFlaggerCanary } from "../progressive/flagger.ts";
import { numberOption } from "../options.ts";
import { maxSurgeOf, replicasFor } from "../progressive/replicas.ts";
import { defineRule } from "../rule.ts";

const MAX = 10;

/** Steps that send some requests to the new version; without a match they take the route away. */
const ROUTES = ["setHeaderRoute.match", "setMirrorRoute.match"];

interface Problem {
  messageId: string;
  at: Place;
  key?: boolean;
  data?: Record<string, string | number>;
}

/** The first users of a new version are its test: a fault should reach few of them. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/kubernetes"],
    docs: {
      description: "Require a canary to begin with a small share of the requests",
      recommended: "warn",
    },
    messages: {
      weight:
        '{{kind}} "{{name}}" begins by sending {{share}} % of the requests to a version that nobody has used yet, so a fault in it hits that share of the users before anything can notice. Begin with {{max}} % or less, and hold it there until an analysis has passed.',
      replicas:
        '{{kind}} "{{name}}" asks for {{weight}} %, but with {{replicas}} and no trafficRouting only whole pods are counted, and the new version begins with {{share}} % of the requests. Run {{needed}} replicas, with which it is {{max}} % or less, or split the requests with trafficRouting.',
      wholePods:
        '{{kind}} "{{name}}" asks for {{weight}} %, and with {{replicas}} and no trafficRouting, where only whole pods are counted, the new version begins with {{share}} % of the requests, which nobody has tried before. Begin with setWeight: {{max}} or less, and run {{needed}} replicas or split the requests with trafficRouting: a smaller weight alone gives {{alone}} %.',
      notHeld:
        '{{kind}} "{{name}}" sets {{share}} % and does not stay there: the next step sets {{next}} % as soon as the pods are ready, so the small share tests nothing. Add a pause or an analysis before the weight rises above {{max}} %.',
      noWeight:
        '{{kind}} "{{name}}" has steps but none that sends a part of the requests to the new version: after the last step it goes on to all of them without a stop. Add a step with setWeight: {{max}} or less, and a pause or an analysis after it.',
      noSteps:
        '{{kind}} "{{name}}" has a canary strategy without steps, so a new version takes over as fast as its pods become ready, as in a rolling update, and no step holds a broken one back. Add steps that begin with setWeight: {{max}} or less and an analysis.',
    },
    schema: [
      {
        type: "object",
        properties: {
          max: {
            type: "number",
            minimum: 1,
            maximum: 100,
            description: "The largest share in percent that the first step may give the new version.",
          },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ max: MAX }],
  },
  create(context) {
    const max = numberOption(context.options, "max", MAX);
    const tell = ({ kind, name }: Resource, problem: Problem | undefined): void => {
      if (!problem) return;
      const { at, key, messageId, data } = problem;
      const loc = key ? context.sourceCode.positions.loc(at.keyRange) : at.loc;
      context.report({ loc, messageId, data: { kind, name, max, ...data } });
    };
    return {
      Rollout(rollout) {
        const canary = canaryOf(rollout, context.sourceCode.resources);
        if (canary) tell(rollout.resource, problemOf(canary, max));
      },
      Resource(resource) {
        if (!isFlaggerCanary(resource)) return;
        const first = flaggerAnalysis(resource)?.weights[0];
        if (first && first.weight > max)
          tell(resource, { messageId: "weight", at: first.place, data: { share: first.weight } });
      },
    };
  },
});

/** What is wrong with the first step of an Argo canary that sends requests. */
function problemOf(canary: Canary, max: number): Problem | undefined {
  const { place, steps, replicas, routed, whole } = canary;
  if (replicas === 0) return undefined;
  if (steps.length === 0) return whole ? { messageId: "noSteps", at: place, key: true } : undefined;
  const weights = steps.flatMap((step, index) => {
    const at = step.find("setWeight");
    if (!at) return [];
    const weight = wholeNumber(at.value);
    return [{ index, at, weight, share: weight === undefined ? undefined : shareOf(canary, weight) }];
  });
  if (weights.some(({ share }) => share === undefined)) return undefined;
  const sending = weights.flatMap(({ share = 0, weight = 0, ...rest }) =>
    share > 0 ? [{ ...rest, share, weight }] : [],
  );
  const [first] = sending;
  if (!first && steps.some(sharesInExperiment)) return undefined;
  if (!first)
    return whole ? { messageId: "noWeight", at: place.find("steps") ?? place, key: true } : undefined;
  if (isTried(steps.slice(0, first.index))) return undefined;
  if (first.share > max) {
    const asked = (first.weight * 100) / canary.maxWeight;
    const data = { share: round(first.share), weight: first.weight };
    // Where whole pods are counted, the smaller weight that the advice asks for must be one that they can give.
    const smaller = shareOf(canary, Math.min(asked, max));
    if (routed || replicas === undefined || (smaller > 0 && smaller <= max))
      return { messageId: "weight", at: first.at, data };
    const alone = round(smaller);
    const needed = replicasFor(Math.min(asked, max), max, maxSurgeOf(place, replicas), replicas);
    return {
      messageId: asked <= max ? "replicas" : "wholePods",
      at: first.at,
      data: { ...data, replicas: replicas === 1 ? "1 replica" : `${replicas} replicas`, needed, alone },
    };
  }
  // Where the rollout goes on by itself, the weights before are passed within seconds.
  const above = sending.find(({ share }) => share > max);
  const between = steps.slice(first.index, above?.index ?? steps.length);
  if (between.some(holds)) return undefined;
  return {
    messageId: "notHeld",
    at: first.at,
    data: { share: round(first.share), next: round(above?.share ?? 100) },
  };
}

/** An experiment whose pods get a share of the requests of their own. */
function sharesInExperiment(step: Place): boolean {
  return (step.find("experiment.templates")?.items() ?? []).some((template) => template.find("weight"));
}

/**
 * Whether a version was tried before the first weight: by an experiment, or at a route for some headers or for copies
 * of the requests that is held. (argo-rollouts v1.10, pkg/apis/rollouts/v1alpha1/types.go, CanaryStep.)
 */
function isTried(before: readonly Place[]): boolean {
  if (before.some((step) => step.child("experiment") !== undefined)) return true;
  const route = before.findIndex((step) => ROUTES.some((key) => (step.find(key)?.items() ?? []).length > 0));
  return route >= 0 && before.slice(route).some(holds);
}

function round(percent: number): number {
  return Math.round(percent * 10) / 10;
}
