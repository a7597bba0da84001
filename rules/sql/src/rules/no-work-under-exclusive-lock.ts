import { displayName, type QualifiedName } from "@yantra-lint/core";
import { defineRule } from "../define.ts";
import type { OperationNode, OperationNodeOf } from "../language/ast.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import { operationsAfter } from "../later.ts";
import { triggerBehind, whatGoesAlong, whatGoesBehind } from "../needed-rows.ts";
import {
  exclusiveLockAfter,
  exclusiveLockBefore,
  type HeldLock,
  isLockedOnPurpose,
  isLongWork,
  type LongWork,
} from "../held-locks.ts";
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
      work: `${WAITS} Put the rows into a migration of their own, after this one has committed, and write them in batches{{along}}.{{trigger}}`,
      locked: `${WAITS} Take that lock IN SHARE ROW EXCLUSIVE MODE, which keeps INSERT, UPDATE and DELETE of others out as well, and lets SELECT go on.{{later}}`,
      made: `${WAITS} Make it in a migration of its own, after this one has committed{{along}}.`,
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
        const always = {
          what: inWords(work),
          tables,
          statement: commandOf(code.text.slice(...parent.range)),
          line: String(start.line),
        };
        if (isLockedOnPurpose(code, lock, work)) {
          const data = { ...always, later: laterWords(code, lock, work) };
          return context.report({ node: work, messageId: "locked", data });
        }
        const moved = isMade(work) ? [] : movedWith(code, work);
        const data = {
          ...always,
          along: isMade(work) ? whatGoesAlong(code, work, nameOf(work)) : whatGoesBehind(code, moved),
          trigger: triggerWords(code, moved),
        };
        context.report({ node: work, messageId: isMade(work) ? "made" : "work", data });
      },
    };
  },
});

/** What comes behind the work and needs the lock itself. */
function laterWords(code: SqlSourceCode, lock: HeldLock, work: LongWork): string {
  const later = exclusiveLockAfter(code, lock, work)?.parent;
  return later
    ? ` ${commandOf(code.text.slice(...later.range))} in line ${String(later.loc.start.line)} needs ACCESS EXCLUSIVE itself: put it into a migration of its own behind this one, because a lock that is raised waits for all reads, and may end in a deadlock with one of them that goes on to write.`
    : "";
}

/** Kinds of objects that stand behind the first word of a command. */
const OBJECT =
  /^[a-z]+(?:\s+or\s+replace|\s+(?:constraint\s+trigger|foreign\s+table|materialized\s+view|table|index|trigger|view|policy|rule|type|domain|function|procedure|routine|aggregate|extension|sequence|schema|statistics|publication)\b)*/i;

/** A statement by its first words: `ALTER TABLE`. */
function commandOf(text: string): string {
  const words = OBJECT.exec(text)?.[0].toUpperCase().replaceAll(/\s+/g, " ") ?? "";
  return words === "DO" ? "the DO block" : words;
}

/** The rows that move: all that are written in the same transaction from here on. */
function movedWith(code: SqlSourceCode, work: LongWork): OperationNodeOf<"WriteData">[] {
  return [work, ...operationsAfter(code, work)].filter(
    (other): other is OperationNodeOf<"WriteData"> =>
      other.type === "WriteData" && other.transaction === work.transaction && isLongWork(code, other),
  );
}

function triggerWords(code: SqlSourceCode, moved: readonly OperationNodeOf<"WriteData">[]): string {
  const found = triggerBehind(code, moved);
  return found
    ? ` The trigger ${found.name} of line ${String(found.line)} fires on them then: if it must not, make it behind them as well.`
    : "";
}

/** Whether the rows are those of something that it makes: CREATE TABLE … AS, CREATE MATERIALIZED VIEW. */
function isMade({ raw }: LongWork): boolean {
  return "CreateTableAsStmt" in raw;
}

function nameOf(work: LongWork): QualifiedName {
  return work.type === "CreateView" ? work.name : work.table;
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
