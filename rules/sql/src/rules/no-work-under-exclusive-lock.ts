import { displayName } from "@yantra-lint/core";
import { defineRule } from "../define.ts";
import type { OperationNode } from "../language/ast.ts";
import { exclusiveLockBefore, isLongWork, type LongWork } from "../held-locks.ts";
import { shortName } from "../names.ts";
import { listed } from "../release.ts";

const WAITS =
  "{{what}} runs while its transaction still holds the ACCESS EXCLUSIVE lock on {{tables}} that {{statement}} in line {{line}} took: every query on {{tables}}, reads included, waits until the rows are written and the transaction ends.";

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
      work: `${WAITS} Put the rows into a migration of their own, after this one has committed, and write them in batches.`,
      made: `${WAITS} Make it in a migration of its own, after this one has committed.`,
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
        // A DO block may begin far above what it does.
        const { parent } = lock.by;
        const { start } = ("DoStmt" in parent.raw ? lock.by : parent).loc;
        const data = {
          what: inWords(work),
          tables,
          statement: commandOf(context.sourceCode.text.slice(...parent.range)),
          line: String(start.line),
        };
        context.report({ node: work, messageId: isMade(work) ? "made" : "work", data });
      },
    };
  },
});

/** Kinds of objects that stand behind the first word of a command. */
const OBJECT =
  /^[a-z]+(?:\s+or\s+replace|\s+(?:constraint\s+trigger|foreign\s+table|materialized\s+view|table|index|trigger|view|policy|rule|type|schema|statistics|publication)\b)*/i;

/** A statement by its first words: `ALTER TABLE`. */
function commandOf(text: string): string {
  const words = OBJECT.exec(text)?.[0].toUpperCase().replaceAll(/\s+/g, " ") ?? "";
  return words === "DO" ? "the DO block" : words;
}

/** Whether the rows are those of something that it makes: CREATE TABLE … AS, CREATE MATERIALIZED VIEW. */
function isMade({ raw }: LongWork): boolean {
  return "CreateTableAsStmt" in raw;
}

function inWords(work: LongWork): string {
  if (work.type === "CreateView") return `CREATE MATERIALIZED VIEW ${displayName(work.name)}`;
  const table = displayName(work.table);
  switch (work.verb) {
    case "insert":
      return isMade(work) ? `CREATE TABLE ${table} AS …` : `INSERT INTO ${table} … SELECT`;
    case "copy":
      return `COPY ${table}`;
    default:
      return `${work.verb.toUpperCase()} of ${table}`;
  }
}
