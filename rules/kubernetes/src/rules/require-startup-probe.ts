import { patienceOf, probeOf, timingOf } from "../probes.ts";
import { numberOption } from "../options.ts";
import { defineRule } from "../rule.ts";
import { onMainContainers } from "../serving-containers.ts";

/** What a liveness probe without any numbers leaves: three failures, ten seconds apart. */
const DEFAULT_SECONDS = 20;

/** A liveness probe that is not held back by a startup probe kills what starts slowly, again and again. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/kubernetes"],
    docs: {
      description: "Require a startup probe where the liveness probe leaves little time to start",
      recommended: "warn",
    },
    messages: {
      missing:
        'Container "{{container}}" of {{kind}} "{{workload}}" can be killed when its livenessProbe has not passed {{seconds}} s after the process began. A start that takes longer (cold node, busy CPU, large cache) becomes a crash loop, and a rollback starts just as cold; add a startupProbe, which holds the others back until the container has started.',
    },
    schema: [
      {
        type: "object",
        properties: {
          seconds: {
            type: "integer",
            minimum: 0,
            description: "The time to start that a liveness probe must leave.",
          },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ seconds: DEFAULT_SECONDS }],
  },
  create(context) {
    const wanted = numberOption(context.options, "seconds", DEFAULT_SECONDS);
    return onMainContainers(context, (container) => {
      const liveness = probeOf(container, "liveness");
      // A server accepts connections as soon as it listens, which most do before their slow work begins.
      const timing = liveness?.handler === "tcpSocket" ? undefined : liveness && timingOf(liveness);
      if (!timing || probeOf(container, "startup")) return undefined;
      // The first probe runs after the delay.
      const left = timing.initialDelay + patienceOf(timing);
      return left < wanted ? { messageId: "missing", data: { seconds: String(left) } } : undefined;
    });
  },
});
