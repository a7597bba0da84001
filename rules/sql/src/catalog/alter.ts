import type { ColumnDefinition, Operation, OperationOf } from "@yantra-lint/core";
import { addConstraint, dropConstraint, inlineConstraints, renameConstraint } from "./constraints.ts";
import type { Draft } from "./draft.ts";
import { dropRelation } from "./drop.ts";
import { keyOf } from "./names.ts";
import {
  hasIndex,
  needsEmptyTable,
  type Origin,
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
      return update(draft, key, (table) => withWrite(table, operation, origin));
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
