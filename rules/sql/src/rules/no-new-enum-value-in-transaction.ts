import { displayName } from "@yantra-lint/core";
import { defineRule } from "../define.ts";
import { makesEnum, usesValue, type ValueChange, valueChangeOf } from "../enum-values.ts";
import type { OperationNode } from "../language/ast.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import { isBefore, operationsBefore, operationsIn } from "../later.ts";

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
    const additions = additionsIn(code);
    if (additions.length === 0) return {};
    return {
      Statement({ operations }) {
        for (const operation of operations) {
          const added = additions.find(
            (addition) =>
              isAddedBefore(code, addition, operation) && usesValue(code, operation, addition.change),
          );
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

interface Addition {
  change: ValueChange;
  by: OperationNode;
}

/** The values that a file adds to types, within transactions. */
function additionsIn(code: SqlSourceCode): Addition[] {
  return (["up", "down"] as const).flatMap((direction) =>
    operationsIn(code, direction).flatMap((by) => {
      const change = typeof by.transaction === "number" ? valueChangeOf(by) : undefined;
      return change && change.from === undefined ? [{ change, by }] : [];
    }),
  );
}

/** Whether a transaction has added a value, before the operation, to a type which it had not made by then. */
function isAddedBefore(code: SqlSourceCode, { change, by }: Addition, operation: OperationNode): boolean {
  if (by.transaction !== operation.transaction || by.direction !== operation.direction) return false;
  if (!isBefore(code, by, operation)) return false;
  return !operationsBefore(code, operation).some(
    (earlier) => earlier.transaction === by.transaction && makesEnum(earlier, change.type),
  );
}
