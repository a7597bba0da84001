import type { Probe } from "../language/nodes.ts";
import { patienceOf, probeOf, questionOf, timingOf } from "../probes.ts";
import { defineRule } from "../rule.ts";
import { isRolledOut } from "../serving.ts";

/** Seconds after which a restart is worth a try, whoever is at fault. */
const PATIENT = 300;

/**
 * Handlers that are not known to ask a dependency: the kernel answers whether a port accepts connections, and a
 * gRPC server says what its own status is set to (grpc/grpc, doc/health-checking.md).
 */
const ASKS_NOBODY: readonly Probe["handler"][] = ["tcpSocket", "grpc"];

/** A liveness probe that asks what the readiness probe asks, and loses patience first, restarts what should wait. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/kubernetes"],
    docs: {
      description: "Disallow liveness probes that fail on the same question as soon as the readiness probe",
      recommended: false,
    },
    messages: {
      hasty:
        'The livenessProbe of container "{{container}}" asks what its readinessProbe asks, and gives up {{liveness}} s after its first failure, no later than that one ({{readiness}} s). If the answer depends on something that all pods share, such as a database, an outage of that restarts the container in all pods at once instead of taking them out of traffic; ask the process alone, or let the livenessProbe fail later.',
    },
    schema: [],
  },
  create(context) {
    return {
      Container(container) {
        if (!isRolledOut(container.podTemplate) || container.place.find("image") === undefined) return;
        const liveness = probeOf(container, "liveness");
        const readiness = probeOf(container, "readiness");
        if (!liveness || !readiness || ASKS_NOBODY.includes(liveness.handler)) return;
        const question = questionOf(liveness);
        if (question === undefined || question !== questionOf(readiness)) return;
        const [timing, other] = [timingOf(liveness), timingOf(readiness)];
        if (!timing || !other) return;
        const [before, after] = [patienceOf(timing), patienceOf(other)];
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
