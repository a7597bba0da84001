import { numberOption } from "../options.ts";
import { defineRule } from "../rule.ts";

/**
 * Kinds that keep their old versions, ten by default (API reference: DeploymentSpec, StatefulSetSpec,
 * DaemonSetSpec; argo-rollouts, Rollout specification; openshift, DeploymentConfigSpec; openkruise, CloneSetSpec).
 */
const KEEPING = /^(?:Deployment|StatefulSet|DaemonSet|Rollout|DeploymentConfig|CloneSet)$/;

/** The history is what a rollback goes back to; with none, `rollout undo` has nothing to undo to. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/kubernetes"],
    docs: {
      description: "Require a revision history that a rollback can go back to",
      recommended: "error",
      reversible: false,
    },
    messages: {
      none: '{{kind}} "{{workload}}" keeps no old revision (revisionHistoryLimit: 0). When a release turns out to be broken, `rollout undo` has nothing to go back to and the old version must be found and deployed again by hand; remove the line (the default is 10).',
      few: '{{kind}} "{{workload}}" keeps {{limit}} old revisions, and {{minimum}} are wanted. A hotfix or two that fail push the last version that worked out of the history; raise revisionHistoryLimit, or remove the line (the default is 10).',
    },
    schema: [
      {
        type: "object",
        properties: {
          minimum: { type: "integer", minimum: 1, description: "Old revisions that must be kept." },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ minimum: 1 }],
  },
  create(context) {
    const minimum = numberOption(context.options, "minimum", 1);
    return {
      Workload({ kind, place, resource }) {
        // A controller writes what has an owner, after the owner's template.
        if (!KEEPING.test(kind) || place.find("metadata.ownerReferences")) return;
        const limit = place.find("spec.revisionHistoryLimit");
        if (!limit || typeof limit.value !== "number" || limit.value >= minimum) return;
        context.report({
          loc: limit.loc,
          messageId: limit.value <= 0 ? "none" : "few",
          data: { kind, workload: resource.name, limit: String(limit.value), minimum: String(minimum) },
        });
      },
    };
  },
});
