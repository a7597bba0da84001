import type { ColumnDefinition, ConstraintDefinition } from "@yantra-lint/core";
import type { Draft } from "./draft.ts";
import { dropConstraintDependents } from "./drop.ts";
import { columnsPart, freeName, keyOf } from "./names.ts";
import { hasIndex, namedLike, sameColumns, SUFFIXES, type Table, withColumn } from "./table.ts";

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
    ...written.references,
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

/** A name that is not known may be one of several that were left unnamed: none of those is certain any more. */
export function dropConstraint(draft: Draft, key: string, name: string): void {
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

export function renameConstraint(draft: Draft, key: string, from: string, to: string): void {
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
