import type { Container, Resource } from "../language/nodes.ts";
import { defineRule } from "../rule.ts";
import { onServingContainers } from "../serving-containers.ts";

/** What a container should say: what it needs, and where its memory ends. */
const WANTED = [
  ["requests", "cpu"],
  ["requests", "memory"],
  ["limits", "memory"],
] as const;

/** Without requests the scheduler does not know what fits, and a rollout's extra pods land where nothing is left. */
export default defineRule({
  meta: {
    type: "suggestion",
    languages: ["yantra/kubernetes"],
    docs: {
      description: "Require CPU and memory requests and a memory limit on containers that serve requests",
      recommended: false,
    },
    messages: {
      missing:
        'Container "{{container}}" of {{kind}} "{{workload}}" does not say {{missing}}. {{consequence}} Measure what it uses under load, and write that down.',
    },
    schema: [],
  },
  create(context) {
    return onServingContainers(context, (container) => {
      const missing = WANTED.filter(([list, name]) => !says(container, list, name));
      if (missing.length === 0 || isDefaulted(container, context.sourceCode.resources)) return undefined;
      const names = missing.map(([list, name]) => `resources.${list}.${name}`);
      const consequence = missing.some(([list]) => list === "requests")
        ? "The scheduler puts its pods where nothing is left, and they are the first to be evicted when a rollout starts extra ones."
        : "A leak in it takes the memory of the whole node, and with it pods of other services.";
      return { messageId: "missing", data: { missing: listed(names), consequence } };
    });
  },
});

/** A limit without request is the request too (kubernetes.io, "Resource Management for Pods and Containers"). */
function says({ place, podTemplate }: Container, list: "requests" | "limits", name: string): boolean {
  const lists = list === "requests" ? ["requests", "limits"] : ["limits"];
  // Resources of the pod as a whole are shared by its containers (kubernetes.io, "Pod-level resources").
  const holders = [place.find("resources"), podTemplate.place.find("spec.resources")];
  return holders.some((holder) => lists.some((key) => holder?.find([key, name]) !== undefined));
}

/** Whether a LimitRange of the same file fills in what the container leaves out. */
function isDefaulted({ podTemplate }: Container, neighbours: readonly Resource[]): boolean {
  const { namespace } = podTemplate.workload.resource;
  return neighbours.some(
    (other) =>
      other.kind === "LimitRange" &&
      (other.namespace === undefined || namespace === undefined || other.namespace === namespace),
  );
}

function listed(names: readonly string[]): string {
  const [last = "", ...others] = names.toReversed();
  return others.length === 0 ? last : `${others.toReversed().join(", ")} and ${last}`;
}
