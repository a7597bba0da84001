import { displayName } from "@yantra-lint/core";
import type { Node } from "libpg-query";
import type { SqlRuleContext } from "../define.ts";
import { defineRule } from "../define.ts";
import { waitingReads } from "../held-locks.ts";
import type { OperationNodeOf } from "../language/ast.ts";
import { tokenize } from "../language/scanner.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import { operationsWith } from "../later.ts";
import { andCommit } from "../lock-duration.ts";
import { isBuiltOnPartitions } from "../partition-indexes.ts";
import { isOverSoon, tableOf } from "../questions.ts";
import { insteadOfReplacing } from "../replaced-index.ts";
import { wayOutOfTransaction } from "../transaction-exit.ts";

const BLOCKED =
  "{{reads}}CREATE INDEX on {{table}} holds a SHARE lock while it reads the whole table: every INSERT, UPDATE and DELETE waits until the index is built{{commit}}.";

/** CREATE INDEX blocks all writes to the table for as long as the build takes. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/sql"],
    docs: {
      description: "Require CONCURRENTLY for an index on a table that may hold rows",
      recommended: "error",
      phase: "expand",
      reversible: true,
    },
    hasSuggestions: true,
    schema: [],
    messages: {
      blocksWrites: `${BLOCKED} Use CREATE INDEX CONCURRENTLY.{{also}}`,
      inTransaction: `${BLOCKED} Use CREATE INDEX CONCURRENTLY; it cannot run in a transaction, so {{how}}.{{also}}`,
      partitioned:
        "CREATE INDEX on the partitioned table {{table}} holds a SHARE lock on it and on each partition while it reads them: every INSERT, UPDATE and DELETE waits until all indexes are built{{commit}}. CONCURRENTLY is impossible here: CREATE INDEX … ON ONLY {{table}} builds nothing; then build the index of each partition CONCURRENTLY, and join them by ALTER INDEX … ATTACH PARTITION.",
      addConcurrently:
        "Build it with CONCURRENTLY, if this migration has not run yet and runs outside a transaction.",
    },
  },
  create(context) {
    return {
      CreateIndex(operation) {
        if (operation.concurrently || operation.only || isHarmless(context, operation)) return;
        const { transaction, range } = operation;
        const code = context.sourceCode;
        const catalog = code.catalogBefore(operation);
        if (tableOf(catalog.table(operation.table))?.partitioned) {
          if (isBuiltOnPartitions(catalog, operation)) return;
          const data = { table: displayName(operation.table), commit: andCommit(code, operation) };
          return context.report({ node: operation, messageId: "partitioned", data });
        }
        const data = {
          table: displayName(operation.table),
          commit: andCommit(code, operation),
          reads: waitingReads(code, operation, [operation.table]),
          also: insteadOfReplacing(code, operation) + ofDuplicates(code, operation),
        };
        const index = tokenize(code.text, ...range).find((token) => token.end - token.start === 5);
        const at = index?.end ?? range[0];
        context.report({
          node: operation,
          ...(transaction === null
            ? { messageId: "blocksWrites", data }
            : { messageId: "inTransaction", data: { ...data, how: wayOutOfTransaction(code, operation) } }),
          // Not a fix: the migration may have run already, and some runners refuse one that changed since.
          suggest:
            typeof transaction === "number" || "DoStmt" in operation.parent.raw
              ? []
              : [
                  {
                    messageId: "addConcurrently",
                    fix: (fixer) => fixer.insertTextAfterRange([at, at], " CONCURRENTLY"),
                  },
                ],
        });
      },
    };
  },
});

/**
 * A build that fails rolls nothing back: PostgreSQL 18, CREATE INDEX, "Building Indexes Concurrently". Where some of its
 * columns are a key already, or one that the file drops, no two rows are alike.
 */
function ofDuplicates(code: SqlSourceCode, operation: OperationNodeOf<"CreateIndex">): string {
  if (!operation.unique) return "";
  const [first = operation] = operationsWith(code, operation);
  const keys = [first, operation].flatMap((at) => {
    const table = tableOf(code.catalogBefore(at).table(operation.table));
    return [
      ...(table?.constraints ?? []).filter(({ type }) => type === "primaryKey" || type === "unique"),
      ...(table?.indexes ?? []).filter(({ unique, predicate }) => unique && predicate === undefined),
    ];
  });
  const isKey = keys.some(
    ({ columns }) => columns.length > 0 && columns.every((column) => operation.columns.includes(column)),
  );
  return isKey
    ? ""
    : " If it meets duplicates, it fails and leaves an INVALID index: drop that before the next attempt.";
}

/**
 * Tables that nobody sees yet, materialized views, which nobody writes to, an index that is there already, and one
 * that allows for a single row.
 */
function isHarmless({ sourceCode }: SqlRuleContext, operation: OperationNodeOf<"CreateIndex">): boolean {
  const catalog = sourceCode.catalogBefore(operation);
  const answer = catalog.table(operation.table);
  if (isOverSoon(answer, operation)) return true;
  if (catalog.view(operation.table)?.kind === "materializedView") return true;
  if (isOfOneRow(operation)) return true;
  const { ifNotExists, name, table } = operation;
  return ifNotExists && name !== undefined && catalog.hasIndex({ ...table, name });
}

/** Whether the index can hold one row at most, and so can the table: unique, without WHERE, on constants only. */
function isOfOneRow({ raw }: OperationNodeOf<"CreateIndex">): boolean {
  if (!("IndexStmt" in raw)) return false;
  const { unique, whereClause, indexParams = [] } = raw.IndexStmt;
  return (
    unique === true &&
    !whereClause &&
    indexParams.every((node) => "IndexElem" in node && isConstant(node.IndexElem.expr))
  );
}

function isConstant(expression: Node | undefined): boolean {
  if (!expression) return false;
  if ("TypeCast" in expression) return isConstant(expression.TypeCast.arg);
  return "A_Const" in expression && expression.A_Const.isnull !== true;
}
