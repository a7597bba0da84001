import { displayName } from "@yantra-lint/core";
import { defineRule } from "../define.ts";
import { exclusiveLockBefore, isLongWork } from "../held-locks.ts";
import type { OperationNode, OperationNodeOf } from "../language/ast.ts";
import { nodesIn } from "../language/expressions.ts";
import { tokenize } from "../language/scanner.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import { dependentsOn } from "../needed-rows.ts";
import { madeHere, tableOf } from "../questions.ts";
import { listed } from "../release.ts";
import { isOfAllRows } from "../row-writes.ts";
import { orBlockThatCommits } from "../transaction-exit.ts";

const HELD =
  "Each of them stays locked until the transaction ends: whoever wants to change one waits that long, and vacuum clears none of the old row versions until then.";
const BATCHES =
  "Take a few thousand rows at a time, each batch in a transaction of its own: by a job outside the migration{{block}}{{then}}.";

type Write = OperationNodeOf<"WriteData">;

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
      unknownRows: `Nothing says how many rows of {{tables}} are {{written}} here. ${HELD} ${BATCHES}`,
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
        const data = {
          tables,
          written: inWords(writes),
          block: orBlockThatCommits(code, node),
          then: whatComesThen(code, writes),
        };
        context.report({ node, messageId: writes.every(isOfAllRows) ? "allRows" : "unknownRows", data });
      },
    };
  },
});

function inWords(writes: readonly Write[]): string {
  const verbs = new Set(writes.map(({ verb }) => (verb === "delete" ? "deleted" : "updated")));
  return [...verbs].sort().reverse().join(" or ");
}

/** What the file does next that fails, or loses something, while a batch is missing. */
function whatComesThen(code: SqlSourceCode, writes: readonly Write[]): string {
  const next = dependentsOn(code, writes).find(({ how }) => how !== "renames");
  return next
    ? `; line ${String(next.operation.loc.start.line)} relies on it and belongs in a migration after the last batch`
    : "";
}

/** UPDATE and DELETE of many rows; what no-work-under-exclusive-lock and no-truncate tell of is left to them. */
function isBackfill(code: SqlSourceCode, operation: OperationNode): operation is Write {
  if (operation.type !== "WriteData" || !isLongWork(code, operation)) return false;
  if (operation.verb !== "update" && operation.verb !== "delete") return false;
  if ((operation.verb === "delete" && isOfAllRows(operation)) || isInBatches(operation)) return false;
  // Nobody waits for rows of a table that the running release does not know, however many there are.
  if (madeHere(tableOf(code.catalogBefore(operation).table(operation.table))?.created)) return false;
  return exclusiveLockBefore(code, operation) === undefined;
}

/** Whether the write stands in a DO block that goes round and commits each time. */
function isInBatches({ parent }: Write): boolean {
  if (!("DoStmt" in parent.raw)) return false;
  return nodesIn(parent.raw.DoStmt.args, "String").some(({ sval = "" }) => {
    const words = new Set(tokenize(sval).map(({ start, end }) => sval.slice(start, end).toLowerCase()));
    return words.has("loop") && words.has("commit");
  });
}
