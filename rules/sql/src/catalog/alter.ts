import type { ColumnDefinition, ConstraintDefinition, Operation, OperationOf } from "@yantra-lint/core";
import type { Draft } from "./draft.ts";
import { dropConstraintDependents, dropRelation } from "./drop.ts";
import { columnsPart, freeName, keyOf } from "./names.ts";
import {
  hasIndex,
  type Index,
  namedLike,
  needsEmptyTable,
  type Origin,
  SUFFIXES,
  type Table,
  withColumn,
  withColumnRenamed,
  withoutColumn,
  withValidated,
  withWrite,
} from "./table.ts";

/** Operations that change one table and no name of it. */
export type Alteration = Extract<
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

/** Changes a table that is there, and its partitions with it. */
export function alterTable(draft: Draft, key: string, operation: Alteration, origin: Origin): void {
  switch (operation.kind) {
    case "AddColumn":
      return addColumn(draft, key, operation, origin);
    case "DropColumn":
      return dropColumn(draft, key, operation.column);
    case "RenameColumn":
      return renameColumn(draft, key, operation.column, operation.to);
    case "AlterColumnType": {
      const type = draft.resolvedType(operation.to);
      draft.useTypes(key, [operation.to]);
      return withChildren(draft, key, (child, table) => {
        draft.useTypes(child, [operation.to]);
        return withColumn(table, operation.column, { type });
      });
    }
    case "SetNotNull":
      return changeColumn(draft, key, operation.column, { notNull: true });
    case "DropNotNull":
      return changeColumn(draft, key, operation.column, { notNull: false });
    case "SetDefault":
      return changeColumn(draft, key, operation.column, { default: realDefault(operation.default) });
    case "DropDefault":
      return changeColumn(draft, key, operation.column, { default: undefined });
    case "AddConstraint":
      return addConstraint(draft, key, operation.constraint, operation.only);
    case "ValidateConstraint":
      return withChildren(draft, key, (_, table) => withValidated(table, operation.constraint));
    case "DropConstraint":
      return dropConstraint(draft, key, operation.constraint);
    case "RenameConstraint":
      return renameConstraint(draft, key, operation.constraint, operation.to);
    case "WriteData":
      return update(draft, key, (table) => withWrite(table, operation));
  }
}

function update(draft: Draft, key: string, change: (table: Table) => Table): void {
  const table = draft.table(key);
  if (!table) return;
  const changed = change(table);
  if (changed !== table) draft.set(key, changed);
}

function withChildren(draft: Draft, key: string, change: (key: string, table: Table) => Table): void {
  update(draft, key, (table) => change(key, table));
  for (const child of draft.children(key)) withChildren(draft, child, change);
}

function changeColumn(
  draft: Draft,
  key: string,
  name: string,
  change: Parameters<typeof withColumn>[2],
): void {
  withChildren(draft, key, (_, table) => withColumn(table, name, change));
}

