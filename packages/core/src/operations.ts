import type { Region } from "./positions.ts";

/** A possibly qualified name as the database resolves it: unquoted parts are folded to lower case already. */
export interface QualifiedName {
  schema?: string;
  name: string;
}

/** Words that are no name of a table or a column without quotes (PostgreSQL 18, `pg_get_keywords`: R and T). */
const RESERVED = new Set(
  `all analyse analyze and any array as asc asymmetric authorization binary both case cast check
   collate collation column concurrently constraint create cross current_catalog current_date
   current_role current_schema current_time current_timestamp current_user default deferrable desc
   distinct do else end except false fetch for foreign freeze from full grant group having ilike in
   initially inner intersect into is isnull join lateral leading left like limit localtime
   localtimestamp natural not notnull null offset on only or order outer overlaps placing primary
   references returning right select session_user similar some symmetric system_user table tablesample
   then to trailing true union unique user using variadic verbose when where window with`.split(/\s+/),
);

/** A name as SQL spells it: in quotes where it would mean something else without (as `quote_ident` has it). */
export function quotedName(name: string): string {
  const isPlain = /^[a-z_][a-z0-9_]*$/.test(name);
  return isPlain && !RESERVED.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** A name as messages write it, which is how SQL spells it: `users`, `billing.invoices`, `"Order"`. */
export function displayName({ schema, name }: QualifiedName): string {
  return schema === undefined ? quotedName(name) : `${quotedName(schema)}.${quotedName(name)}`;
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
  references?: Reference;
  /** All constraints written at the column but NOT NULL, with their names, in the text's order; absent when none. */
  constraints?: ConstraintDefinition[];
}

/** What a foreign key does with its rows when the row that they point to changes; NO ACTION is left out. */
export type ReferentialAction = "RESTRICT" | "CASCADE" | "SET NULL" | "SET DEFAULT";

/** What a foreign key points to; no columns: the primary key. */
export interface Reference {
  table: QualifiedName;
  columns: string[];
  onDelete?: ReferentialAction;
  onUpdate?: ReferentialAction;
}

/** A table constraint. `validated` is false after NOT VALID, until VALIDATE CONSTRAINT. */
export interface ConstraintDefinition {
  name?: string;
  type: "check" | "foreignKey" | "unique" | "primaryKey" | "exclude" | "notNull";
  columns: string[];
  /** Of an exclusion: the words of its elements in a name that PostgreSQL makes, as those of `CreateIndex`. */
  nameParts?: string[];
  /** SQL text of a CHECK's expression. */
  expression?: string;
  /**
   * Columns that a CHECK, once valid, proves to hold no NULL (`a IS NOT NULL`, also as a conjunct).
   * Empty for other constraints.
   */
  provesNotNull: string[];
  references?: Reference;
  /** The index of `UNIQUE | PRIMARY KEY USING INDEX`. */
  usingIndex?: string;
  validated: boolean;
  /** NOT ENFORCED (PostgreSQL 18): no row is ever held against it. */
  enforced?: false;
}

/**
 * A query as far as names go: what it reads, and what its columns are called. The catalog resolves it by scope.
 * Serialisable, and without the text.
 */
export interface QueryShape {
  /** WITH: each name can be read by those after it, by the query itself, and, when recursive, by its own query. */
  with?: { name: string; columns?: string[]; query: QueryShape }[];
  /**
   * What stands in FROM, joins flattened. Without `table` and `query` (a function) its columns are not known.
   * `merged`: columns of USING, which `*` gives once, on the left.
   */
  from: {
    alias?: string;
    columns?: string[];
    table?: QualifiedName;
    query?: QueryShape;
    merged?: string[];
  }[];
  /** The output columns, in order. */
  columns: QueryColumn[];
  /** Names of columns that the query uses elsewhere: conditions, joins, expressions. */
  refs: { qualifier?: string; column: string }[];
  /** Queries inside its expressions, which see its FROM too. */
  inner?: QueryShape[];
  /** UNION and the like: the other arms, whose columns stand where those of the first do. */
  arms?: QueryShape[];
}

/** One output column; `star`: `*` (true) or `alias.*`. `ref`: it is that column; `type`: a cast or literal tells it. */
export interface QueryColumn {
  name?: string;
  star?: true | string;
  ref?: { qualifier?: string; column: string };
  type?: string;
}

/** Kinds of objects that DROP, RENAME and SET SCHEMA name, beside tables, which have operations of their own. */
export type ObjectKind =
  | "view"
  | "materializedView"
  | "index"
  | "sequence"
  | "type"
  | "function"
  | "trigger"
  | "extension"
  | "schema";

/** How far a function's result may change from call to call (PostgreSQL 18, 36.7 "Function Volatility Categories"). */
export type Volatility = "volatile" | "stable" | "immutable";

/** What a statement that has no operation of its own does to the schema's objects. Types are in canonical spelling. */
export type ObjectChange =
  | { action: "createEnum"; name: QualifiedName; values: string[] }
  | {
      action: "addEnumValue";
      name: QualifiedName;
      value: string;
      ifNotExists: boolean;
      before?: string;
      after?: string;
    }
  | { action: "renameEnumValue"; name: QualifiedName; value: string; to: string }
  | {
      action: "createDomain";
      name: QualifiedName;
      base: string;
      notNull: boolean;
      default?: string;
      checks: { name?: string; expression: string }[];
    }
  | {
      action: "alterDomain";
      name: QualifiedName;
      /** Only what changes; `default: null` takes it away. */
      notNull?: boolean;
      default?: string | null;
      addCheck?: { name?: string; expression: string; validated: boolean };
      dropCheck?: string;
      validateCheck?: string;
      renameCheck?: { from: string; to: string };
    }
  | { action: "createComposite"; name: QualifiedName; fields: { name: string; type: string }[] }
  | {
      action: "alterComposite";
      name: QualifiedName;
      add?: { name: string; type: string };
      drop?: string;
      retype?: { name: string; type: string };
      rename?: { from: string; to: string };
    }
  /** Ranges, base types, aggregates, operators …: something of that name exists, and no more is known. */
  | { action: "createOpaqueType"; name: QualifiedName }
  | {
      action: "createSequence";
      name: QualifiedName;
      ifNotExists: boolean;
      temporary: boolean;
      type?: string;
      ownedBy?: { table: QualifiedName; column: string } | "none";
    }
  | {
      action: "alterSequence";
      name: QualifiedName;
      ifExists: boolean;
      type?: string;
      ownedBy?: { table: QualifiedName; column: string } | "none";
    }
  | {
      action: "createFunction";
      name: QualifiedName;
      what: "function" | "procedure" | "aggregate";
      /** Types of the input arguments, by which overloads differ. */
      arguments: string[];
      returns?: string;
      language?: string;
      /** The text between the quotes of AS. */
      body?: string;
      /** What CREATE FUNCTION says, VOLATILE where it says nothing; absent for aggregates. */
      volatility?: Volatility;
      replace: boolean;
    }
  /** Without arguments the only function of that name. */
  | { action: "alterFunction"; name: QualifiedName; arguments?: string[]; volatility: Volatility }
  | {
      action: "createTrigger";
      name: string;
      table: QualifiedName;
      function: QualifiedName;
      events: string[];
      timing: "before" | "after" | "insteadOf";
      /** UPDATE OF columns. */
      columns: string[];
      row: boolean;
      replace: boolean;
    }
  | { action: "createExtension"; name: string; schema?: string }
  | { action: "createSchema"; name: string; ifNotExists: boolean }
  | { action: "attachPartition"; table: QualifiedName; partition: QualifiedName; bound: PartitionBound }
  | { action: "detachPartition"; table: QualifiedName; partition: QualifiedName; concurrently: boolean }
  | { action: "attachIndex"; name: QualifiedName; index: QualifiedName }
  | { action: "inherit"; table: QualifiedName; parent: QualifiedName }
  | { action: "noInherit"; table: QualifiedName; parent: QualifiedName }
  | { action: "addIdentity"; table: QualifiedName; column: string }
  | { action: "dropIdentity"; table: QualifiedName; column: string }
  | { action: "dropExpression"; table: QualifiedName; column: string }
  | {
      action: "drop";
      object: ObjectKind;
      name: QualifiedName;
      /** Of a trigger. */
      table?: QualifiedName;
      /** Of a function, when written. */
      arguments?: string[];
      ifExists: boolean;
      cascade: boolean;
    }
  | {
      action: "rename";
      object: ObjectKind | "enum" | "domain";
      name: QualifiedName;
      table?: QualifiedName;
      arguments?: string[];
      ifExists: boolean;
      to: string;
    }
  | { action: "renameViewColumn"; name: QualifiedName; column: string; to: string }
  | { action: "setSchema"; object: ObjectKind; name: QualifiedName; arguments?: string[]; to: string };

/** A partition's bound: DEFAULT, or the text of FOR VALUES. */
export interface PartitionBound {
  default: boolean;
  values?: string;
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
  /** Of an operation inside a DO block that does not run in every case. */
  condition?: Condition;
}

/**
 * When an operation runs that does not run in every case. `unlessThere`, `ifThere`: the block looks first, or goes on
 * after the error, as IF [NOT] EXISTS does. `maybe`: under another condition, or in a loop: it may have run or not.
 */
export type Condition = "maybe" | "unlessThere" | "ifThere";

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
    /** Of a partition. */
    bound?: PartitionBound;
    /** INHERITS. */
    inherits?: QualifiedName[];
    /**
     * LIKE; `including`: what of the other table is taken beside columns, such as `defaults`; `after`: how many of
     * `columns` stand before it.
     */
    like?: { table: QualifiedName; including: string[]; after: number }[];
    /** The query of AS, and the names of its columns where they are written. */
    query?: QueryShape;
    columnNames?: string[];
    /** OF a composite type. */
    ofType?: string;
    /** ON COMMIT DROP. */
    onCommitDrop?: boolean;
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
  /** `only`: ALTER TABLE ONLY, which leaves partitions alone. */
  AddConstraint: { table: QualifiedName; constraint: ConstraintDefinition; only?: boolean };
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
    /** The words that PostgreSQL makes a name of (those of INCLUDE too); absent for a named index of plain columns. */
    nameParts?: string[];
    /** Columns of INCLUDE; absent when there are none. */
    include?: string[];
    /** The text of WHERE; absent for an index of all rows. */
    predicate?: string;
    /** NULLS NOT DISTINCT, another method than btree, an operator class: no plain order of `columns`. */
    method?: string;
    /** Columns that its expressions and WHERE use, beside those in `columns`; absent when there are none. */
    uses?: string[];
  };
  DropIndex: { name: QualifiedName; concurrently: boolean; ifExists: boolean };
  CreateView: {
    name: QualifiedName;
    materialized: boolean;
    /** OR REPLACE. */
    replace?: boolean;
    ifNotExists?: boolean;
    temporary?: boolean;
    query?: QueryShape;
    /** The names of its columns, where they are written. */
    columnNames?: string[];
    /** False after WITH NO DATA. */
    populated?: boolean;
  };
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
  Transaction: {
    verb: "begin" | "commit" | "rollback" | "savepoint" | "release" | "rollbackTo";
    /** Of a savepoint. */
    name?: string;
  };
  /** SET, SET LOCAL and set_config('…'). */
  SetParameter: { name: string; value: string; local: boolean };
  /**
   * A statement that is understood to exist but not modelled further; `tag` is PostgreSQL's node name (for a
   * command of ALTER TABLE its subtype). `mentions`: words of a text that may do anything to the things it
   * names, such as a DO block, in lower case; absent when it changes nothing that other operations tell of.
   * `what`: the statement's text on one line, of those that drop, rename or take away: `DROP TYPE mood CASCADE`.
   * `changes`: what it does to types, sequences, functions, triggers, partitions and the like.
   */
  Other: { tag: string; mentions?: string[]; what?: string; changes?: ObjectChange[] };
}

export type OperationKind = keyof OperationDetails;
export type OperationOf<K extends OperationKind> = OperationBase & { kind: K } & OperationDetails[K];
/** One schema operation of a migration. One ALTER TABLE gives one operation for each of its commands. */
export type Operation = { [K in OperationKind]: OperationOf<K> }[OperationKind];
