import type {
  ColumnDefinition,
  ConstraintDefinition,
  Operation,
  OperationDetails,
  OperationOf,
} from "@yantra-lint/core";

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
  /** Canonical type; undefined when the history does not tell. */
  type: string | undefined;
  notNull: boolean;
  default?: string | undefined;
  /** Where it was added; undefined when it may have been there before. */
  added: Origin | undefined;
}

export interface Index {
  name: string | undefined;
  columns: readonly string[];
  unique: boolean;
}

/** A table as the history tells of it. */
export interface Table {
  kind: "table";
  schema: string;
  name: string;
  /** True when the history holds its CREATE: then columns, constraints and indexes are all there are. */
  complete: boolean;
  columns: ReadonlyMap<string, Column>;
  /** False after LIKE, INHERITS, PARTITION OF or AS: there are columns beyond `columns`. */
  columnsComplete: boolean;
  constraints: readonly ConstraintDefinition[];
  indexes: readonly Index[];
  /** Where it was created; undefined when it may have been there before. */
  created: Origin | undefined;
  /** Where a migration could only succeed because the table held no row. */
  emptied: Origin | undefined;
  temporary: boolean;
  partitioned: boolean;
  /** What migrations have put into it since it was created or emptied; unknown for one that may be older. */
  rows: "none" | "few" | "unknown";
  /** What the query of CREATE TABLE … AS named, for as long as no other migration has written to the table. */
  derivedFrom?: readonly string[] | undefined;
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
    created: undefined,
    emptied: undefined,
    temporary: false,
    partitioned: false,
    rows: "unknown",
  };
}

/** The table a CREATE TABLE makes. */
export function createdTable(create: OperationDetails["CreateTable"], schema: string, origin: Origin): Table {
  const table: Table = {
    ...unknownTable(schema, create.table.name),
    complete: true,
    columns: new Map(create.columns.map((column) => [column.name, columnOf(column, origin)])),
    columnsComplete: !create.columnsIncomplete,
    constraints: create.columns.flatMap(inlineConstraints),
    created: origin,
    temporary: create.temporary,
    partitioned: create.partitioned,
    rows: "none",
  };
  return create.constraints.reduce(addConstraint, table);
}

function columnOf(definition: ColumnDefinition, added: Origin | undefined): Column {
  const { name, type, notNull } = definition;
  return {
    name,
    type,
    notNull,
    ...(definition.default === undefined ? {} : { default: definition.default }),
    added,
  };
}

/** The constraints written at a column. Their names are not known here, nor are they proofs of anything. */
function inlineConstraints(column: ColumnDefinition): ConstraintDefinition[] {
  const base = { columns: [column.name], provesNotNull: [], validated: true };
  return [
    ...(column.primaryKey ? [{ ...base, type: "primaryKey" as const }] : []),
    ...(column.unique ? [{ ...base, type: "unique" as const }] : []),
    ...column.checks.map((expression) => ({ ...base, type: "check" as const, expression })),
    ...(column.references ? [{ ...base, type: "foreignKey" as const, references: column.references }] : []),
  ];
}

/** Operations that change one table and no name of it. */
type Alteration = Extract<
  Operation,
  {
    kind:
      | "AddColumn"
      | "DropColumn"
      | "RenameColumn"
      | "AlterColumnType"
      | "SetNotNull"
      | "DropNotNull"
      | "SetDefault"
      | "DropDefault"
      | "AddConstraint"
      | "ValidateConstraint"
      | "DropConstraint"
      | "RenameConstraint"
      | "WriteData";
  }
>;

/** A table after an operation on it. */
export function alterTable(table: Table, operation: Alteration, origin: Origin): Table {
  switch (operation.kind) {
    case "AddColumn":
      return addColumn(table, operation, origin);
    case "DropColumn":
      return dropColumn(table, operation.column);
    case "RenameColumn":
      return renameColumn(table, operation.column, operation.to);
    case "AlterColumnType":
      return setColumn(table, operation.column, { type: operation.to });
    case "SetNotNull":
      return setColumn(table, operation.column, { notNull: true });
    case "DropNotNull":
      return setColumn(table, operation.column, { notNull: false });
    case "SetDefault":
      return setColumn(table, operation.column, { default: operation.default });
    case "DropDefault":
      return setColumn(table, operation.column, { default: undefined });
    case "AddConstraint":
      return addConstraint(table, operation.constraint);
    case "ValidateConstraint":
      return validateConstraint(table, operation.constraint);
    case "DropConstraint":
      return dropConstraint(table, operation.constraint);
    case "RenameConstraint":
      return mapConstraints(table, (constraint) =>
        constraint.name === operation.constraint ? { ...constraint, name: operation.to } : constraint,
      );
    case "WriteData":
      return write(table, operation);
  }
}

function addColumn(table: Table, { column, ifNotExists }: OperationOf<"AddColumn">, origin: Origin): Table {
  if (ifNotExists && table.columns.has(column.name)) return table;
  const certain = !ifNotExists || (table.complete && table.columnsComplete);
  const added = columnOf(column, certain ? origin : undefined);
  return {
    ...table,
    columns: new Map(table.columns).set(column.name, added),
    constraints: [...table.constraints, ...inlineConstraints(column)],
    ...(certain && needsEmptyTable(column) ? { emptied: origin, rows: "none" } : {}),
  };
}

