import { displayName, type ConstraintDefinition, type QualifiedName, quotedName } from "@yantra-lint/core";
import type { Column } from "./catalog/table.ts";
import { inShort } from "./constraints.ts";
import type { OperationNode, OperationNodeOf } from "./language/ast.ts";
import type { SqlSourceCode } from "./language/source-code.ts";
import { isSameName, operationsAfter, operationsWith } from "./later.ts";
import { madeHere, tableOf } from "./questions.ts";
import { demandsValue } from "./required-column.ts";

/** What a release does, besides, to a table that it renames: a view under the old name has to make up for it. */
export interface Changes {
  dropsColumns: boolean;
  renamesColumns: boolean;
  /** New columns that take no NULL and have no default: no INSERT through a view names them. */
  required: string[];
  /** Writes of the release before that PostgreSQL refuses from here on, in words. */
  refused: string[];
}

/** Looks at the whole file, and at the columns of earlier files of the release; later ones are not known. */
export function changesBeside(
  code: SqlSourceCode,
  rename: OperationNode,
  from: QualifiedName,
  to: string,
): Changes {
  const isOfTable = (other: OperationNode): other is OfTable =>
    "table" in other && (isSameName(other.table, from) || isSameName(other.table, { ...from, name: to }));
  const all = operationsWith(code, rename).filter(isOfTable);
  const kinds = new Set(all.map(({ type }) => type));
  return {
    dropsColumns: kinds.has("DropColumn"),
    renamesColumns: kinds.has("RenameColumn"),
    required: requiredAfter(code, rename, from, operationsAfter(code, rename).filter(isOfTable)),
    refused: [...new Set(all.flatMap((operation) => refusedBy(code, operation, all)))],
  };
}

type OfTable = Extract<OperationNode, { table: QualifiedName }>;

/** The new columns that an INSERT has to name when the file is through. */
function requiredAfter(
  code: SqlSourceCode,
  rename: OperationNode,
  from: QualifiedName,
  later: readonly OfTable[],
): string[] {
  const columns = tableOf(code.catalogBefore(rename).table(from))?.columns.values() ?? [];
  const news = new Map<string, { notNull: boolean; filled: boolean }>();
  for (const { name, added, notNull, default: value, generated } of columns) {
    if (madeHere(added)) news.set(name, { notNull, filled: value !== undefined || generated !== undefined });
  }
  for (const operation of later) {
    if (operation.type === "AddColumn") {
      const { column } = operation;
      news.set(column.name, {
        notNull: column.notNull,
        filled: !demandsValue({ ...column, notNull: true }),
      });
    }
    if (!("column" in operation) || typeof operation.column !== "string") continue;
    const column = news.get(operation.column);
    if (!column) continue;
    news.delete(operation.column);
    const after = changed(column, operation.type);
    if (after) news.set(operation.type === "RenameColumn" ? operation.to : operation.column, after);
  }
  return [...news].flatMap(([name, { notNull, filled }]) => (notNull && !filled ? [name] : []));
}

function changed(
  column: { notNull: boolean; filled: boolean },
  type: OfTable["type"],
): { notNull: boolean; filled: boolean } | undefined {
  switch (type) {
    case "SetNotNull":
      return { ...column, notNull: true };
    case "DropNotNull":
      return { ...column, notNull: false };
    case "SetDefault":
      return { ...column, filled: true };
    case "DropDefault":
      return { ...column, filled: false };
    case "DropColumn":
      return undefined;
    default:
      return column;
  }
}

/** The writes that an operation makes PostgreSQL refuse, though they do well without the columns that are new. */
function refusedBy(code: SqlSourceCode, operation: OfTable, all: readonly OfTable[]): string[] {
  const table = tableOf(code.catalogBefore(operation).table(operation.table));
  const columnOf = (name: string): Column | undefined => table?.columns.get(name);
  switch (operation.type) {
    case "SetNotNull":
      return madeHere(columnOf(operation.column)?.added)
        ? []
        : [`rows without ${quotedName(operation.column)}`];
    case "DropDefault": {
      const column = columnOf(operation.column);
      const demands = column?.notNull === true && !madeHere(column.added);
      return demands ? [`rows without ${quotedName(operation.column)}`] : [];
    }
    case "AddConstraint": {
      const { constraint } = operation;
      const { columns, name, usingIndex } = constraint;
      const isOfNew = columns.length > 0 && columns.every((column) => madeHere(columnOf(column)?.added));
      if (isOfNew || usingIndex !== undefined || all.some((other) => isDropOf(other, name))) return [];
      return [`rows that break ${name === undefined ? inWords(constraint) : quotedName(name)}`];
    }
    case "DropConstraint": {
      const constraint = table?.constraints.find(({ name }) => name === operation.constraint);
      if (constraint?.type !== "unique" && constraint?.type !== "primaryKey") return [];
      const columns = constraint.columns.join(", ");
      const again = all.some((other) => isUniqueOver(other, columns));
      return again ? [] : [`INSERT … ON CONFLICT (${constraint.columns.map(quotedName).join(", ")})`];
    }
    default:
      return [];
  }
}

function isDropOf(other: OfTable, name: string | undefined): boolean {
  return other.type === "DropConstraint" && other.constraint === name;
}

function isUniqueOver(other: OfTable, columns: string): boolean {
  if (other.type === "CreateIndex")
    return other.unique && other.predicate === undefined && other.columns.join(", ") === columns;
  return isKey(other) && other.constraint.columns.join(", ") === columns;
}

function isKey(other: OfTable): other is OperationNodeOf<"AddConstraint"> {
  return (
    other.type === "AddConstraint" &&
    (other.constraint.type === "unique" || other.constraint.type === "primaryKey")
  );
}

function inWords({ type, columns, expression, references }: ConstraintDefinition): string {
  const list = `(${columns.map(quotedName).join(", ")})`;
  switch (type) {
    case "check":
      return `CHECK (${inShort(expression ?? "")})`;
    case "foreignKey":
      return `FOREIGN KEY ${list}${references ? ` REFERENCES ${displayName(references.table)}` : ""}`;
    case "unique":
      return `UNIQUE ${list}`;
    case "primaryKey":
      return `PRIMARY KEY ${list}`;
    case "exclude":
      return "EXCLUDE";
    case "notNull":
      return `NOT NULL ${columns.map(quotedName).join(", ")}`;
  }
}
