import { defineRule } from "../rule.ts";
import { problemsOf } from "../schema/walk.ts";

/** The API server refuses a manifest that is not valid, and one that was never applied cannot be rolled back to. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/kubernetes"],
    docs: {
      description: "Enforce that manifests have the fields, types and values that the API server takes",
      recommended: "error",
    },
    messages: {
      unknown:
        '"{{path}}" is no field of the kind {{kind}}. kubectl refuses the manifest, and a tool that does not validate it has the field dropped in silence, so the release runs without it; {{way}}.',
      type: '"{{path}}" must be {{expected}}, but is {{got}}. {{refuser}} refuses the whole manifest, so neither a release nor a rollback can apply it; {{way}}.',
      missing:
        "{{at}} lacks {{fields}}. {{refuser}} refuses the whole manifest, so neither a release nor a rollback can apply it; add {{what}}.",
      enum: '"{{path}}" is "{{value}}", but only these are allowed: {{allowed}}. {{refuser}} refuses the whole manifest, so neither a release nor a rollback can apply it; {{way}}.',
      invalid:
        "{{problem}}. {{refuser}} refuses the whole manifest, so neither a release nor a rollback can apply it; {{way}}.",
      correct: "Write {{text}}.",
    },
    schema: [],
    hasSuggestions: true,
  },
  create(context) {
    const { sourceCode } = context;
    return {
      Resource(resource) {
        for (const { messageId, range, data, edit } of problemsOf(resource, sourceCode.text)) {
          context.report({
            loc: sourceCode.positions.loc(range),
            messageId,
            data,
            suggest: edit
              ? [
                  {
                    messageId: "correct",
                    data: { text: edit.text },
                    fix: (fixer) => fixer.replaceTextRange([...edit.range], edit.text),
                  },
                ]
              : [],
          });
        }
      },
    };
  },
});
