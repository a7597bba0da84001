import type { QualifiedName, Range } from "@yantra-lint/core";

export type Access = "read" | "insert" | "update" | "delete";

/** What a query uses of a table or view. */
export interface Use {
  table: QualifiedName;
  /** `*`: whatever columns there are. Absent: the table itself. */
  column?: string;
  access: Access;
  /** UTF-16 offsets in the query's text. */
  range: Range;
}

/** Why PostgreSQL refuses to prepare a query. */
export interface Problem {
  kind:
    "relation" | "column" | "ambiguous" | "arity" | "conflict" | "type" | "function" | "generated" | "demand";
  /** In words, for a message: `orders.note does not exist`. Equal for equal problems. */
  what: string;
}

/** A query against a schema. */
export interface Resolution {
  uses: readonly Use[];
  /** Certain ones only: what cannot be told is none. */
  problems: readonly Problem[];
}
