import { displayName, type QualifiedName } from "@yantra-lint/core";
import { defineRule } from "../define.ts";
import { valueChangeOf } from "../enum-values.ts";
import type { OperationNode } from "../language/ast.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import { operationsIn } from "../later.ts";
import { contractAfter, madeHere } from "../questions.ts";

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
        "{{type}} '{{from}}' becomes '{{to}}' while the release before this one still writes '{{from}}' and asks for it: its queries fail with \"invalid input value for enum\", a rollback fails with them, and rows that it reads hold a value it does not know. Add '{{to}}' with ADD VALUE instead, ship a release that knows both, then one that writes the new one, and let a later migration move the rows.",
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
          if (isNew(code, operation, type, from) || contractAfter(code, operation) !== undefined) continue;
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

/** Whether the running release does not know the value: the type is new, and none that had the value before it. */
function isNew(code: SqlSourceCode, operation: OperationNode, type: QualifiedName, value: string): boolean {
  if (!madeHere(code.catalogBefore(operation).typeOf(type)?.created)) return false;
  const [first = operation] = operationsIn(code, operation.direction);
  const replaced = code.catalogBefore(first).enumOf(type);
  return !replaced || madeHere(replaced.created) || !replaced.values.includes(value);
}
