import { probeOf, timingOf } from "../probes.ts";
import { defineRule } from "../rule.ts";
import { isRolledOut } from "../serving.ts";

/** Both kinds have the default of 600 s (API reference, DeploymentSpec; argo-rollouts, Rollout specification). */
const DEFAULT_DEADLINE = 600;

/** The deadline is what calls a rollout failed: one that is shorter than a pod's start fails good releases. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/kubernetes"],
    docs: {
      description: "Require a progress deadline that is longer than a pod may take to become available",
      recommended: "warn",
    },
    messages: {
      short:
        '{{kind}} "{{workload}}" is reported as failed after {{deadline}} s without progress (progressDeadlineSeconds), but {{reason}}. A good release that starts slowly is then rolled back or raises an alarm; raise the deadline above {{needed}} s, or let the pod become available sooner.',
    },
    schema: [],
  },
  create(context) {
    return {
      PodTemplate(podTemplate) {
        const { workload, containers } = podTemplate;
        if (!["Deployment", "Rollout"].includes(workload.kind) || !isRolledOut(podTemplate)) return;
        const deadline = workload.place.find("spec.progressDeadlineSeconds");
        const seconds = deadline ? deadline.value : DEFAULT_DEADLINE;
        const minReady = workload.place.find("spec.minReadySeconds")?.value ?? 0;
        if (typeof seconds !== "number" || typeof minReady !== "number") return;
        for (const container of containers) {
          const probe = probeOf(container, "startup");
          const timing = probe && timingOf(probe);
          if (!timing || container.init) continue;
          const start = timing.initialDelay + timing.failures * timing.period;
          const needed = start + minReady;
          if (needed < seconds) continue;
          const ready = minReady > 0 ? `, and minReadySeconds adds ${minReady} s` : "";
          context.report({
            loc: deadline?.loc ?? context.sourceCode.positions.loc(probe.place.keyRange),
            messageId: "short",
            data: {
              kind: workload.kind,
              workload: workload.resource.name,
              deadline: String(seconds),
              reason: `the startupProbe of container "${container.name}" lets it start for ${start} s${ready}`,
              needed: String(needed),
            },
          });
        }
      },
    };
  },
});
