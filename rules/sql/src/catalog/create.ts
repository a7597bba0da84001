import type { ColumnDefinition, ConstraintDefinition, OperationOf } from "@yantra-lint/core";
import { addColumns } from "./alter.ts";
import { addConstraint, inheritConstraint, inlineConstraints } from "./constraints.ts";
import type { Draft } from "./draft.ts";
import { addIndex, inheritIndex } from "./indexes.ts";
import { keyOf, TEMPORARY_SCHEMA } from "./names.ts";
import { resolveQuery } from "./query.ts";
import { hasIndex, type Origin, sameColumns, type Table, unknownTable, withColumn } from "./table.ts";

/** CREATE TABLE in all its forms. */
export function createTable(draft: Draft, create: OperationOf<"CreateTable">, origin: Origin): void {
  const schema = create.temporary ? TEMPORARY_SCHEMA : (create.table.schema ?? draft.schema);
  const { name } = create.table;
  const key = keyOf(schema, name);
  const status = draft.status(key);
  const unless = create.ifNotExists || create.condition === "unlessThere";
  if (unless && status && status !== "never" && status.kind !== "mentioned") return;
  const isNew =
    !unless || create.temporary || status === undefined || (status === "never" && draft.isComplete(key));
  const parents = [...(create.partitionOf ? [create.partitionOf] : []), ...(create.inherits ?? [])].map(
    (parent) => draft.relationKey(parent),
  );
  draft.set(key, {
    ...unknownTable(schema, name),
    complete: true,
    columnsComplete: true,
    created: origin,
    temporary: create.temporary,
    partitioned: create.partitioned,
    rows: "none",
    parents,
    ...(create.bound ? { bound: create.bound } : {}),
    ...(create.query || (create.columnsIncomplete && !create.like && parents.length === 0)
      ? { awaitsQuery: true }
      : {}),
  });
  if (create.temporary) draft.state = { ...draft.state, temporary: [...draft.state.temporary, key] };
  for (const parent of parents) inheritColumns(draft, key, parent, origin);
  if (create.query) addQueryColumns(draft, key, create, origin);
  if (create.ofType !== undefined) addTypeColumns(draft, key, create.ofType, origin);
  let done = 0;
  for (const { table, including, after } of create.like ?? []) {
    addColumns(draft, key, create.columns.slice(done, after), origin);
    likeColumns(draft, key, draft.relationKey(table), including, origin);
    done = after;
  }
  addColumns(draft, key, create.columns.slice(done), origin);
  if (create.columnsIncomplete && !hasSource(create)) incompleteColumns(draft, key);
  addConstraints(draft, key, create);
  for (const parent of parents) inheritConstraints(draft, key, parent);
  for (const { table, including } of create.like ?? [])
    likeConstraints(draft, key, draft.relationKey(table), including);
  const made = draft.table(key);
  if (isNew || !made) return;
  draft.set(key, { ...made, complete: false, created: undefined, perhapsMade: origin });
}

/** A table that may or may not be there from here on; false when there is something of that name already. */
export function perhapsCreateTable(
  draft: Draft,
  create: OperationOf<"CreateTable">,
  origin: Origin,
): boolean {
  const schema = create.table.schema ?? draft.schema;
  const { name } = create.table;
  const key = keyOf(schema, name);
  const status = draft.status(key);
  if (create.temporary || (status && status !== "never")) return false;
  draft.set(key, { ...unknownTable(schema, name), perhapsMade: origin, rows: "none" });
  return true;
}

function hasSource({ query, like, inherits, partitionOf, ofType }: OperationOf<"CreateTable">): boolean {
  return (query ?? like ?? inherits ?? partitionOf ?? ofType) !== undefined;
}

function incompleteColumns(draft: Draft, key: string): void {
  const table = draft.table(key);
  if (table) draft.set(key, { ...table, columnsComplete: false });
}

/** Checks first, then keys with an index (the primary one before others), then foreign keys (`DefineRelation`). */
function addConstraints(draft: Draft, key: string, create: OperationOf<"CreateTable">): void {
  const all = [...create.columns.flatMap(inlineConstraints), ...create.constraints];
  const order = ["check", "notNull", "primaryKey", "unique", "exclude", "foreignKey"];
  const rank = ({ type }: (typeof all)[number]): number => {
    const found = order.indexOf(type);
    return type === "exclude" ? order.indexOf("unique") : found;
  };
  for (const constraint of distinct(all.sort((a, b) => rank(a) - rank(b))))
    addConstraint(draft, key, constraint);
}

/** Of keys over the same columns PostgreSQL makes one, with the name of either (`transformIndexConstraints`). */
function distinct(constraints: readonly ConstraintDefinition[]): ConstraintDefinition[] {
  const kept: ConstraintDefinition[] = [];
  for (const constraint of constraints) {
    const isKey = hasIndex(constraint) && constraint.type !== "exclude";
    const at = kept.findIndex(
      (each) =>
        isKey && hasIndex(each) && each.type !== "exclude" && sameColumns(each.columns, constraint.columns),
    );
    const before = kept[at];
    if (!before) kept.push(constraint);
    else if (before.name === undefined && constraint.name !== undefined)
      kept[at] = { ...before, name: constraint.name };
  }
  return kept;
}

