import { defineRule } from "../rule.ts";

/** A manifest that is not valid YAML is applied in part or not at all. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/kubernetes"],
    docs: { description: "Disallow manifests that are not valid YAML", recommended: "error" },
    messages: {
      invalid:
        "This document is not valid YAML: {{problem}}. It cannot be applied, and a rollback to this commit cannot apply it either; correct it.",
      duplicateKey:
        'The key "{{key}}" stands twice in this mapping. `kubectl apply -f` keeps the last value without a word, and kustomize refuses the file, so what is deployed depends on the tool; remove one.',
    },
    schema: [],
  },
  create(context) {
    return {
      InvalidDocument(node) {
        context.report({ loc: node.loc, messageId: "invalid", data: { problem: node.problem } });
      },
      DuplicateKey(node) {
        context.report({ loc: node.loc, messageId: "duplicateKey", data: { key: node.key } });
      },
    };
  },
});
