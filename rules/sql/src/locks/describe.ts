import { displayName } from "@yantra-lint/core";
import { type Effects, isAtLeast, type LockMode, type TableLock, type TableWork } from "./types.ts";

/**
 * Whom a lock keeps waiting, as subject of a sentence: `every read and write`. From "Conflicting Lock Modes",
 * PostgreSQL 18, chapter 13.3.1.
 */
function whomItBlocks(mode: LockMode): string {
  switch (mode) {
    case "ACCESS EXCLUSIVE":
      return "every read and write";
    case "EXCLUSIVE":
    case "SHARE ROW EXCLUSIVE":
    case "SHARE":
      return "every INSERT, UPDATE and DELETE";
    case "SHARE UPDATE EXCLUSIVE":
      return "every other change of the schema, and VACUUM";
    case "ROW EXCLUSIVE":
      return "every CREATE INDEX and change of the schema";
    case "ROW SHARE":
    case "ACCESS SHARE":
      return "every change of the schema that locks out all others";
  }
}

/** What goes on meanwhile, as a clause: `PostgreSQL reads every row of t`. */
function whatHappens({ kind, table, index }: TableWork): string {
  const name = displayName(table);
  switch (kind) {
    case "rewrite":
      return `PostgreSQL writes every row of ${name} anew and builds all its indexes`;
    case "scan":
      return `PostgreSQL reads every row of ${name}`;
    case "build":
      return `PostgreSQL reads every row of ${name} to build ${index === undefined ? "an index" : `the index ${index}`}`;
    case "empty":
      return `PostgreSQL gives ${name} new, empty storage`;
  }
}

/** `an ACCESS EXCLUSIVE lock on t`. */
function lockOn({ mode, table }: Pick<TableLock, "mode" | "table">): string {
  return `${/^[AE]/.test(mode) ? "an" : "a"} ${mode} lock on ${displayName(table)}`;
}

/**
 * Two sentences on what certainly blocks: `It holds an ACCESS EXCLUSIVE lock on t. Every read and write waits while
 * PostgreSQL reads every row of t.` Empty when nothing blocks reads or writes.
 */
export function describeEffects({ locks, work }: Pick<Effects, "locks" | "work">): string {
  const blocking = locks.filter(({ certain, mode }) => certain && isAtLeast(mode, "SHARE"));
  const [first, ...others] = blocking;
  if (!first) return "";
  const strongest = others.reduce((most, lock) => (isAtLeast(most.mode, lock.mode) ? most : lock), first);
  const long = work.filter(({ certain, kind }) => certain && kind !== "empty").map(whatHappens);
  const whom = whomItBlocks(strongest.mode);
  const holds = blocking.map(lockOn).join(" and ");
  const until = long.length > 0 ? `while ${long.join(" and ")}` : "until the transaction ends";
  return `It holds ${holds}. ${whom.charAt(0).toUpperCase()}${whom.slice(1)} waits ${until}.`;
}
