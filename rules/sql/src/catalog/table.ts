import type { ColumnDefinition, ConstraintDefinition, OperationOf, PartitionBound } from "@yantra-lint/core";
import { withNewName } from "../language/renamed.ts";
import type { Trigger } from "./objects.ts";

/** A migration that made something; one object for all that it made. */
export interface OriginFile {
  /** Empty while the file is being linted. */
  path: string;
  /** It is being linted. */
  now: boolean;
  /** The change that is judged adds it. */
  added: boolean;
}

/** Where something came to be. */
export interface Origin {
  file: OriginFile;
  transaction: number | null | "unknown";
}

export interface Column {
  name: string;
  /** Canonical type; undefined when the history does not tell. A serial column is an integer. */
  type: string | undefined;
  notNull: boolean;
  default?: string | undefined;
  generated?: ColumnDefinition["generated"] | undefined;
  /** Where it was added; undefined when it may have been there before. */
  added: Origin | undefined;
}

export interface Index {
  name: string | undefined;
  /** Names of columns; an expression as its SQL text. */
  columns: readonly string[];
  unique: boolean;
  /** Columns of INCLUDE, and those that its expressions and WHERE use; absent when there are none. */
  include?: readonly string[] | undefined;
  uses?: readonly string[] | undefined;
  /** What a name for one like it is made of: its columns as they were called when it was made. */
  nameParts: readonly string[];
  /** The text of WHERE; absent for an index of all rows. */
  predicate?: string | undefined;
  /** Absent for btree. */
  method?: string | undefined;
  /** False for that of a partitioned table, until each partition has one that is attached. */
  valid: boolean;
}

/** A table as the history tells of it. */
export interface Table {
  kind: "table";
  schema: string;
  name: string;
  /** True when the history holds its CREATE: then columns, constraints and indexes are all there are. */
  complete: boolean;
  columns: ReadonlyMap<string, Column>;
  /** False where a query or another table gave it columns that are not known: there are more than `columns`. */
  columnsComplete: boolean;
  constraints: readonly ConstraintDefinition[];
  /** Those that CREATE INDEX made; PRIMARY KEY, UNIQUE and EXCLUDE have one more each, of the constraint's name. */
  indexes: readonly Index[];
  triggers: readonly Trigger[];
  /** Keys of the table that it is a partition of, or of those that it inherits from. */
  parents: readonly string[];
  /** Of a partition. */
  bound?: PartitionBound | undefined;
  /** Where it was created; undefined when it may have been there before. */
  created: Origin | undefined;
  /** The CREATE that has made it if it was not there before: one with IF NOT EXISTS, or in a branch of a DO block. */
  perhapsMade?: Origin;
  /** Where a migration could only succeed because the table held no row. */
  emptied: Origin | undefined;
  /** TRUNCATE: it was in use, and has no rows any more. */
  truncated?: Origin;
  temporary: boolean;
  partitioned: boolean;
  /** What migrations have put into it since they made or emptied it; unknown for one that they did not. */
  rows: "none" | "few" | "unknown";
  /** What the query of CREATE TABLE … AS named, for as long as no other migration has written to the table. */
  derivedFrom?: readonly string[] | undefined;
  /** The rows of its query come next. */
  awaitsQuery?: boolean | undefined;
}

/** A table that the history has not created: nothing of it is certain but what operations say. */
export function unknownTable(schema: string, name: string): Table {
  return {
    kind: "table",
    schema,
    name,
    complete: false,
    columns: new Map(),
    columnsComplete: false,
    constraints: [],
    indexes: [],
    triggers: [],
    parents: [],
    created: undefined,
    emptied: undefined,
    temporary: false,
    partitioned: false,
    rows: "unknown",
  };
}

/** Types that are no domains, whose own default could fill the column. Without modifiers and dimensions. */
const BUILT_IN =
  /^(?:smallint|integer|bigint|real|double precision|numeric|boolean|text|character|character varying|uuid|json|jsonb|bytea|date|time|timestamp|interval)\b/;

/**
 * NOT NULL without a value for the rows that are there fails when there are any: `column "b" of relation "t"
 * contains null values` (measured on 18.6).
 */
export function needsEmptyTable({ type, notNull, default: value, generated }: ColumnDefinition): boolean {
  return notNull && value === undefined && generated === undefined && BUILT_IN.test(type);
}

/** Whether a constraint has an index of its name. */
export function hasIndex({ type }: ConstraintDefinition): boolean {
  return type === "primaryKey" || type === "unique" || type === "exclude";
}