function inheritColumns(draft: Draft, key: string, parent: string, origin: Origin): void {
  const source = draft.table(parent);
  const table = draft.table(key);
  if (!table) return;
  if (!source?.complete || !source.columnsComplete) incompleteColumns(draft, key);
  const now = draft.table(key) ?? table;
  const columns = new Map(now.columns);
  for (const column of source?.columns.values() ?? []) {
    const before = columns.get(column.name);
    const notNull = column.notNull || before?.notNull === true;
    columns.set(column.name, { ...column, notNull, added: origin });
  }
  draft.set(key, { ...now, columns });
  draft.useTypes(
    key,
    [...columns.values()].map(({ type }) => type),
  );
}

/** What a table gets of one that it becomes a part of, or inherits from. */
export function inheritConstraints(draft: Draft, key: string, parent: string): void {
  const source = draft.table(parent);
  if (!source) return;
  for (const constraint of source.constraints) inheritConstraint(draft, key, constraint, parent);
  const table = draft.table(key);
  if (!source.partitioned || !table?.bound) return;
  for (const index of source.indexes) inheritIndex(draft, key, index);
  const now = draft.table(key) ?? table;
  const missing = source.triggers.filter(
    ({ name, row }) => row && !now.triggers.some((trigger) => trigger.name === name),
  );
  const own = { schema: now.schema, name: now.name };
  if (missing.length > 0)
    draft.set(key, {
      ...now,
      triggers: [...now.triggers, ...missing.map((trigger) => ({ ...trigger, table: own }))],
    });
}

function addQueryColumns(
  draft: Draft,
  key: string,
  create: OperationOf<"CreateTable">,
  origin: Origin,
): void {
  const table = draft.table(key);
  if (!table || !create.query) return;
  const { columns } = resolveQuery(draft, create.query);
  if (!columns) return draft.set(key, { ...table, columnsComplete: false });
  const named = columns.map(({ name, type }, index) => ({ name: create.columnNames?.[index] ?? name, type }));
  draft.set(
    key,
    named.reduce<Table>((now, { name, type }) => withColumn(now, name, { type, added: origin }), table),
  );
  draft.useTypes(
    key,
    named.map(({ type }) => type),
  );
}

function addTypeColumns(draft: Draft, key: string, type: string, origin: Origin): void {
  const typeKey = draft.typeKey(type);
  const entry = typeKey === undefined ? undefined : draft.get(typeKey);
  const table = draft.table(key);
  if (entry?.kind !== "composite" || !table) return incompleteColumns(draft, key);
  draft.set(
    key,
    entry.fields.reduce<Table>(
      (now, field) => withColumn(now, field.name, { type: field.type, added: origin }),
      table,
    ),
  );
  draft.useTypes(
    key,
    entry.fields.map((field) => field.type),
  );
}

function likeColumns(
  draft: Draft,
  key: string,
  source: string,
  including: readonly string[],
  origin: Origin,
): void {
  const entry = draft.get(source);
  const table = draft.table(key);
  if (!table) return;
  if (entry?.kind === "view" || entry?.kind === "materializedView") {
    if (!entry.columns) return incompleteColumns(draft, key);
    const columns = entry.columns.reduce<Table>(
      (now, { name, type }) => withColumn(now, name, { type, added: origin }),
      table,
    );
    return draft.set(key, columns);
  }
  if (entry?.kind !== "table" || !entry.complete || !entry.columnsComplete) {
    incompleteColumns(draft, key);
    if (entry?.kind !== "table") return;
  }
  const definitions = [...entry.columns.values()].map((column): ColumnDefinition => {
    const { name, type = "", notNull, default: value, generated } = column;
    const isIdentity = generated === "identity";
    const keeps = isIdentity ? including.includes("identity") : including.includes("generated");
    return {
      name,
      type,
      notNull,
      primaryKey: false,
      unique: false,
      checks: [],
      ...(value !== undefined && including.includes("defaults") ? { default: value } : {}),
      ...(generated !== undefined && keeps ? { generated } : {}),
    };
  });
  addColumns(draft, key, definitions, origin);
}

function likeConstraints(draft: Draft, key: string, source: string, including: readonly string[]): void {
  const entry = draft.table(source);
  if (!entry) return;
  for (const constraint of entry.constraints) {
    const { name: _name, ...unnamed } = constraint;
    if (constraint.type === "check" && including.includes("constraints"))
      addConstraint(draft, key, { ...constraint, validated: true });
    if (hasIndex(constraint) && including.includes("indexes")) addConstraint(draft, key, unnamed);
  }
  if (!including.includes("indexes")) return;
  for (const index of entry.indexes) addIndex(draft, key, { ...index, name: undefined, valid: true }, false);
}

/** CREATE VIEW and CREATE MATERIALIZED VIEW. */
export function createView(draft: Draft, create: OperationOf<"CreateView">, origin: Origin): void {
  const schema = create.temporary ? TEMPORARY_SCHEMA : (create.name.schema ?? draft.schema);
  const { name } = create.name;
  const key = keyOf(schema, name);
  const before = draft.get(key);
  const unless = create.ifNotExists === true || create.condition === "unlessThere";
  if (unless && before && before.kind !== "mentioned") return;
  const resolved = create.query ? resolveQuery(draft, create.query) : undefined;
  const columns = resolved?.columns?.map((column, index) => ({
    ...column,
    name: create.columnNames?.[index] ?? column.name,
  }));
  const replaced = create.replace && before?.kind === "view" ? before : undefined;
  draft.set(key, {
    kind: create.materialized ? "materializedView" : "view",
    schema,
    name,
    created: replaced?.created ?? origin,
    columns,
    uses: resolved?.uses ?? [],
    usesComplete: resolved?.complete ?? false,
    indexes: [],
  });
  if (create.temporary) draft.state = { ...draft.state, temporary: [...draft.state.temporary, key] };
}
