import type { ObjectChange, PartitionBound, QualifiedName, Volatility } from "@yantra-lint/core";
import type { Origin } from "./table.ts";

/** A column of a table or a view, as a query sees it. `type` undefined: not known. */
export interface RelationColumn {
  name: string;
  type: string | undefined;
}

/** What a query uses of a table or view. `columns` undefined: it is not known which. */
export interface Use {
  relation: QualifiedName;
  columns: readonly string[] | undefined;
}

/** A view as the history tells of it. */
export interface View {
  kind: "view" | "materializedView";
  schema: string;
  name: string;
  created: Origin;
  /** Its columns; undefined when they cannot be told. */
  columns: readonly RelationColumn[] | undefined;
  /** Tables and views that it reads, with the columns. */
  uses: readonly Use[];
  /** False when its query holds something that cannot be resolved: it may use more. */
  usesComplete: boolean;
  /** Of a materialized view. */
  indexes: readonly { name: string; columns: readonly string[]; unique: boolean }[];
}

/** CREATE TYPE … AS ENUM; `values` in their order. */
export interface Enum {
  kind: "enum";
  schema: string;
  name: string;
  values: readonly string[];
  created: Origin;
}

export interface DomainCheck {
  name: string;
  expression: string;
  validated: boolean;
}

export interface Domain {
  kind: "domain";
  schema: string;
  name: string;
  /** Canonical type. */
  base: string;
  notNull: boolean;
  default?: string | undefined;
  checks: readonly DomainCheck[];
  created: Origin;
}

export interface Composite {
  kind: "composite";
  schema: string;
  name: string;
  fields: readonly { name: string; type: string }[];
  created: Origin;
}

/** Another type, such as a range. */
export interface OpaqueType {
  kind: "opaque";
  schema: string;
  name: string;
  created: Origin;
}

export type TypeObject = Enum | Domain | Composite | OpaqueType;

export interface Sequence {
  kind: "sequence";
  schema: string;
  name: string;
  /** The column it vanishes with. */
  ownedBy: { table: QualifiedName; column: string } | undefined;
  created: Origin;
}

export interface SqlFunction {
  kind: "function";
  what: "function" | "procedure" | "aggregate";
  schema: string;
  name: string;
  /** Types of the input arguments, in canonical spelling. */
  arguments: readonly string[];
  returns: string | undefined;
  language: string | undefined;
  /** Undefined for aggregates. */
  volatility: Volatility | undefined;
  /** The text of AS; undefined for C, for SQL-standard bodies, and where the history does not tell. */
  body: string | undefined;
  created: Origin;
}

export interface Trigger {
  name: string;
  /** Of a view too. */
  table: QualifiedName;
  function: QualifiedName;
  events: readonly string[];
  timing: "before" | "after" | "insteadOf";
  /** UPDATE OF columns; empty for all. */
  columns: readonly string[];
  row: boolean;
}

/** A foreign key of `table` that points to another. */
export interface ForeignKey {
  table: QualifiedName;
  name: string | undefined;
  columns: readonly string[];
  references: { table: QualifiedName; columns: readonly string[] };
  validated: boolean;
}

/** A table that is part of another. */
export interface Partition {
  table: QualifiedName;
  bound: PartitionBound;
}

/**
 * What uses a table or one of its columns. `certain` is false when only a text names it (the body of a function), or
 * when the columns that are used are not known.
 */
export type Dependent =
  | { kind: "view" | "materializedView"; name: QualifiedName; certain: boolean }
  | { kind: "function"; name: QualifiedName; certain: boolean }
  | { kind: "trigger"; name: QualifiedName; table: QualifiedName; certain: boolean }
  | { kind: "foreignKey"; name: QualifiedName; table: QualifiedName; certain: boolean };

/** A change of an object, by what it does. */
export type Change<Action extends ObjectChange["action"]> = Extract<ObjectChange, { action: Action }>;
