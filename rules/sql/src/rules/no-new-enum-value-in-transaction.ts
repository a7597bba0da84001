import { displayName } from "@yantra-lint/core";
import { defineRule } from "../define.ts";
import { makesEnum, usesValue, type ValueChange, valueChangeOf } from "../enum-values.ts";
import type { OperationNode } from "../language/ast.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import { operationsBefore } from "../later.ts";

/** PostgreSQL refuses a new value of an enum until the transaction that added it has committed. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/sql"],
    docs: {
      description: "Disallow using a value of an enum in the transaction that adds it",
      recommended: "error",
    },
    schema: [],
    messages: {
      unsafe:
        "PostgreSQL refuses '{{value}}' (\"unsafe use of new value of enum type {{type}}\") until the transaction that adds it in line {{line}} has committed: the migration fails here, and every later one waits behind it. Add the value in a migration of its own, before this one.",
    },
  },
  create(context) {
    const code = context.sourceCode;
    return {
      Statement({ operations }) {
        for (const operation of operations) {
          const added = addedBefore(code, operation).find(({ change }) => usesValue(code, operation, change));
          if (!added) continue;
          const { change, by } = added;
          const data = {
            value: change.value,
            type: displayName(change.type),
            line: String(by.loc.start.line),
          };
          return context.report({ node: operation, messageId: "unsafe", data });
        }
      },
    };
  },
});

/** The values that the operation's transaction has added to types which it has not made. */
function addedBefore(
  code: SqlSourceCode,
  operation: OperationNode,
): { change: ValueChange; by: OperationNode }[] {
  const { transaction } = operation;
  if (typeof transaction !== "number") return [];
  const together = operationsBefore(code, operation).filter((earlier) => earlier.transaction === transaction);
  return together.flatMap((by) => {
    const change = valueChangeOf(by);
    if (!change || change.from !== undefined) return [];
    return together.some((earlier) => makesEnum(earlier, change.type)) ? [] : [{ change, by }];
  });
}