/** A column's constraints and indexes go with it. */
export function withoutColumn(table: Table, name: string): Table {
  const columns = new Map(table.columns);
  columns.delete(name);
  return {
    ...table,
    columns,
    constraints: table.constraints.filter((constraint) => !constraint.columns.includes(name)),
    indexes: table.indexes.filter((index) => !usesColumn(index, name)),
  };
}

function usesColumn({ columns, include = [], uses = [] }: Index, name: string): boolean {
  return columns.includes(name) || include.includes(name) || uses.includes(name);
}

export function withColumnRenamed(table: Table, from: string, to: string): Table {
  const rename = (names: readonly string[]): string[] => names.map((name) => (name === from ? to : name));
  const maybe = (names: readonly string[] | undefined): string[] | undefined => names && rename(names);
  const text = (expression: string): string => withNewName(expression, from, to);
  return {
    ...table,
    constraints: table.constraints.map((constraint) => ({
      ...constraint,
      columns: rename(constraint.columns),
      provesNotNull: rename(constraint.provesNotNull),
      ...(constraint.expression === undefined ? {} : { expression: text(constraint.expression) }),
    })),
    columns: new Map(
      [...table.columns.values()].map((column) => {
        const name = column.name === from ? to : column.name;
        return [name, { ...column, name }];
      }),
    ),
    indexes: table.indexes.map((index) => ({
      ...index,
      columns: index.columns.map((key) => (key.includes("(") ? text(key) : key === from ? to : key)),
      include: maybe(index.include),
      uses: maybe(index.uses),
      ...(index.predicate === undefined ? {} : { predicate: text(index.predicate) }),
    })),
    triggers: table.triggers.map((trigger) => ({ ...trigger, columns: rename(trigger.columns) })),
  };
}

export function withValidated(table: Table, name: string): Table {
  const constraints = table.constraints.map((constraint) =>
    constraint.name === name ? { ...constraint, validated: true } : constraint,
  );
  return table.constraints
    .filter((constraint) => constraint.name === name && constraint.type === "notNull")
    .flatMap((constraint) => constraint.columns)
    .reduce<Table>((now, column) => withColumn(now, column, { notNull: true }), { ...table, constraints });
}

/** What PostgreSQL ends the names of constraints with that a statement leaves unnamed. */
export const SUFFIXES: Record<ConstraintDefinition["type"], string> = {
  check: "check",
  foreignKey: "fkey",
  unique: "key",
  primaryKey: "pkey",
  exclude: "excl",
  notNull: "not_null",
};

/**
 * The constraints without a known name that a name may mean: the one that PostgreSQL names so by itself, else those
 * of the kind that it names like that (a table or column may have had another name), else any. Only tables that are
 * older than the history have such.
 */
export function namedLike({ constraints }: Table, name: string): ConstraintDefinition[] {
  const unnamed = constraints.filter((constraint) => constraint.name === undefined);
  const [, stem = "", suffix] = /^(.*)_(check|fkey|key|pkey|excl|not_null)\d*$/.exec(name) ?? [];
  const alike = unnamed.filter(({ type }) => SUFFIXES[type] === suffix);
  const same = alike.filter(
    ({ type, columns }) => type === "primaryKey" || stem.endsWith(`_${columns.join("_")}`),
  );
  if (same.length > 0) return same;
  return alike.length > 0 ? alike : unnamed;
}

/**
 * What a table holds: INSERT, COPY and MERGE fill it, TRUNCATE empties it; UPDATE adds no row, and a DELETE leaves dead
 * ones, which are still read.
 */
export function withWrite(
  table: Table,
  { verb, rows, reads }: OperationOf<"WriteData">,
  origin: Origin,
): Table {
  const derives = verb === "insert" && table.awaitsQuery === true;
  const now = { ...table, derivedFrom: derives ? reads : undefined, awaitsQuery: undefined };
  if (verb === "truncate") return { ...now, rows: "none", truncated: origin };
  if (verb === "update" || verb === "delete" || table.rows === "unknown") return now;
  return { ...now, rows };
}

export function withColumn(table: Table, name: string, change: Partial<Column>): Table {
  const before = table.columns.get(name) ?? { name, type: undefined, notNull: false, added: undefined };
  return { ...table, columns: new Map(table.columns).set(name, { ...before, ...change }) };
}

export function sameColumns(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((column, index) => column === b[index]);
}
