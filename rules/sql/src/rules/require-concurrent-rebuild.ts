import { displayName, type QualifiedName } from "@yantra-lint/core";
import type { Node } from "libpg-query";
import { defineRule } from "../define.ts";
import { waitingReads } from "../held-locks.ts";
import type { OperationNode } from "../language/ast.ts";
import { lowerCaseWords } from "../language/lower.ts";
import { nameOf } from "../language/lowered.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import { operationsBefore } from "../later.ts";
import { andCommit } from "../lock-duration.ts";
import { shortName } from "../names.ts";
import { isOverSoon, madeHere } from "../questions.ts";
import { refusedInTransaction } from "../transaction-block.ts";
import { wayOutOfTransaction } from "../transaction-exit.ts";

const REINDEX =
  "{{reads}}{{command}} holds a SHARE lock on {{table}} and shuts each index while it is built anew: INSERT, UPDATE and DELETE wait, and nearly every SELECT too, because planning a query opens all indexes of its tables. This lasts until the last index is built{{commit}}.";

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
      reindex: `${REINDEX} Use {{command}} CONCURRENTLY{{how}}.`,
      reindexOfDisabled: `${REINDEX} CONCURRENTLY is no way out here: line {{line}} switches indexes off in pg_index by hand, so they miss the rows that are written meanwhile, and a query that uses one before it is built anew does not find these rows. Leave pg_index alone, and write the rows in batches by a migration that runs outside a transaction: then the indexes stay whole, and there is nothing to build.`,
      refresh:
        "REFRESH MATERIALIZED VIEW holds an ACCESS EXCLUSIVE lock on {{view}} while its query runs: every query that reads {{view}} waits until it is done{{commit}}. Use REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index on columns of {{view}}, without WHERE.",
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
          const data = { view: displayName(view), commit: andCommit(code, operation) };
          context.report({ node: operation, messageId: "refresh", data });
        } else if ("ReindexStmt" in raw) {
          const target = targetOf(code, operation, raw.ReindexStmt);
          if (!target || refusedInTransaction(operation) === "REINDEX CONCURRENTLY") return;
          const { command, table } = target;
          const reads = waitingReads(code, operation, target.of ? [target.of] : []);
          const data = { command, table, commit: andCommit(code, operation), reads };
          const disabled = switchedOff(code, operation, target);
          if (disabled) {
            const line = String(disabled.loc.start.line);
            return context.report({
              node: operation,
              messageId: "reindexOfDisabled",
              data: { ...data, line },
            });
          }
          const how =
            operation.transaction === null
              ? ""
              : `; it cannot run in a transaction, so ${wayOutOfTransaction(code, operation)}`;
          context.report({ node: operation, messageId: "reindex", data: { ...data, how } });
        }
      },
    };
  },
});

type Reindex = Extract<Node, { ReindexStmt: unknown }>["ReindexStmt"];

/** What is built anew: in words, and the names that it goes by. */
interface Target {
  command: string;
  table: string;
  names: string[];
  /** The one table that it is about, where that is known. */
  of: QualifiedName | undefined;
}

/** Undefined when nobody waits for it, or when CONCURRENTLY knows no such form. */
function targetOf(
  code: SqlSourceCode,
  operation: OperationNode,
  { kind, relation }: Reindex,
): Target | undefined {
  const catalog = code.catalogBefore(operation);
  const [, what = ""] = /^REINDEX_OBJECT_(TABLE|INDEX|SCHEMA|DATABASE)$/.exec(kind ?? "") ?? [];
  if (what === "") return undefined;
  const command = `REINDEX ${what}`;
  if (!relation) return { command, table: "each table", names: [], of: undefined };
  const name = nameOf(relation);
  const table: QualifiedName | undefined = what === "TABLE" ? name : catalog.tableOfIndex(name);
  if (table && isOverSoon(catalog.table(table), operation)) return undefined;
  return {
    command,
    table: table ? shortName(table) : `the table of ${displayName(name)}`,
    of: table,
    names: [name.name, ...(table ? [table.name] : [])],
  };
}

/**
 * The UPDATE of pg_index before a REINDEX by which the file itself takes the table's indexes out of use, to write rows
 * faster. Measured on 18.6: PostgreSQL does not keep an index up to date that is not `indisready`, and reads it all
 * the same once it is set back.
 */
function switchedOff(
  code: SqlSourceCode,
  operation: OperationNode,
  { names }: Target,
): OperationNode | undefined {
  return operationsBefore(code, operation).find(
    (earlier) =>
      earlier.type === "WriteData" &&
      earlier.table.name === "pg_index" &&
      earlier.sets?.some(({ column }) => column === "indisready" || column === "indislive") === true &&
      names.some((name) => lowerCaseWords(code.text.slice(...earlier.range)).includes(name.toLowerCase())),
  );
}
