import type { Container } from "./language/nodes.ts";
import type { KubernetesRule, KubernetesVisitor } from "./rule.ts";
import { isRolledOut, servesRequests } from "./serving.ts";

type Context = Parameters<KubernetesRule["create"]>[0];

/** What a rule has to say of a container; the data of its message that go beyond the names are in `data`. */
export interface Objection {
  messageId: string;
  data?: Record<string, string>;
}

/**
 * The template of the rules that ask something of every container that serves requests and that a rollout
 * replaces. `judge` gives its objection, which is reported at the container's name (at the container when it has
 * none) with `container`, `kind` and `workload` as data; or undefined. A container without image is a patch's.
 */
export function onServingContainers(
  context: Context,
  judge: (container: Container) => Objection | undefined,
): KubernetesVisitor {
  return {
    Container(container) {
      const { podTemplate, place, name } = container;
      if (!isRolledOut(podTemplate) || place.find("image") === undefined) return;
      if (!servesRequests(container, context.sourceCode.resources)) return;
      const objection = judge(container);
      if (!objection) return;
      const { kind, resource } = podTemplate.workload;
      context.report({
        loc: place.find("name")?.loc ?? container.loc,
        messageId: objection.messageId,
        data: { container: name, kind, workload: resource.name, ...objection.data },
      });
    },
  };
}
