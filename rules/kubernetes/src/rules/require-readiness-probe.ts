import type { Container } from "../language/nodes.ts";
import { defineRule } from "../rule.ts";
import { onMainContainers } from "../serving-containers.ts";

/** They make pods and never replace those they have: a version comes with the one that owns them, or by hand. */
const UNROLLED = /^(?:ReplicaSet|ReplicationController)$/;

/** Without a readiness probe a pod counts as ready when its process starts, so no rollout notices a broken one. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/kubernetes"],
    docs: {
      description: "Require a readiness probe on every container that serves requests",
      recommended: "error",
    },
    messages: {
      missing:
        'Container "{{container}}" of {{kind}} "{{workload}}" serves requests but has no readinessProbe. During a rollout its pod gets traffic before the process is up and counts as available at once, so a broken version replaces the old one and nothing rolls it back; add a readinessProbe.',
      unwatched:
        'Container "{{container}}" of {{kind}} "{{workload}}" serves requests but has no readinessProbe. Its pod is ready as soon as the other containers are, so a version whose "{{container}}" is broken gets traffic, replaces the old one, and nothing rolls it back; add a readinessProbe.',
      unrolled:
        'Container "{{container}}" of {{kind}} "{{workload}}" serves requests but has no readinessProbe. Each new pod gets traffic before the process is up, and one that is broken keeps getting its share of the requests; add a readinessProbe.',
    },
    schema: [],
  },
  create(context) {
    return onMainContainers(context, (container) => {
      const { podTemplate } = container;
      // Readiness gates hold the pod back until a controller has seen it work, which is what a probe is for.
      if ((podTemplate.place.find("spec.readinessGates")?.items() ?? []).length > 0) return undefined;
      if (hasReadinessProbe(container)) return undefined;
      if (UNROLLED.test(podTemplate.workload.kind)) return { messageId: "unrolled" };
      return { messageId: podTemplate.containers.some(hasReadinessProbe) ? "unwatched" : "missing" };
    });
  },
});

function hasReadinessProbe({ probes, init }: Container): boolean {
  return !init && probes.some(({ kind }) => kind === "readiness");
}
