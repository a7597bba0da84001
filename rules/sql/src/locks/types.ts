import type { QualifiedName } from "@yantra-lint/core";

/** PostgreSQL's table locks, weakest first ("Table-Level Locks", PostgreSQL 18, chapter 13.3.1). */
export const LOCK_MODES = [
  "ACCESS SHARE",
  "ROW SHARE",
  "ROW EXCLUSIVE",
  "SHARE UPDATE EXCLUSIVE",
  "SHARE",
  "SHARE ROW EXCLUSIVE",
  "EXCLUSIVE",
  "ACCESS EXCLUSIVE",
] as const;

export type LockMode = (typeof LOCK_MODES)[number];

/** Whether a lock is at least as heavy as another. */
export function isAtLeast(mode: LockMode, other: LockMode): boolean {
  return LOCK_MODES.indexOf(mode) >= LOCK_MODES.indexOf(other);
}

/** Major versions of PostgreSQL that the model tells of. */
export const VERSIONS = [11, 12, 13, 14, 15, 16, 17, 18] as const;

export type PostgresVersion = (typeof VERSIONS)[number];

/** What a lock or work depends on beside the text and the catalog. */
export interface Server {
  version: PostgresVersion;
  /** TimeZone of the session that migrates; undefined: not known. */
  timeZone?: string | undefined;
}

/** What a table is to the operation that locks it. */
export type Role =
  /** The table that the operation names. */
  | "target"
  /** The other side of a foreign key that is added, validated, dropped or remade: what it points to. */
  | "referenced"
  /** A table whose foreign keys point to the target. */
  | "referencing"
  /** So, with a foreign key that is valid. */
  | "referencingValid"
  /** The partitioned table, or the parent by INHERITS. */
  | "parent"
  /** A partition that takes what fits no other. */
  | "defaultPartition"
  /** Partitions and heirs by INHERITS, at every depth; of a view, what it reads. */
  | "descendant"
  /** Partitions alone, at every depth. */
  | "partitionBelow"
  /** The table that is attached or detached. */
  | "partition"
  /** A table with a column of the domain or type. */
  | "user"
  /** The table of an index, trigger, policy or rule. */
  | "owner"
  /** A view that is dropped along. */
  | "view";

export interface TableLock {
  table: QualifiedName;
  mode: LockMode;
  role: Role;
  /** False when it depends on something that is not known. */
  certain: boolean;
}

/**
 * `rewrite`: every row is written anew, and every index of the table built anew. `scan`: every row is read, to check
 * something. `build`: every row is read, to build an index. `empty`: the rows are thrown away, which takes no time.
 */
export type WorkKind = "rewrite" | "scan" | "build" | "empty";

export interface TableWork {
  kind: WorkKind;
  table: QualifiedName;
  role: Role;
  /** The index that is built, where its name is known. */
  index?: string;
  /** False when it depends on something that is not known. */
  certain: boolean;
}

/** What an operation does to tables. ACCESS SHARE, which every query takes, is left out. */
export interface Effects {
  /** The strongest lock on each table. */
  locks: readonly TableLock[];
  work: readonly TableWork[];
  /** Rows of the model that say so (see rows.ts). */
  rows: readonly string[];
  /** Why more than this may happen: the text runs code that is not read. Undefined when this is all. */
  unknown?: string;
}
