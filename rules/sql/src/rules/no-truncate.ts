import { displayName } from "@yantra-lint/core";
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
  "Leave the rows until no release reads them any more, and then say so with `-- @yantra-phase contract after=<that release>` above the statement.";

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
      replaced:
        "All rows of {{tables}} go, and line {{line}} puts in others: what the release before this one or its users wrote there is gone, and a rollback brings none of it back. Write only what changes, with INSERT … ON CONFLICT DO UPDATE and DELETE … WHERE.",
    },
  },
  create(context) {
    const code = context.sourceCode;
    return {
      Statement({ raw, operations }) {
        const cascade = "TruncateStmt" in raw && raw.TruncateStmt.behavior === "DROP_CASCADE";
        const emptied = operations.flatMap((operation) =>
          operation.type === "WriteData" && isEmptying(operation) && isMissed(code, operation, cascade)
            ? [operation]
            : [],
        );
        const [node, ...more] = emptied;
        if (!node) return;
        const tables = listed(emptied.map(({ table }) => displayName(table)));
        const others = cascade || more.length > 0 ? undefined : filledAtOnce(code, node);
        if (others) {
          const line = String(others.loc.start.line);
          context.report({ node, messageId: "replaced", data: { tables, line } });
        } else {
          const messageId = node.verb === "delete" ? "deleteAll" : cascade ? "cascade" : "truncate";
          context.report({ node, messageId, data: { tables } });
        }
      },
    };
  },
});

type Write = OperationNodeOf<"WriteData">;

function isEmptying(operation: Write): boolean {
  return operation.verb === "truncate" || (operation.verb === "delete" && isOfAllRows(operation));
}

/** Whether rows that somebody may want are gone: not those of a new table, nor of one that is made or filled anew. */
function isMissed(code: SqlSourceCode, operation: Write, cascade: boolean): boolean {
  const { table } = operation;
  const answer = code.catalogBefore(operation).table(table);
  const known = tableOf(answer);
  if (isOutOfSight(answer, operation) || madeHere(known?.created)) return false;
  if (contractAfter(code, operation) !== undefined) return false;
  // no-drop-table tells when the table goes too.
  const isDropped = operationsAfter(code, operation).some(
    (later) => later.type === "DropTable" && isSameName(later.table, table),
  );
  if (isDropped) return false;
  const filled = filledAtOnce(code, operation);
  if (!filled) return true;
  // Rows that a query computes are there again; a table that migrations have filled with a handful is all theirs.
  return filled.reads === undefined && (cascade || known?.rows !== "few");
}

/** What puts rows into the table again before anybody sees it empty. */
function filledAtOnce(code: SqlSourceCode, operation: Write): Write | undefined {
  return operationsAfter(code, operation).find(
    (later): later is Write =>
      later.type === "WriteData" &&
      later.verb === "insert" &&
      isSameName(later.table, operation.table) &&
      areAtOnce(operation, later),
  );
}
