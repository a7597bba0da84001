import { defineRule, Lines, readSuppressions } from "@yantra-lint/core";
import { isCommented, pointer, toComments } from "../comments.ts";

/** Who reads a suppression at night must learn from it why the danger was thought to be none. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["js/js", "yantra/sql", "yantra/kubernetes"],
    docs: {
      description: "Require suppressions to name their rules and a reason",
      recommended: "error",
      unsuppressible: true,
    },
    schema: [],
    messages: {
      missingReason:
        'This comment hides {{rules}} and does not say why, so nobody can tell whether it still holds. Add the reason after " -- ".',
      missingRules:
        "This comment names no rule, so it hides nothing. Name the rule it is about, as in {{example}}, and the reason.",
    },
  },
  create(context) {
    const code: object = context.sourceCode;
    const check = (): void => {
      if (!isCommented(code)) return;
      const point = pointer(code);
      const lines = new Lines(code.text);
      // In code, a comment without names is meant for other plugins.
      const isCode = !("positions" in code);
      for (const comment of toComments(code.getAllComments())) {
        for (const { directive, rules, foreign, reason } of readSuppressions([comment], lines)) {
          if (directive === "enable" || (rules.length > 0 && reason !== "")) continue;
          if (rules.length === 0 && (isCode || foreign.length > 0)) continue;
          context.report({
            loc: { start: point(comment.range[0]), end: point(comment.range[1]) },
            ...(rules.length > 0
              ? { messageId: "missingReason", data: { rules: rules.join(", ") } }
              : {
                  messageId: "missingRules",
                  data: { example: `eslint-${directive} yantra/sql/no-drop-column` },
                }),
          });
        }
      }
    };
    // The root node is called so in js/js and in our own languages.
    return { Program: check, File: check };
  },
});