/** Types that are no domains, whose own default could fill the column. Without modifiers and dimensions. */
const BUILT_IN =
  /^(?:smallint|integer|bigint|real|double precision|numeric|boolean|text|character|character varying|uuid|json|jsonb|bytea|date|time|timestamp|interval)\b/;

/**
 * NOT NULL without a value for the rows that are there fails when there are any: `column "b" of relation "t"
 * contains null values` (measured on 18.6).
 */
function needsEmptyTable({ type, notNull, default: value, generated }: ColumnDefinition): boolean {
  return notNull && value === undefined && generated === undefined && BUILT_IN.test(type);
}

/** A column's constraints and indexes go with it. */
function dropColumn(table: Table, name: string): Table {
  const columns = new Map(table.columns);
  columns.delete(name);
  return {
    ...table,
    columns,
    constraints: table.constraints.filter((constraint) => !constraint.columns.includes(name)),
    indexes: table.indexes.filter((index) => !index.columns.includes(name)),
  };
}

function renameColumn(table: Table, from: string, to: string): Table {
  const rename = (names: readonly string[]): string[] => names.map((name) => (name === from ? to : name));
  return {
    ...mapConstraints(table, (constraint) => ({
      ...constraint,
      columns: rename(constraint.columns),
      provesNotNull: rename(constraint.provesNotNull),
    })),
    columns: new Map(
      [...table.columns.values()].map((column) => {
        const name = column.name === from ? to : column.name;
        return [name, { ...column, name }];
      }),
    ),
    indexes: table.indexes.map((index) => ({ ...index, columns: rename(index.columns) })),
  };
}

function validateConstraint(table: Table, name: string): Table {
  const validated = mapConstraints(table, (constraint) =>
    constraint.name === name ? { ...constraint, validated: true } : constraint,
  );
  return table.constraints
    .filter((constraint) => constraint.name === name && constraint.type === "notNull")
    .flatMap((constraint) => constraint.columns)
    .reduce<Table>((now, column) => setColumn(now, column, { notNull: true }), validated);
}

/** What PostgreSQL ends the names of constraints with that a statement leaves unnamed. */
const SUFFIXES: Record<ConstraintDefinition["type"], string> = {
  check: "check",
  foreignKey: "fkey",
  unique: "key",
  primaryKey: "pkey",
  exclude: "excl",
  notNull: "not_null",
};

/**
 * The constraints without a known name that a name may mean: the one that PostgreSQL names so by itself, else those
 * of the kind that it names like that (a table or column may have had another name), else any, since the name of a
 * constraint that is written at a column is not known.
 */
function namedLike({ constraints }: Table, name: string): ConstraintDefinition[] {
  const unnamed = constraints.filter((constraint) => constraint.name === undefined);
  const [, stem = "", suffix] = /^(.*)_(check|fkey|key|pkey|excl|not_null)\d*$/.exec(name) ?? [];
  const alike = unnamed.filter(({ type }) => SUFFIXES[type] === suffix);
  const same = alike.filter(
    ({ type, columns }) => type === "primaryKey" || stem.endsWith(`_${columns.join("_")}`),
  );
  if (same.length > 0) return same;
  return alike.length > 0 ? alike : unnamed;
}

/** A name that is not known may be one of several that were left unnamed: none of those is certain any more. */
function dropConstraint(table: Table, name: string): Table {
  const dropped = table.constraints.find((constraint) => constraint.name === name);
  const gone = dropped ? [dropped] : namedLike(table, name);
  const remaining = table.constraints.filter((constraint) => !gone.includes(constraint));
  const nullable = dropped?.type === "notNull" ? dropped.columns : [];
  // PostgreSQL 18 names the NOT NULL of a column so.
  const [implicit] = [...table.columns.keys()].filter(
    (column) => name === `${table.name}_${column}_not_null`,
  );
  return [...nullable, ...(implicit === undefined ? [] : [implicit])].reduce<Table>(
    (now, column) => setColumn(now, column, { notNull: false }),
    { ...table, constraints: remaining },
  );
}

/** What a table holds: INSERT, COPY and MERGE fill it; UPDATE, DELETE and TRUNCATE add no row. */
function write(table: Table, { verb, rows, reads }: OperationOf<"WriteData">): Table {
  // The query of CREATE TABLE … AS comes first, when the table has neither columns that are known nor rows.
  const derives =
    verb === "insert" && table.rows === "none" && !table.columnsComplete && table.columns.size === 0;
  const now = derives ? { ...table, derivedFrom: reads } : { ...table, derivedFrom: undefined };
  if (verb === "update" || verb === "delete" || verb === "truncate" || table.rows === "unknown") return now;
  return { ...now, rows };
}

function mapConstraints(
  table: Table,
  change: (constraint: ConstraintDefinition) => ConstraintDefinition,
): Table {
  return { ...table, constraints: table.constraints.map(change) };
}

function addConstraint(table: Table, constraint: ConstraintDefinition): Table {
  const added = { ...table, constraints: [...table.constraints, constraint] };
  const proves = constraint.type === "primaryKey" || (constraint.type === "notNull" && constraint.validated);
  return proves
    ? constraint.columns.reduce<Table>((now, column) => setColumn(now, column, { notNull: true }), added)
    : added;
}

function setColumn(table: Table, name: string, change: Partial<Column>): Table {
  const before = table.columns.get(name) ?? { name, type: undefined, notNull: false, added: undefined };
  return { ...table, columns: new Map(table.columns).set(name, { ...before, ...change }) };
}
