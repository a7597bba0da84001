import type { QualifiedName } from "@yantra-lint/core";
import type { Node } from "libpg-query";
import type { Catalog, Enum } from "./catalog/catalog.ts";
import type { Column, Table } from "./catalog/table.ts";
import type { OperationNode, OperationNodeOf } from "./language/ast.ts";
import { nodesIn } from "./language/expressions.ts";
import { nameFromList, strings } from "./language/lowered.ts";
import type { SqlSourceCode } from "./language/source-code.ts";
import { isSameName, nameBeforeFile, operationsIn } from "./later.ts";
import { typeName } from "./queries/schema.ts";
import { tableOf } from "./questions.ts";

/** ALTER TYPE … ADD VALUE or RENAME VALUE. */
export interface ValueChange {
  type: QualifiedName;
  value: string;
  /** The value's name before, when it is renamed. */
  from: string | undefined;
}

export function valueChangeOf({ raw }: OperationNode): ValueChange | undefined {
  if (!("AlterEnumStmt" in raw)) return undefined;
  const { typeName = [], newVal = "", oldVal } = raw.AlterEnumStmt;
  return { type: nameFromList({ List: { items: typeName } }), value: newVal, from: oldVal };
}

/** The enum that a column's canonical type names, be it an array of it; undefined for what is none that is known. */
function enumNamed(catalog: Catalog, canonical: string): Enum | undefined {
  return catalog.enumOf(typeName(canonical.replace(/(?:\[\])+$/, "")));
}

/** The enum that a column had before the file, and the one that it gets; with what else was known of the column then. */
export function enumsOfChange(
  code: SqlSourceCode,
  operation: OperationNodeOf<"AlterColumnType">,
): { before: Enum; now: Enum; table: Table; column: Column } | undefined {
  const now = enumNamed(code.catalogBefore(operation), operation.to);
  const [first = operation] = operationsIn(code, operation.direction);
  if (!now) return undefined;
  const catalog = code.catalogBefore(first);
  const table = tableOf(catalog.table(nameBeforeFile(code, operation, operation.table)));
  const column = table?.columns.get(operation.column);
  const before = column?.type === undefined ? undefined : enumNamed(catalog, column.type);
  return table && column && before ? { before, now, table, column } : undefined;
}

/** The values that an enum has more than another one, when all else is as there, in the same order. */
export function valuesAdded({ before, now }: { before: Enum; now: Enum }): string[] | undefined {
  const added = now.values.filter((value) => !before.values.includes(value));
  const kept = now.values.filter((value) => before.values.includes(value));
  return added.length > 0 && kept.join("\0") === before.values.join("\0") ? added : undefined;
}

/** Whether an operation makes the enum type of that name. */
export function makesEnum({ raw }: OperationNode, type: QualifiedName): boolean {
  if (!("CreateEnumStmt" in raw)) return false;
  return isSameName(nameFromList({ List: { items: raw.CreateEnumStmt.typeName ?? [] } }), type);
}

/**
 * Whether a statement makes PostgreSQL read a value of an enum type: a cast of the literal, or the literal where a
 * column of that type, as the catalog has it, is set, compared or given a default.
 */
export function usesValue(
  code: SqlSourceCode,
  operation: OperationNode,
  { type, value }: ValueChange,
): boolean {
  const { raw } = operation;
  if (isCastIn(raw, type, value)) return true;
  if (operation.type === "CreateTable") {
    const own = operation.columns.filter((column) => isOfType(column.type, type));
    return own.some((column) => isLiteral(column.default, value));
  }
  if (!("table" in operation)) return false;
  if (operation.type === "AddColumn")
    return isOfType(operation.column.type, type) && isLiteral(operation.column.default, value);
  const columns = columnsOfType(tableOf(code.catalogBefore(operation).table(operation.table)), type);
  if (columns.length === 0) return false;
  if (operation.type === "SetDefault")
    return columns.includes(operation.column) && isLiteral(operation.default, value);
  if ("InsertStmt" in raw) return nodesIn(raw, "A_Const").some((node) => textOf({ A_Const: node }) === value);
  return isSetOrCompared(raw, columns, value);
}

function isSetOrCompared(raw: Node, columns: readonly string[], value: string): boolean {
  const isSet = nodesIn(raw, "ResTarget").some(
    ({ name, val }) => name !== undefined && columns.includes(name) && val && textOf(val) === value,
  );
  return (
    isSet ||
    nodesIn(raw, "A_Expr").some(({ lexpr, rexpr }) => {
      const sides = [lexpr, rexpr].flatMap((side) =>
        side && "List" in side ? (side.List.items ?? []) : [side],
      );
      const column = sides.some(
        (side) =>
          side && "ColumnRef" in side && columns.includes(strings(side.ColumnRef.fields).at(-1) ?? ""),
      );
      return column && sides.some((side) => side && textOf(side) === value);
    })
  );
}

function isCastIn(raw: Node, type: QualifiedName, value: string): boolean {
  return nodesIn(raw, "TypeCast").some(({ arg, typeName }) => {
    const [name, schema] = strings(typeName?.names).toReversed();
    return name === type.name && schema === type.schema && arg !== undefined && textOf(arg) === value;
  });
}

function columnsOfType(table: Table | undefined, type: QualifiedName): string[] {
  return [...(table?.columns.values() ?? [])]
    .filter((column) => column.type !== undefined && isOfType(column.type, type))
    .map(({ name }) => name);
}

/** A canonical type names its schema where the text did. */
function isOfType(canonical: string, { schema, name }: QualifiedName): boolean {
  const type = canonical.replace(/(?:\[\])+$/, "");
  return type === name || type === `${schema ?? "public"}.${name}`;
}

function isLiteral(text: string | undefined, value: string): boolean {
  return text?.replace(/::.*$/s, "").trim() === `'${value.replaceAll("'", "''")}'`;
}

function textOf(node: Node): string | undefined {
  return "A_Const" in node ? node.A_Const.sval?.sval : undefined;
}
