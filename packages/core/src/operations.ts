import type { Region } from "./positions.ts";

/** A possibly qualified name as the database resolves it: unquoted parts are folded to lower case already. */
export interface QualifiedName {
  schema?: string;
  name: string;
}

/** A name as messages write it: `users`, `billing.invoices`. */
export function displayName({ schema, name }: QualifiedName): string {
  return schema === undefined ? name : `${schema}.${name}`;
}

/** What a column is declared as. `type` is in the dialect's canonical spelling, such as `character varying(100)`. */
export interface ColumnDefinition {
  name: string;
  type: string;
  notNull: boolean;
  /** The default's SQL text; absent when there is none. */
  default?: string;
  generated?: "stored" | "virtual" | "identity";
  primaryKey: boolean;
  unique: boolean;
  /** SQL texts of inline CHECK expressions. */
  checks: string[];
  references?: { table: QualifiedName; columns: string[] };
}

/** A table constraint. `validated` is false after NOT VALID, until VALIDATE CONSTRAINT. */
export interface ConstraintDefinition {
  name?: string;
  type: "check" | "foreignKey" | "unique" | "primaryKey" | "exclude" | "notNull";
  columns: string[];
  /** SQL text of a CHECK's expression. */
  expression?: string;
  /**
   * Columns that a CHECK, once valid, proves to hold no NULL (`a IS NOT NULL`, also as a conjunct).
   * Empty for other constraints.
   */
  provesNotNull: string[];
  references?: { table: QualifiedName; columns: string[] };
  /** The index of `UNIQUE | PRIMARY KEY USING INDEX`. */
  usingIndex?: string;
  validated: boolean;
}

interface OperationBase extends Region {
  /** UTF-16 offsets of the operation in its file. */
  range: [number, number];
  /** 0-based position of its statement in the file. */
  statement: number;
  /**
   * Which transaction of the file it runs in (0, 1, …); null when it commits on its own, "unknown" when the
   * runner decides and we do not know the runner.
   */
  transaction: number | null | "unknown";
}

/** What each kind of schema operation carries beside its place and transaction. The kind names an AST node. */
export interface OperationDetails {
  CreateTable: {
    table: QualifiedName;
    columns: ColumnDefinition[];
    constraints: ConstraintDefinition[];
    ifNotExists: boolean;
    temporary: boolean;
    /** PARTITION BY: it holds no rows itself. */
    partitioned: boolean;
    /** CREATE TABLE … AS, LIKE, INHERITS or PARTITION OF: columns beyond `columns` exist. */
    columnsIncomplete: boolean;
    partitionOf?: QualifiedName;
  };
  DropTable: { table: QualifiedName; ifExists: boolean; cascade: boolean };
  RenameTable: { table: QualifiedName; to: string; ifExists: boolean };
  SetSchema: { table: QualifiedName; to: string };
  AddColumn: { table: QualifiedName; column: ColumnDefinition; ifNotExists: boolean };
  DropColumn: { table: QualifiedName; column: string; ifExists: boolean; cascade: boolean };
  RenameColumn: { table: QualifiedName; column: string; to: string };
  /** `to`: the new type, in canonical spelling. */
  AlterColumnType: { table: QualifiedName; column: string; to: string; using?: string };
  SetNotNull: { table: QualifiedName; column: string };
  DropNotNull: { table: QualifiedName; column: string };
  SetDefault: { table: QualifiedName; column: string; default: string };
  DropDefault: { table: QualifiedName; column: string };
  AddConstraint: { table: QualifiedName; constraint: ConstraintDefinition };
  ValidateConstraint: { table: QualifiedName; constraint: string };
  DropConstraint: { table: QualifiedName; constraint: string; ifExists: boolean; cascade: boolean };
  RenameConstraint: { table: QualifiedName; constraint: string; to: string };
  CreateIndex: {
    table: QualifiedName;
    name?: string;
    columns: string[];
    unique: boolean;
    concurrently: boolean;
    ifNotExists: boolean;
    /** ON ONLY a partitioned table: builds nothing. */
    only: boolean;
  };
  DropIndex: { name: QualifiedName; concurrently: boolean; ifExists: boolean };
  CreateView: { name: QualifiedName; materialized: boolean };
  DropView: { name: QualifiedName; materialized: boolean; ifExists: boolean; cascade: boolean };
  /** INSERT, UPDATE, DELETE, MERGE, COPY: `rows` tells a handful of literals from an unknown number of rows. */
  WriteData: {
    table: QualifiedName;
    verb: "insert" | "update" | "delete" | "merge" | "copy" | "truncate";
    rows: "few" | "unknown";
    /**
     * Columns whose values an UPDATE writes over: all that it sets, but those that it picks its rows by
     * (`SET a = … WHERE a IS NULL`). Absent for other verbs, and when it cannot be told.
     */
    overwrites?: string[];
    /** The columns that an UPDATE sets, with those that each new value names. Absent for other verbs. */
    sets?: { column: string; from: string[] }[];
    /**
     * Where its values come from: columns and tables, by name; absent when there are none. Of a DELETE: what its
     * condition names; absent when it has none, and so deletes all rows.
     */
    reads?: string[];
  };
  /** BEGIN, COMMIT, ROLLBACK, SAVEPOINT … */
  Transaction: { verb: "begin" | "commit" | "rollback" | "savepoint" | "release" | "rollbackTo" };
  /** SET, SET LOCAL and set_config('…'). */
  SetParameter: { name: string; value: string; local: boolean };
  /**
   * A statement that is understood to exist but not modelled further; `tag` is PostgreSQL's node name (for a
   * command of ALTER TABLE its subtype). `mentions`: words of a text that may do anything to the things it
   * names, such as a DO block, in lower case; absent when it changes nothing that other operations tell of.
   * `what`: the statement's text on one line, of those that drop, rename or take away: `DROP TYPE mood CASCADE`.
   */
  Other: { tag: string; mentions?: string[]; what?: string };
}

export type OperationKind = keyof OperationDetails;
export type OperationOf<K extends OperationKind> = OperationBase & { kind: K } & OperationDetails[K];
/** One schema operation of a migration. One ALTER TABLE gives one operation for each of its commands. */
export type Operation = { [K in OperationKind]: OperationOf<K> }[OperationKind];
