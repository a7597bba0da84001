import type { ConstraintDefinition, QualifiedName } from "@yantra-lint/core";
import type { Catalog } from "../catalog/catalog.ts";
import type { Table } from "../catalog/table.ts";

/** What the catalog says of a table, certain or not; undefined when there is none. */
export function tableIn(catalog: Catalog, name: QualifiedName): Table | undefined {
  const answer = catalog.table(name);
  return answer.state === "absent" ? undefined : answer.table;
}

/** Whether two names, written with or without their schema, are of one table. */
export function isSame(catalog: Catalog, one: QualifiedName, other: QualifiedName): boolean {
  if (one.name !== other.name) return false;
  if (one.schema === other.schema) return true;
  return tableIn(catalog, one)?.schema === tableIn(catalog, other)?.schema;
}

const SUFFIXES: Partial<Record<ConstraintDefinition["type"], string>> = {
  check: "check",
  foreignKey: "fkey",
  unique: "key",
  exclude: "excl",
  notNull: "not_null",
};

/** A constraint by its name, also by the one that PostgreSQL gives to those that a statement leaves unnamed. */
export function constraintNamed(table: Table | undefined, name: string): ConstraintDefinition | undefined {
  if (!table) return undefined;
  const named = table.constraints.find((constraint) => constraint.name === name);
  return (
    named ??
    table.constraints.find((constraint) => {
      if (constraint.name !== undefined) return false;
      if (constraint.type === "primaryKey") return name === `${table.name}_pkey`;
      return name === [table.name, ...constraint.columns, SUFFIXES[constraint.type]].join("_");
    })
  );
}

/** The constraints of a table that name a column. */
export function constraintsOver(table: Table | undefined, column: string): readonly ConstraintDefinition[] {
  return table?.constraints.filter(({ columns }) => columns.includes(column)) ?? [];
}
