import { displayName } from "@yantra-lint/core";
import { defineRule } from "../define.ts";
import type { OperationNode } from "../language/ast.ts";
import { exclusiveLockBefore, isLongWork, type LongWork } from "../held-locks.ts";
import { shortName } from "../names.ts";
import { listed } from "../release.ts";

/** A lock is held until its transaction ends: whatever comes in between makes others wait for it. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/sql"],
    docs: {
      description: "Disallow writing or copying rows while the transaction holds an ACCESS EXCLUSIVE lock",
      recommended: "error",
      phase: "expand",
      reversible: true,
    },
    schema: [],
    messages: {
      work: "{{what}} runs while its transaction still holds the ACCESS EXCLUSIVE lock on {{tables}} that line {{line}} took: every query on {{tables}}, reads included, waits until the rows are written and the transaction ends. Put the rows into a migration of their own, after this one has committed, and write them in batches.",
    },
  },
  create(context) {
    const code = context.sourceCode;
    /** One finding for a transaction: all its work has the same way out. */
    const told = new Set<OperationNode["transaction"]>();
    return {
      Statement({ operations }) {
        const work = operations.find((operation): operation is LongWork => isLongWork(code, operation));
        const lock = work && !told.has(work.transaction) ? exclusiveLockBefore(code, work) : undefined;
        if (!work || !lock) return;
        told.add(work.transaction);
        const tables = listed([...new Set(lock.tables.map(shortName))]);
        const line = String(lock.by.loc.start.line);
        context.report({ node: work, messageId: "work", data: { what: inWords(work), tables, line } });
      },
    };
  },
});

function inWords(work: LongWork): string {
  if (work.type === "CreateView") return `CREATE MATERIALIZED VIEW ${displayName(work.name)}`;
  const table = displayName(work.table);
  switch (work.verb) {
    case "insert":
      return "CreateTableAsStmt" in work.raw ? `CREATE TABLE ${table} AS …` : `INSERT INTO ${table} … SELECT`;
    case "copy":
      return `COPY ${table}`;
    default:
      return `${work.verb.toUpperCase()} of ${table}`;
  }
}
