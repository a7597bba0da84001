import type { FactBase } from "./fact-base.ts";
import type { Operation } from "./operations.ts";

export type Dialect = "postgresql" | "mysql" | "mariadb" | "sqlite" | "clickhouse" | "unknown";

/**
 * A migration: a file, or the up or down section of one. Its region is its first statement.
 */
export interface MigrationFact extends FactBase<"migration"> {
  runner: string;
  /** Migrations of one stream run in one order against one database. */
  stream: string;
  version: string;
  direction: "up" | "down";
  operations: Operation[];
  /** Equal for equal statements, comments, white space and the case of keywords aside. Absent: unknown. */
  digest?: string;
  /** Equal where the runner's checksum is, when that is of something else than the file's bytes. */
  checksum?: string;
  /** What the comments say where there is no statement: why a way down is empty. Absent: no comment. */
  comment?: string;
}

/** What a migration was at the base. */
export type BaseMigration = Pick<
  MigrationFact,
  "runner" | "stream" | "version" | "direction" | "digest" | "checksum"
>;
