import { probeOf } from "../probes.ts";
import { defineRule } from "../rule.ts";
import { onMainContainers } from "../serving-containers.ts";

/** A process that hangs does not exit, so without a liveness probe nothing restarts it. */
export default defineRule({
  meta: {
    type: "suggestion",
    languages: ["yantra/kubernetes"],
    docs: {
      description: "Require a liveness probe on every container that serves requests",
      recommended: "warn",
    },
    messages: {
      missing:
        'Container "{{container}}" of {{kind}} "{{workload}}" serves requests but has no livenessProbe. A process that hangs without exiting stays in that state until a human restarts it; add a livenessProbe that asks the process alone, not its dependencies.',
    },
    schema: [],
  },
  create(context) {
    return onMainContainers(context, (container) =>
      probeOf(container, "liveness") ? undefined : { messageId: "missing" },
    );
  },
});
