import {
  type CanaryFact,
  type CanaryStep,
  defineWorkspaceRule,
  type FactIndex,
  type Location,
} from "@yantra-lint/core";
import { spokenSeconds } from "../progressive/durations.ts";
import { booleanOption, numberOption } from "../options.ts";
import { locationOf } from "../workspace/names.ts";

const MIN_SECONDS = 300;
const UP_TO = 50;

/** Errors need time to show: what is promoted before has not been watched. */
export default defineWorkspaceRule({
  meta: {
    type: "problem",
    docs: {
      description: "Require a canary to be watched for minutes before most requests meet it",
      recommended: "warn",
    },
    messages: {
      short:
        '{{kind}} "{{name}}" gives the new version more than {{upTo}} % of the requests after {{time}}, before faults that need minutes (leaks, retries, full queues) can show. Let its pauses and analyses take at least {{min}} until then.',
      shortChecks:
        '{{kind}} "{{name}}" gives the new version more than {{upTo}} % of the requests after {{time}}, before faults that need minutes (leaks, retries, full queues) can show. Set its interval to {{interval}} or more, so that its checks take at least {{min}} until then.',
      long: '{{kind}} "{{name}}" keeps two versions side by side for {{time}} before the new one gets more than {{upTo}} % of the requests, and a fix has to wait behind it. Let its pauses and analyses take at most {{max}} until then.',
      human:
        '{{kind}} "{{name}}" stays at {{weight}} % until somebody promotes it, and no analysis runs meanwhile: a broken version serves that share until a human looks. Add a background analysis, or a pause with a duration and an analysis after it.',
      endless:
        '{{kind}} "{{name}}" waits for an analysis from "{{template}}" that never ends, because a metric of it has an interval and no count. Argo Rollouts refuses the Rollout, so nothing is deployed; add a count, or run the template as the background analysis.',
    },
    schema: [
      {
        type: "object",
        properties: {
          minSeconds: { type: "number", minimum: 0, description: "The least time; 300 by default." },
          manual: {
            type: "boolean",
            description: "Whether a pause may wait for a human without an analysis; true by default.",
          },
          maxSeconds: { type: "number", minimum: 1, description: "The longest time; none by default." },
          upTo: {
            type: "number",
            minimum: 1,
            maximum: 100,
            description: "The share in percent until which it counts.",
          },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ minSeconds: MIN_SECONDS, upTo: UP_TO, manual: true }],
  },
  check({ facts, options, report }) {
    const min = numberOption(options, "minSeconds", MIN_SECONDS);
    const max = numberOption(options, "maxSeconds", Number.POSITIVE_INFINITY);
    const upTo = numberOption(options, "upTo", UP_TO);
    const manual = booleanOption(options, "manual", true);
    const templates = new Templates(facts);
    for (const canary of facts.of("canary")) {
      const { kind, name, path } = canary;
      const tell = (
        messageId: string,
        at: Omit<Location, "path">,
        data: Record<string, string | number> = {},
      ): void =>
        report({ messageId, data: { kind, name, upTo, ...data }, location: locationOf({ ...at, path }) });
      const low = lowSteps(canary, upTo);
      const waiting = low.find(({ holds }) => holds === "human");
      const endless = low
        .flatMap((step) => step.analyses.map((template) => ({ step, template })))
        .find(({ template }) => templates.lasts(template, canary) === "endless");
      if (endless) {
        tell("endless", endless.step, { template: endless.template.name });
      } else if (waiting) {
        const watched = canary.watched || low.some(({ analyses }) => analyses.length > 0);
        if (!watched && !manual) tell("human", waiting, { weight: Math.round(waiting.weight * 10) / 10 });
      } else {
        const time = templates.timeOf(low, canary);
        if (time === undefined) continue;
        const held = low.filter(({ holds, analyses }) => holds !== 0 || analyses.length > 0);
        const at = held.length === 1 ? (held[0] ?? canary) : canary;
        const data = { time: spokenSeconds(time), min: spokenSeconds(min), max: spokenSeconds(max) };
        if (time < min && canary.interval !== undefined) {
          // Whole seconds that the same number of checks adds up to the least time.
          const interval = `${Math.ceil((canary.interval * min) / time)}s`;
          tell("shortChecks", at, { ...data, interval });
        } else if (time < min) tell("short", at, data);
        else if (time > max) tell("long", at, data);
      }
    }
  },
});

/** The steps before the new version gets more than a share of the requests. */
function lowSteps({ steps }: CanaryFact, upTo: number): CanaryStep[] {
  const above = steps.findIndex(({ weight }) => weight > upTo);
  return above < 0 ? steps : steps.slice(0, above);
}

/** How long analyses from the repository's templates take. */
class Templates {
  readonly #byName = new Map<
    string,
    { namespace: string | undefined; lasts: number | "endless" | undefined }[]
  >();

  constructor(facts: FactIndex) {
    for (const { kind, name, namespace, lasts, effect } of facts.of("trigger")) {
      if (effect !== "rollback") continue;
      const key = `${kind}/${name}`;
      this.#byName.set(key, [...(this.#byName.get(key) ?? []), { namespace, lasts }]);
    }
  }

  /** Undefined when it is not known, or when templates of one name disagree. */
  lasts(
    { kind, name }: CanaryStep["analyses"][number],
    { namespace }: CanaryFact,
  ): number | "endless" | undefined {
    const candidates = (this.#byName.get(`${kind}/${name}`) ?? []).filter(
      (template) =>
        kind.startsWith("Cluster") ||
        template.namespace === undefined ||
        namespace === undefined ||
        template.namespace === namespace,
    );
    const [first, ...others] = candidates;
    return others.every(({ lasts }) => lasts === first?.lasts) ? first?.lasts : undefined;
  }

  /** Seconds that steps take when everything passes; the templates of one step run side by side. */
  timeOf(steps: readonly CanaryStep[], canary: CanaryFact): number | undefined {
    let total = 0;
    for (const { holds, analyses } of steps) {
      const runs = analyses.map((template) => this.lasts(template, canary));
      const known = runs.filter((run) => typeof run === "number");
      if (typeof holds !== "number" || known.length < runs.length) return undefined;
      total += holds + Math.max(0, ...known);
    }
    return steps.length === 0 ? undefined : total;
  }
}
