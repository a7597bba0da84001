import { displayName, type QualifiedName } from "@yantra-lint/core";
import type { Node } from "libpg-query";
import { defineRule } from "../define.ts";
import type { OperationNode } from "../language/ast.ts";
import { nameOf } from "../language/lowered.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import { shortName } from "../names.ts";
import { isOverSoon, madeHere } from "../questions.ts";
import { refusedInTransaction } from "../transaction-block.ts";
import { wayOutOfTransaction } from "../transaction-exit.ts";

/** REINDEX and REFRESH keep everybody waiting for as long as they build. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/sql"],
    docs: {
      description: "Require CONCURRENTLY for REINDEX and REFRESH MATERIALIZED VIEW",
      recommended: "error",
      phase: "expand",
      reversible: true,
    },
    schema: [],
    messages: {
      reindex:
        "{{command}} holds a SHARE lock on {{table}} and shuts each index while it is built anew: INSERT, UPDATE and DELETE wait, and nearly every SELECT too, because planning a query opens all indexes of its tables. Use {{command}} CONCURRENTLY{{how}}.",
      refresh:
        "REFRESH MATERIALIZED VIEW holds an ACCESS EXCLUSIVE lock on {{view}} while its query runs: every query that reads {{view}} waits until it is done. Use REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index on columns of {{view}}, without WHERE.",
    },
  },
  create(context) {
    const code = context.sourceCode;
    return {
      Statement({ operations: [operation] }) {
        if (!operation) return;
        const { raw } = operation;
        if ("RefreshMatViewStmt" in raw) {
          const { relation, concurrent, skipData } = raw.RefreshMatViewStmt;
          const view = nameOf(relation);
          if (concurrent || skipData || madeHere(code.catalogBefore(operation).view(view)?.created)) return;
          context.report({ node: operation, messageId: "refresh", data: { view: displayName(view) } });
        } else if ("ReindexStmt" in raw) {
          const target = targetOf(code, operation, raw.ReindexStmt);
          if (!target || refusedInTransaction(operation) === "REINDEX CONCURRENTLY") return;
          const how =
            operation.transaction === null
              ? ""
              : `; it cannot run in a transaction, so ${wayOutOfTransaction(code, operation)}`;
          context.report({ node: operation, messageId: "reindex", data: { ...target, how } });
        }
      },
    };
  },
});

type Reindex = Extract<Node, { ReindexStmt: unknown }>["ReindexStmt"];

/** What is built anew, in words; undefined when nobody waits for it, or when CONCURRENTLY knows no such form. */
function targetOf(
  code: SqlSourceCode,
  operation: OperationNode,
  { kind, relation }: Reindex,
): { command: string; table: string } | undefined {
  const catalog = code.catalogBefore(operation);
  const [, what = ""] = /^REINDEX_OBJECT_(TABLE|INDEX|SCHEMA|DATABASE)$/.exec(kind ?? "") ?? [];
  if (what === "") return undefined;
  const command = `REINDEX ${what}`;
  if (!relation) return { command, table: "each table" };
  const name = nameOf(relation);
  const table: QualifiedName | undefined = what === "TABLE" ? name : catalog.tableOfIndex(name);
  if (table && isOverSoon(catalog.table(table), operation)) return undefined;
  return { command, table: table ? shortName(table) : `the table of ${displayName(name)}` };
}
