import { defineWorkspaceRule } from "@yantra-lint/core";
import { hazardOf, isServed, patchedUpdate, scaledElsewhere } from "../workspace/updates.ts";

/** An update in place has no way back while it goes wrong: what worked has been stopped first. */
export default defineWorkspaceRule({
  meta: {
    type: "problem",
    docs: {
      description: "Require updates of what serves requests to keep old pods until new ones work",
      recommended: "error",
    },
    messages: {
      recreate:
        '{{kind}} "{{workload}}" serves requests and is updated by Recreate: every old pod is stopped before the first new one starts. Each release is an outage, and one that does not start leaves nothing that serves; use RollingUpdate, or a Rollout with a canary or blueGreen strategy.',
      onDelete:
        '{{kind}} "{{workload}}" serves requests and is updated by OnDelete: a release changes no pod, and neither does a rollback, until somebody deletes each pod by hand. Use RollingUpdate.',
      noneLeft:
        '{{kind}} "{{workload}}" may lose all of its pods at once during an update: {{reason}}. Nothing serves until a new pod is ready, and if the new version does not start nothing serves at all. {{advice}}.',
      noStrategy:
        'Rollout "{{workload}}" has neither a canary nor a blueGreen strategy. The controller calls it invalid and does nothing, so nothing is released and nothing is rolled back; say how new pods replace old ones.',
    },
    schema: [],
  },
  check({ facts, report }) {
    const services = facts.of("resource").filter(({ kind }) => kind === "Service");
    const isScaled = scaledElsewhere(facts);
    const patched = patchedUpdate(facts);
    for (const resource of facts.of("resource")) {
      const { update, kind, name, path, complete, patch } = resource;
      if (!update || !complete) continue;
      const { before, after } = patch ? (patched(resource) ?? {}) : { after: resource };
      const hazard = after && hazardOf(after, isScaled(resource));
      if (!hazard || (hazard.messageId !== "noStrategy" && !isServed(after, services))) continue;
      // Told where it stands, if the patch only repeats it.
      if (before && hazardOf(before, isScaled(before))?.messageId === hazard.messageId) continue;
      const { startLine, startColumn, endLine, endColumn } = update;
      report({
        messageId: hazard.messageId,
        data: { kind, workload: name, ...hazard.data },
        location: { path, startLine, startColumn, endLine, endColumn },
      });
    }
  },
});
