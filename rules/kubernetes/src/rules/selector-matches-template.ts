import type { Place } from "@yantra-lint/yaml";
import { defineRule } from "../rule.ts";

/**
 * Kinds whose selector the API server compares with their own template (kubernetes 1.33, pkg/apis/apps/validation,
 * ValidatePodTemplateSpecForReplicaSet, …ForStatefulSet and ValidateDaemonSetSpec). The Rollout controller does it
 * with the first of these (argo-rollouts, pkg/apis/rollouts/validation), OpenKruise's webhook with a copy. A Job's
 * selector is made by the controller.
 */
const COMPARED: Readonly<Record<string, readonly string[]>> = {
  Deployment: ["apps", "extensions"],
  ReplicaSet: ["apps", "extensions"],
  StatefulSet: ["apps", "apps.kruise.io"],
  DaemonSet: ["apps", "extensions", "apps.kruise.io"],
  Rollout: ["argoproj.io"],
  CloneSet: ["apps.kruise.io"],
};

/** A selector that does not find its own pods is refused, in the middle of a release. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/kubernetes"],
    docs: {
      description: "Require a workload's selector to match the labels of its own pod template",
      recommended: "error",
    },
    messages: {
      mismatch:
        'The selector of {{kind}} "{{workload}}" asks its pods for {{asked}}, but the pod template {{actual}}. The manifest is refused, so the release stops here with the other manifests already applied; make both the same, and remember that the selector of a workload that exists cannot be changed.',
      empty:
        'The selector of {{kind}} "{{workload}}" is empty. The manifest is refused, so the release stops here with the other manifests already applied; select by the labels of the pod template.',
    },
    schema: [],
  },
  create(context) {
    return {
      Workload({ kind, place, resource, podTemplate }) {
        const selector = place.find("spec.selector");
        // A patch's labels and selector are merged with others first.
        if (resource.patch || !podTemplate || !selector || !COMPARED[kind]?.includes(resource.group)) return;
        const labels = new Map(podTemplate.place.find("metadata.labels")?.entries() ?? []);
        const matchLabels = selector.find("matchLabels")?.entries() ?? [];
        const expressions = selector.find("matchExpressions")?.items() ?? [];
        const workload = resource.name;
        if (matchLabels.length + expressions.length === 0) {
          const loc = context.sourceCode.positions.loc(selector.keyRange);
          context.report({ loc, messageId: "empty", data: { kind, workload } });
        }
        for (const [name, wanted] of matchLabels) {
          const has = labels.get(name);
          if (wanted.open || has?.open || (has && has.written === wanted.written)) continue;
          reportMismatch(wanted, name, `${name}: ${wanted.written ?? ""}`);
        }
        for (const expression of expressions) {
          const name = expression.find("key")?.text;
          const asked = name === undefined ? undefined : objectionOf(expression, labels.get(name));
          if (name !== undefined && asked !== undefined) reportMismatch(expression, name, `${name} ${asked}`);
        }

        function reportMismatch(at: Place, name: string, asked: string): void {
          const has = labels.get(name)?.written;
          const actual = has === undefined ? "has no such label" : `says ${name}: ${has}`;
          context.report({ loc: at.loc, messageId: "mismatch", data: { kind, workload, asked, actual } });
        }
      },
    };
  },
});

/** What an expression asks in vain of a label; undefined when the label answers it, or a tool fills in a part. */
function objectionOf(expression: Place, label: Place | undefined): string | undefined {
  const values = expression.find("values")?.items() ?? [];
  if (label?.open || values.some(({ open }) => open)) return undefined;
  const texts = values.map(({ written }) => written ?? "");
  const isListed = label?.written !== undefined && texts.includes(label.written);
  switch (expression.find("operator")?.text) {
    case "In":
      return isListed ? undefined : `In (${texts.join(", ")})`;
    case "NotIn":
      return isListed ? `NotIn (${texts.join(", ")})` : undefined;
    case "Exists":
      return label ? undefined : "Exists";
    case "DoesNotExist":
      return label ? "DoesNotExist" : undefined;
    default:
      return undefined;
  }
}
