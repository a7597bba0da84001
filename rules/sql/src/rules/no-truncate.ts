import { displayName, type QualifiedName } from "@yantra-lint/core";
import { defineRule } from "../define.ts";
import type { OperationNodeOf } from "../language/ast.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import { areAtOnce, isSameName, operationsAfter } from "../later.ts";
import { contractAfter, isOutOfSight, madeHere, tableOf } from "../questions.ts";
import { listed } from "../release.ts";
import { isOfAllRows } from "../row-writes.ts";

const GONE =
  "the release before this one, which still runs, finds no row there, and a rollback brings none back";
const WAY =
  "Keep the rows under another name until nobody needs them; or, if no release reads them any more, say so with `-- @yantra-phase contract after=<that release>` above the statement.";

/** A table that is emptied stays empty when the release is rolled back. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/sql"],
    docs: {
      description: "Disallow TRUNCATE, and DELETE of all rows",
      recommended: "error",
      phase: "contract",
      reversible: false,
    },
    schema: [],
    messages: {
      truncate: `TRUNCATE empties {{tables}}: ${GONE}. ${WAY}`,
      cascade: `TRUNCATE … CASCADE empties {{tables}} and every table whose foreign keys lead there, named or not: ${GONE}. ${WAY}`,
      deleteAll: `DELETE without WHERE empties {{tables}}: ${GONE}. ${WAY}`,
    },
  },
  create(context) {
    const code = context.sourceCode;
    return {
      Statement({ raw, operations }) {
        const emptied = operations.flatMap((operation) =>
          operation.type === "WriteData" && isEmptying(operation) && isMissed(code, operation)
            ? [operation]
            : [],
        );
        const [node] = emptied;
        if (!node) return;
        const cascade = "TruncateStmt" in raw && raw.TruncateStmt.behavior === "DROP_CASCADE";
        const messageId = node.verb === "delete" ? "deleteAll" : cascade ? "cascade" : "truncate";
        const tables = listed(emptied.map(({ table }) => displayName(table)));
        context.report({ node, messageId, data: { tables } });
      },
    };
  },
});

function isEmptying(operation: OperationNodeOf<"WriteData">): boolean {
  return operation.verb === "truncate" || (operation.verb === "delete" && isOfAllRows(operation));
}

/** Whether rows that somebody may want are gone: not those of a new table, nor of one that is made or filled anew. */
function isMissed(code: SqlSourceCode, operation: OperationNodeOf<"WriteData">): boolean {
  const { table } = operation;
  const answer = code.catalogBefore(operation).table(table);
  if (isOutOfSight(answer, operation) || madeHere(tableOf(answer)?.created)) return false;
  if (contractAfter(code, operation) !== undefined) return false;
  return !isToldOrFilled(code, operation, table);
}

/** no-drop-table tells when the table goes too; rows that a query computes in the same transaction are there again. */
function isToldOrFilled(
  code: SqlSourceCode,
  operation: OperationNodeOf<"WriteData">,
  table: QualifiedName,
): boolean {
  return operationsAfter(code, operation).some((later) => {
    if (!("table" in later) || !isSameName(later.table, table)) return false;
    if (later.type === "DropTable") return true;
    return (
      later.type === "WriteData" &&
      later.verb === "insert" &&
      later.reads !== undefined &&
      areAtOnce(operation, later)
    );
  });
}