/** DEFAULT NULL is none (`AddRelationNewConstraints`, PostgreSQL 18, heap.c). */
function realDefault(text: string | undefined): string | undefined {
  return text !== undefined && /^\(*null\)*(?:::[\w\s"().[\]]+)?$/i.test(text) ? undefined : text;
}

const SERIAL = /^(?:small|big)?serial$/;

/** A column as a table holds it. Its constraints and its sequence are made by others. */
function columnOf(
  draft: Draft,
  table: Table,
  definition: ColumnDefinition,
  added: Origin | undefined,
): Parameters<typeof withColumn>[2] {
  const { name, type, notNull, generated } = definition;
  const isSerial = SERIAL.test(type);
  const value = isSerial ? `nextval('${table.name}_${name}_seq'::regclass)` : realDefault(definition.default);
  return {
    name,
    type: draft.resolvedType(type),
    notNull,
    ...(value === undefined ? {} : { default: value }),
    ...(generated === undefined ? {} : { generated }),
    added,
  };
}

/** Adds columns as CREATE TABLE and ADD COLUMN do, with their sequences; the constraints come later. */
export function addColumns(
  draft: Draft,
  key: string,
  definitions: readonly ColumnDefinition[],
  added: Origin | undefined,
): void {
  const table = draft.table(key);
  if (!table || definitions.length === 0) return;
  const columns = new Map(table.columns);
  for (const definition of definitions) {
    const before = columns.get(definition.name);
    const column = columnOf(draft, table, definition, added);
    // A column that is inherited too is merged with the parent's.
    const notNull = definition.notNull || before?.notNull === true;
    columns.set(definition.name, {
      ...(before ?? { name: definition.name, type: undefined, added }),
      ...column,
      notNull,
      added,
    });
  }
  draft.set(key, { ...table, columns });
  draft.useTypes(
    key,
    definitions.map(({ type }) => type),
  );
  for (const { name, type, generated } of definitions) {
    if (SERIAL.test(type) || generated === "identity") addSequence(draft, key, name, added);
  }
}

/** The sequence of a serial or identity column. */
export function addSequence(draft: Draft, key: string, column: string, created: Origin | undefined): void {
  const table = draft.table(key);
  if (!table || !created) return;
  const { schema, name: tableName } = table;
  const name = draft.relationName(schema, [tableName, column, "seq"], false);
  draft.set(keyOf(schema, name), {
    kind: "sequence",
    schema,
    name,
    ownedBy: { table: { schema, name: tableName }, column },
    created,
  });
}

/** The constraints written at a column. */
export function inlineConstraints(column: ColumnDefinition): ConstraintDefinition[] {
  if (column.constraints) return column.constraints;
  const base = { columns: [column.name], provesNotNull: [], validated: true };
  return [
    ...(column.primaryKey ? [{ ...base, type: "primaryKey" as const }] : []),
    ...(column.unique ? [{ ...base, type: "unique" as const }] : []),
    ...column.checks.map((expression) => ({ ...base, type: "check" as const, expression })),
    ...(column.references ? [{ ...base, type: "foreignKey" as const, references: column.references }] : []),
  ];
}

function addColumn(
  draft: Draft,
  key: string,
  { column, ifNotExists, condition }: OperationOf<"AddColumn">,
  origin: Origin,
): void {
  const table = draft.table(key);
  const unlessThere = ifNotExists || condition === "unlessThere";
  if (!table || (unlessThere && table.columns.has(column.name))) return;
  const certain = !unlessThere || (table.complete && table.columnsComplete);
  addColumns(draft, key, [column], certain ? origin : undefined);
  if (certain && needsEmptyTable(column))
    update(draft, key, (now) => ({ ...now, emptied: origin, rows: "none" }));
  const { constraints: _constraints, ...plain } = column;
  const inherited = { ...plain, primaryKey: false, unique: false, checks: [] };
  const { references: _references, ...bare } = inherited;
  for (const child of draft.children(key)) {
    addColumn(draft, child, { ...operationFor(column, ifNotExists), column: bare }, origin);
  }
  for (const constraint of inlineConstraints(column)) addConstraint(draft, key, constraint);

  function operationFor(definition: ColumnDefinition, unless: boolean): OperationOf<"AddColumn"> {
    const place = { startLine: 0, startColumn: 0, endLine: 0, endColumn: 0 };
    const where = { range: [0, 0] as [number, number], statement: 0, transaction: null, ...place };
    return { kind: "AddColumn", ...where, table: { name: "" }, column: definition, ifNotExists: unless };
  }
}

/** A column goes with its constraints and indexes, the foreign keys and views that use it, and its sequences. */
export function dropColumn(draft: Draft, key: string, column: string): void {
  const table = draft.table(key);
  if (!table) return;
  const dropped = withoutColumn(table, column);
  const names = [
    ...table.indexes.filter((index) => !dropped.indexes.includes(index)).map(({ name }) => name),
    ...table.constraints
      .filter((constraint) => hasIndex(constraint) && !dropped.constraints.includes(constraint))
      .map(({ name }) => name),
  ];
  for (const name of names) if (name !== undefined) draft.set(keyOf(table.schema, name), undefined);
  draft.set(key, dropped);
  for (const user of draft.usersOfColumn(key, column)) {
    const entry = draft.get(user);
    if (entry?.kind === "sequence" && entry.ownedBy?.column === column) {
      if (draft.referenceKey(entry.ownedBy.table) === key) draft.set(user, undefined);
    } else if (entry?.kind === "table") {
      const constraints = entry.constraints.filter(
        ({ references }) =>
          !references || draft.referenceKey(references.table) !== key || !references.columns.includes(column),
      );
      if (constraints.length < entry.constraints.length) draft.set(user, { ...entry, constraints });
    } else if (entry?.kind === "view" || entry?.kind === "materializedView") {
      const use = entry.uses.find(({ relation }) => draft.referenceKey(relation) === key);
      if (use?.columns?.includes(column)) dropRelation(draft, user);
      else if (use && !use.columns) draft.set(user, { kind: "mentioned" });
    }
  }
  for (const child of draft.children(key)) dropColumn(draft, child, column);
}

function renameColumn(draft: Draft, key: string, from: string, to: string): void {
  update(draft, key, (table) => withColumnRenamed(table, from, to));
  const rename = (names: readonly string[]): string[] => names.map((name) => (name === from ? to : name));
  for (const child of draft.children(key)) renameColumn(draft, child, from, to);
  for (const user of draft.usersOfColumn(key, from)) {
    const entry = draft.get(user);
    if (entry?.kind === "table") {
      const table = draft.table(user);
      if (!table) continue;
      const constraints = table.constraints.map((constraint) => {
        const { references } = constraint;
        const points = references && draft.referenceKey(references.table) === key;
        return points && references.columns.includes(from)
          ? { ...constraint, references: { ...references, columns: rename(references.columns) } }
          : constraint;
      });
      if (constraints.some((constraint, index) => constraint !== table.constraints[index]))
        draft.set(user, { ...table, constraints });
    } else if (entry?.kind === "view" || entry?.kind === "materializedView") {
      const uses = entry.uses.map((use) =>
        use.columns?.includes(from) && draft.referenceKey(use.relation) === key
          ? { ...use, columns: rename(use.columns) }
          : use,
      );
      draft.set(user, { ...entry, uses });
    } else if (entry?.kind === "sequence" && entry.ownedBy?.column === from) {
      if (draft.referenceKey(entry.ownedBy.table) === key)
        draft.set(user, { ...entry, ownedBy: { ...entry.ownedBy, column: to } });
    }
  }
}

/** The name that PostgreSQL gives a constraint, as `ChooseConstraintName` and `ChooseIndexName` do (18). */
function chosenName(draft: Draft, table: Table, constraint: ConstraintDefinition): string {
  const { schema, name } = table;
  const { type, columns, nameParts } = constraint;
  if (type === "primaryKey") return draft.relationName(schema, [name, undefined, "pkey"], true);
  const label = SUFFIXES[type];
  if (hasIndex(constraint))
    return draft.relationName(schema, [name, columnsPart(nameParts ?? columns), label], true);
  // A check of several columns is named after the table alone.
  const part = type === "check" ? (columns.length === 1 ? columns[0] : undefined) : columnsPart(columns);
  const own = new Set(table.constraints.map((each) => each.name));
  return freeName(
    name,
    part,
    label,
    (candidate) => own.has(candidate) || draft.isConstraintName(schema, candidate),
  );
}

/** Adds a constraint, under the name that PostgreSQL gives it when it has none, and to the partitions. */
export function addConstraint(draft: Draft, key: string, written: ConstraintDefinition, only = false): void {
  const table = draft.table(key);
  if (!table) return;
  const definition = resolved(draft, key, table, written);
  const name = definition.name ?? (table.complete ? chosenName(draft, table, definition) : undefined);
  const nameParts = hasIndex(definition) ? { nameParts: definition.nameParts ?? definition.columns } : {};
  const constraint = { ...definition, ...nameParts, ...(name === undefined ? {} : { name }) };
  const index = table.indexes.find((each) => each.name !== undefined && each.name === written.usingIndex);
  const proves = constraint.type === "primaryKey" || (constraint.type === "notNull" && constraint.validated);
  const columns = proves ? constraint.columns : [];
  const added = columns.reduce<Table>((now, column) => withColumn(now, column, { notNull: true }), {
    ...table,
    constraints: [...table.constraints, constraint],
    indexes: index ? table.indexes.filter((each) => each !== index) : table.indexes,
  });
  draft.set(key, added);
  if (index?.name !== undefined && index.name !== name) draft.set(keyOf(table.schema, index.name), undefined);
  if (hasIndex(constraint) && name !== undefined)
    draft.set(keyOf(table.schema, name), { kind: "index", table: key });
  if (only) return;
  for (const child of draft.children(key)) inheritConstraint(draft, child, constraint, key);
}

function resolved(
  draft: Draft,
  key: string,
  table: Table,
  { usingIndex, ...written }: ConstraintDefinition,
): ConstraintDefinition {
  if (usingIndex !== undefined) {
    const index = table.indexes.find(({ name }) => name === usingIndex);
    return { ...written, name: written.name ?? usingIndex, columns: [...(index?.columns ?? [])] };
  }
  // A column that a check names may be one of a composite type's, or the check a function of none.
  const columns =
    written.type === "check" && table.complete && table.columnsComplete
      ? written.columns.filter((column) => table.columns.has(column))
      : written.columns;
  if (!written.references) return { ...written, columns };
  const target = draft.stored(written.references.table);
  const referenced = draft.referenceKey(target) === key ? table : draft.table(draft.referenceKey(target));
  const primary = referenced?.constraints.find(({ type }) => type === "primaryKey");
  const references = {
    table: target,
    columns:
      written.references.columns.length > 0 ? written.references.columns : [...(primary?.columns ?? [])],
  };
  return { ...written, columns, references };
}

/** What a partition or an heir gets of a parent's constraint; those with an index are a partition's only. */
export function inheritConstraint(
  draft: Draft,
  child: string,
  constraint: ConstraintDefinition,
  parent: string,
): void {
  const table = draft.table(child);
  if (!table) return;
  const { name, ...unnamed } = constraint;
  const isPartition = draft.table(parent)?.partitioned === true && table.bound !== undefined;
  if (constraint.type === "check" || constraint.type === "notNull") {
    if (!table.constraints.some((each) => each.name === name)) addConstraint(draft, child, constraint);
    return;
  }
  if (!isPartition) return;
  const same = table.constraints.some(
    (each) =>
      each.type === constraint.type &&
      sameColumns(each.columns, constraint.columns) &&
      each.references?.table.name === constraint.references?.table.name,
  );
  if (same) return;
  const isFree = !table.constraints.some((each) => each.name === name);
  addConstraint(draft, child, constraint.type === "foreignKey" && isFree ? constraint : unnamed);
}

export function sameColumns(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((column, index) => column === b[index]);
}

/** A name that is not known may be one of several that were left unnamed: none of those is certain any more. */
function dropConstraint(draft: Draft, key: string, name: string): void {
  const table = draft.table(key);
  if (!table) return;
  const dropped = table.constraints.find((constraint) => constraint.name === name);
  const gone = dropped ? [dropped] : namedLike(table, name);
  const remaining = table.constraints.filter((constraint) => !gone.includes(constraint));
  const nullable = dropped?.type === "notNull" ? dropped.columns : [];
  // PostgreSQL 18 names the NOT NULL of a column so.
  const implicit = dropped
    ? []
    : [...table.columns.keys()].filter((column) => name === `${table.name}_${column}_not_null`).slice(0, 1);
  const after = [...nullable, ...implicit].reduce<Table>(
    (now, column) => withColumn(now, column, { notNull: false }),
    { ...table, constraints: remaining },
  );
  draft.set(key, after);
  if (!dropped) return;
  if (hasIndex(dropped)) {
    draft.set(keyOf(table.schema, name), undefined);
    dropConstraintDependents(draft, key, dropped.columns);
  }
  for (const child of draft.children(key)) {
    const inherited = draft
      .table(child)
      ?.constraints.find((each) =>
        hasIndex(dropped)
          ? each.type === dropped.type && sameColumns(each.columns, dropped.columns)
          : each.name === name && each.type === dropped.type,
      );
    if (inherited?.name !== undefined) dropConstraint(draft, child, inherited.name);
  }
}

function renameConstraint(draft: Draft, key: string, from: string, to: string): void {
  const table = draft.table(key);
  if (!table) return;
  const found = table.constraints.find(({ name }) => name === from);
  const constraints = table.constraints.map((each) => (each.name === from ? { ...each, name: to } : each));
  draft.set(key, { ...table, constraints });
  if (!found) return;
  if (hasIndex(found)) {
    draft.set(keyOf(table.schema, from), undefined);
    draft.set(keyOf(table.schema, to), { kind: "index", table: key });
  } else if (found.type === "check") {
    for (const child of draft.children(key)) renameConstraint(draft, child, from, to);
  }
}

/** Adds an index, under the name that PostgreSQL gives it when it has none, and to the partitions. */
export function addIndex(draft: Draft, key: string, index: Index, only: boolean): void {
  const entry = draft.get(key);
  if (entry?.kind !== "table" && entry?.kind !== "view" && entry?.kind !== "materializedView") return;
  const certain = entry.kind !== "table" || entry.complete;
  const name =
    index.name ??
    (certain
      ? draft.relationName(entry.schema, [entry.name, columnsPart(index.nameParts), "idx"], false)
      : undefined);
  if (entry.kind === "table") {
    const valid = index.valid && !(only && entry.partitioned);
    draft.set(key, { ...entry, indexes: [...entry.indexes, { ...index, name, valid }] });
  } else if (name !== undefined) {
    const { columns, unique } = index;
    draft.set(key, { ...entry, indexes: [...entry.indexes, { name, columns, unique }] });
  }
  if (name !== undefined) draft.set(keyOf(entry.schema, name), { kind: "index", table: key });
  if (only || entry.kind !== "table") return;
  for (const child of draft.children(key)) {
    if (draft.table(child)?.bound !== undefined) inheritIndex(draft, child, index);
  }
}

/** A partition has an index for each of its parent's, unless it has one alike. */
export function inheritIndex(draft: Draft, child: string, index: Index): void {
  const alike = draft
    .table(child)
    ?.indexes.some(
      (each) =>
        each.unique === index.unique &&
        each.method === index.method &&
        each.predicate === index.predicate &&
        sameColumns(each.columns, index.columns),
    );
  if (!alike) addIndex(draft, child, { ...index, name: undefined, valid: true }, false);
}
