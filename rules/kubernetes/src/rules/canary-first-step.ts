import type { Resource } from "../language/nodes.ts";
import type { Place } from "../language/place.ts";
import { type Canary, canaryOf, holds, shareOf } from "../progressive/argo.ts";
import { wholeNumber } from "../progressive/durations.ts";
import { flaggerAnalysis, isFlaggerCanary } from "../progressive/flagger.ts";
import { numberOption } from "../progressive/options.ts";
import { maxSurgeOf, replicasFor } from "../progressive/replicas.ts";
import { defineRule } from "../rule.ts";

const MAX = 10;

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
        '{{kind}} "{{name}}" asks for {{weight}} %, but with {{replicas}} replicas and no trafficRouting only whole pods are counted, and the new version begins with {{share}} % of the requests. Run at least {{needed}} replicas, or split the requests with trafficRouting.',
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
  if (first.share > max) {
    const asked = (first.weight * 100) / canary.maxWeight;
    const rounded = !routed && replicas !== undefined && asked <= max;
    const data = { share: round(first.share), weight: first.weight };
    return rounded
      ? {
          messageId: "replicas",
          at: first.at,
          data: { ...data, replicas, needed: replicasFor(asked, max, maxSurgeOf(place, replicas)) },
        }
      : { messageId: "weight", at: first.at, data };
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

function round(percent: number): number {
  return Math.round(percent * 10) / 10;
}
