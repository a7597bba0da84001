import { displayName } from "@yantra-lint/core";
import { defineRule } from "../define.ts";
import type { OperationNode, OperationNodeOf } from "../language/ast.ts";
import { nameOf } from "../language/lowered.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import { isSameName, operationsBefore } from "../later.ts";
import { shortName } from "../names.ts";
import { isOutOfSight, tableOf } from "../questions.ts";
import { wayOutOfTransaction } from "../transaction-exit.ts";

const QUEUE =
  "for as long as an older transaction uses {{table}}, the statement waits, and all queries on {{table}} queue up behind it";

/** DROP INDEX and DETACH PARTITION take a moment, but their lock may be long in coming. */
export default defineRule({
  meta: {
    type: "suggestion",
    languages: ["yantra/sql"],
    docs: {
      description: "Require CONCURRENTLY for DROP INDEX and DETACH PARTITION",
      recommended: false,
      phase: "contract",
      reversible: true,
    },
    schema: [],
    messages: {
      index: `DROP INDEX asks for an ACCESS EXCLUSIVE lock on {{table}}: ${QUEUE}. Use DROP INDEX CONCURRENTLY, one for each index{{how}}.`,
      partition: `DETACH PARTITION asks for an ACCESS EXCLUSIVE lock on {{table}}: ${QUEUE}. Use DETACH PARTITION … CONCURRENTLY, which PostgreSQL 14 and later have for tables without a default partition{{how}}.`,
    },
  },
  create(context) {
    const code = context.sourceCode;
    const report = (operation: OperationNode, messageId: "index" | "partition", table: string): void => {
      const { transaction } = operation;
      const way = transaction === null ? "" : wayOutOfTransaction(code, operation);
      const how = way === "" ? "" : `; it cannot run in a transaction, so ${way}`;
      context.report({ node: operation, messageId, data: { table, how } });
    };
    return {
      Statement({ raw, operations }) {
        const drops = operations.flatMap((operation) =>
          operation.type === "DropIndex" && isLocking(code, operation) ? [operation] : [],
        );
        const [drop] = drops;
        if (drop) {
          const table = code.catalogBefore(drop).tableOfIndex(drop.name);
          report(drop, "index", table ? shortName(table) : `the table of ${displayName(drop.name)}`);
        }
        if (!("AlterTableStmt" in raw)) return;
        const table = nameOf(raw.AlterTableStmt.relation);
        const detach = operations.find(isDetach);
        if (!detach || isOutOfSight(code.catalogBefore(detach).table(table), detach)) return;
        report(detach, "partition", displayName(table));
      },
    };
  },
});

/** Whether a DROP INDEX locks a table that others use. An index of a partitioned table has no CONCURRENTLY. */
function isLocking(code: SqlSourceCode, operation: OperationNodeOf<"DropIndex">): boolean {
  const { name, concurrently, ifExists } = operation;
  if (concurrently) return false;
  const catalog = code.catalogBefore(operation);
  const table = catalog.tableOfIndex(name);
  if (table) {
    const answer = catalog.table(table);
    return !isOutOfSight(answer, operation) && !tableOf(answer)?.partitioned;
  }
  const gone = operationsBefore(code, operation).some(
    (earlier) => earlier.type === "DropIndex" && isSameName(earlier.name, name),
  );
  return !(ifExists && gone);
}

function isDetach({ raw }: OperationNode): boolean {
  if (!("AlterTableCmd" in raw) || raw.AlterTableCmd.subtype !== "AT_DetachPartition") return false;
  const { def } = raw.AlterTableCmd;
  return !(def && "PartitionCmd" in def && def.PartitionCmd.concurrent === true);
}
