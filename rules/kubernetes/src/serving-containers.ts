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

/**
 * As `onServingContainers`, for the rules about probes: without the containers beside the one that a pod is for, whose
 * probe is what says whether the pod works.
 */
export function onMainContainers(
  context: Context,
  judge: (container: Container) => Objection | undefined,
): KubernetesVisitor {
  return onServingContainers(context, (container) => (isBeside(container) ? undefined : judge(container)));
}

/** Kubernetes, "Well-Known Labels, Annotations and Taints": the container that a pod is about. */
const DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container";

/** How kube-rbac-proxy and oauth2-proxy are told what stands behind them (both projects' README). */
const UPSTREAM = /^(?:--?upstream[= ])?https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?:[:/]|$)/;

/**
 * Whether a container stands beside the one its pod is for: another is the pod's default container, or, where none
 * is named, this one only hands requests on to another of the pod.
 */
function isBeside({ name, place, podTemplate }: Container): boolean {
  const main = podTemplate.place.find(["metadata", "annotations", DEFAULT_CONTAINER])?.text;
  if (podTemplate.containers.some((container) => container.name === main)) return name !== main;
  if (podTemplate.containers.filter(({ init }) => !init).length < 2) return false;
  const words = ["command", "args"].flatMap((key) => place.find([key])?.items() ?? []);
  return words.some((word, index) => {
    const said = word.text ?? "";
    const option = said.includes("upstream") ? said : `${words[index - 1]?.text ?? ""} ${said}`;
    return option.includes("upstream") && UPSTREAM.test(option);
  });
}
