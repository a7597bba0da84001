import { displayName } from "@yantra-lint/core";
import { defineRule } from "../define.ts";
import { isMadeBefore, valueChangeOf } from "../enum-values.ts";
import { contractAfter } from "../questions.ts";

/** The release that is still running goes on writing the old name of a value, which is refused. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/sql"],
    docs: {
      description: "Disallow renaming a value of an enum",
      recommended: "error",
      phase: "contract",
      reversible: true,
    },
    schema: [],
    messages: {
      renamed:
        "{{type}} '{{from}}' becomes '{{to}}' while the release before this one still writes '{{from}}' and asks for it: its queries fail with \"invalid input value for enum\", a rollback fails with them, and rows that it reads hold a value it does not know. Add '{{to}}' with ADD VALUE instead, ship a release that knows both and writes the new one, and let a later migration move the rows.",
    },
  },
  create(context) {
    const code = context.sourceCode;
    return {
      Statement({ operations }) {
        for (const operation of operations) {
          const change = valueChangeOf(operation);
          if (change?.from === undefined) continue;
          const { type, from, value: to } = change;
          if (isMadeBefore(code, operation, type) || contractAfter(code, operation) !== undefined) continue;
          context.report({
            node: operation,
            messageId: "renamed",
            data: { type: displayName(type), from, to },
          });
        }
      },
    };
  },
});
