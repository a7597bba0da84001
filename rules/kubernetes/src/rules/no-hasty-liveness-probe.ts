import { probeOf, questionOf, timingOf } from "../probes.ts";
import { defineRule } from "../rule.ts";
import { isRolledOut } from "../serving.ts";

/** Seconds after which a restart is worth a try, whoever is at fault. */
const PATIENT = 300;

/** A liveness probe that asks what the readiness probe asks, and loses patience first, restarts what should wait. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/kubernetes"],
    docs: {
      description: "Disallow liveness probes that fail on the same question as soon as the readiness probe",
      recommended: "warn",
    },
    messages: {
      hasty:
        'The livenessProbe of container "{{container}}" asks what its readinessProbe asks, and gives up after {{liveness}} s, no later than that one ({{readiness}} s). When the answer depends on something slow, such as a database, the container is restarted instead of taken out of traffic, in all pods at once; ask the process alone, or let the livenessProbe fail later.',
    },
    schema: [],
  },
  create(context) {
    return {
      Container(container) {
        if (!isRolledOut(container.podTemplate) || container.place.find("image") === undefined) return;
        const liveness = probeOf(container, "liveness");
        const readiness = probeOf(container, "readiness");
        // Whether a port accepts connections is the kernel's answer, and asks no dependency.
        if (!liveness || !readiness || liveness.handler === "tcpSocket") return;
        const question = questionOf(liveness);
        if (question === undefined || question !== questionOf(readiness)) return;
        const [patience, other] = [timingOf(liveness), timingOf(readiness)];
        if (!patience || !other) return;
        const [before, after] = [patience.failures * patience.period, other.failures * other.period];
        if (before > after || before >= PATIENT) return;
        context.report({
          loc: context.sourceCode.positions.loc(liveness.place.keyRange),
          messageId: "hasty",
          data: { container: container.name, liveness: String(before), readiness: String(after) },
        });
      },
    };
  },
});
