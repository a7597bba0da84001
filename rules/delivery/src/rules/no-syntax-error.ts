import { defineRule } from "../rule.ts";

/** A workflow that is not valid YAML does not run, and so deploys nothing and rolls nothing back. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/delivery"],
    docs: { description: "Disallow workflows that are not valid YAML", recommended: "error" },
    messages: {
      invalid:
        "This workflow is not valid YAML: {{problem}}. GitHub runs none of its jobs, so neither a release nor the rollback of one gets through; correct it.",
    },
    schema: [],
  },
  create(context) {
    return {
      InvalidDocument(node) {
        context.report({ loc: node.loc, messageId: "invalid", data: { problem: node.problem } });
      },
    };
  },
});
