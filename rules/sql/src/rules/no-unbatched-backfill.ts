import { displayName } from "@yantra-lint/core";
import { defineRule } from "../define.ts";
import { exclusiveLockBefore, isLongWork } from "../held-locks.ts";
import type { OperationNode, OperationNodeOf } from "../language/ast.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import { listed } from "../release.ts";
import { isOfAllRows } from "../row-writes.ts";

const HELD =
  "Each row that is written stays locked until the transaction ends: everybody who writes to one of them waits that long, and no vacuum clears what was replaced before.";
const BATCHES =
  "Write a few thousand rows at a time, each batch in a transaction of its own, by a job outside the migration or a migration that runs outside a transaction.";

/** One statement that writes many rows keeps them locked until the last one is written. */
export default defineRule({
  meta: {
    type: "suggestion",
    languages: ["yantra/sql"],
    docs: {
      description: "Disallow UPDATE and DELETE of unknown many rows in one statement",
      recommended: "warn",
      phase: "expand",
      reversible: false,
    },
    schema: [],
    messages: {
      allRows: `UPDATE without WHERE writes all rows of {{tables}}. ${HELD} ${BATCHES}`,
      unknownRows: `Nothing says how many rows of {{tables}} are written here. ${HELD} ${BATCHES}`,
    },
  },
  create(context) {
    const code = context.sourceCode;
    return {
      // All backfills of a file have the same way out, and one finding tells of them.
      Section({ statements }) {
        const writes = statements
          .flatMap((statement) => (statement.type === "Statement" ? statement.operations : []))
          .filter((operation) => isBackfill(code, operation));
        const [node] = writes;
        if (!node) return;
        const tables = listed([...new Set(writes.map(({ table }) => displayName(table)))]);
        context.report({
          node,
          messageId: writes.every(isOfAllRows) ? "allRows" : "unknownRows",
          data: { tables },
        });
      },
    };
  },
});

/** UPDATE and DELETE of many rows; what no-work-under-exclusive-lock and no-truncate tell of is left to them. */
function isBackfill(
  code: SqlSourceCode,
  operation: OperationNode,
): operation is OperationNodeOf<"WriteData"> {
  if (operation.type !== "WriteData" || !isLongWork(code, operation)) return false;
  if (operation.verb !== "update" && operation.verb !== "delete") return false;
  if (operation.verb === "delete" && isOfAllRows(operation)) return false;
  return exclusiveLockBefore(code, operation) === undefined;
}
