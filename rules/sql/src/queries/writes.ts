import { quotedName } from "@yantra-lint/core";
import type { Node } from "libpg-query";
import type { Trigger } from "../catalog/objects.ts";
import type { Column as TableColumn, Table } from "../catalog/table.ts";
import { isBuiltIn } from "../language/type-change.ts";
import type { Judge } from "./broken.ts";
import { checkOf, constantIn } from "./check.ts";
import type { Problem } from "./resolution.ts";
import { type Schema, typeName } from "./schema.ts";
import { namesIn, valueOf } from "./value.ts";
import { type Write, writesOf } from "./written.ts";

/** Why PostgreSQL refuses what a query writes, whatever its parameters are and whatever the tables hold. */
export const refused: Judge = (query, schema) => {
  const problems: Problem[] = [];
  for (const write of writesOf(query)) {
    const relation = schema.relation(write.table);
    if (typeof relation === "string" || !relation.table) continue;
    const what = refusal(write, relation.table, relation.complete, schema);
    if (what !== undefined) problems.push({ kind: "arity", what });
  }
  return problems;
};

function refusal(write: Write, table: Table, complete: boolean, schema: Schema): string | undefined {
  const all = [...table.columns.values()];
  if (write.columns === undefined && (!complete || write.width === undefined)) return undefined;
  const names = write.columns ?? all.slice(0, write.width).map(({ name }) => name);
  const isDefault = (name: string): boolean => {
    const value = write.values[names.indexOf(name)];
    return value !== undefined && "SetToDefault" in value;
  };
  const shown = ({ name }: TableColumn): string => `${quotedName(table.name)}.${quotedName(name)}`;
  const isFilled = rowTriggers(table, write.verb).length > 0;
  for (const column of all) {
    const value = write.values[names.indexOf(column.name)];
    const isWritten = names.includes(column.name) && !isDefault(column.name);
    const isGenerated = column.generated === "stored" || column.generated === "virtual";
    if (isWritten && isGenerated) return `${shown(column)} is generated`;
    if (isFilled) continue;
    const leftOut = isDefault(column.name) || (write.verb === "insert" && !isWritten);
    if (leftOut && demandsValue(column, complete, schema))
      return `${shown(column)} is NOT NULL, has no default, and is left out`;
    if (!value || !isWritten) continue;
    const isNotNull = column.notNull || schema.domain(column.type)?.notNull === true;
    if (isNotNull && isNull(value)) return `${shown(column)} is NOT NULL and is given NULL`;
    const what = literalRefusal(column, value);
    if (what !== undefined) return what;
  }
  return isFilled ? undefined : brokenCheck(write, table, schema);
}

/** Whether a row without the column is refused. */
function demandsValue(column: TableColumn, complete: boolean, schema: Schema): boolean {
  // Of a column that is older than the history, the default is not known.
  if (!complete && !column.added) return false;
  const { generated, type } = column;
  if (column.default !== undefined || generated !== undefined || type === undefined) return false;
  const domain = schema.domain(type);
  if (domain) return (column.notNull || domain.notNull) && domain.default === undefined;
  return column.notNull && (isBuiltIn(type) || schema.catalog.enumOf(typeName(type)) !== undefined);
}

/** The triggers that may change what is written before it is looked at. */
export function rowTriggers({ triggers }: Table, verb: Write["verb"]): Trigger[] {
  return triggers.filter(
    ({ timing, row, events }) =>
      timing === "before" && row && events.some((event) => event.toLowerCase() === verb),
  );
}

function isNull(value: Node): boolean {
  if ("TypeCast" in value && value.TypeCast.arg) return isNull(value.TypeCast.arg);
  return "A_Const" in value && value.A_Const.isnull === true;
}

/** Why a literal does not fit a column's type. */
function literalRefusal(column: TableColumn, value: Node): string | undefined {
  const text = "A_Const" in value ? value.A_Const.sval?.sval : undefined;
  const [, length] = /^character(?: varying)?\((\d+)\)$/.exec(column.type ?? "") ?? [];
  // Blanks beyond the length are cut off without an error.
  if (text !== undefined && length !== undefined && Array.from(text.trimEnd()).length > Number(length))
    return `'${text}' is longer than ${column.type}`;
  if (isOutOfRange(value, column.type)) return `the value is out of the range of ${column.type}`;
  return undefined;
}

/** The CHECK that is certainly false for a row, as far as its values and the defaults of the others are known. */
function brokenCheck(write: Write, table: Table, schema: Schema): string | undefined {
  const names = namesIn(write, table);
  for (const { type, columns, expression, name } of table.constraints) {
    if (type !== "check" || expression === undefined) continue;
    if (checkOf(expression, (column) => valueOf(write, table, column, schema).known) !== false) continue;
    const what = columns.length === 1 && names.includes(columns[0] ?? "") ? "value" : "row";
    return `the ${what} breaks ${name ?? "the constraint"} (${expression})`;
  }
  for (const column of names) {
    const type = table.columns.get(column)?.type;
    // The one name in the check of a domain is VALUE.
    const known = valueOf(write, table, column, schema).known;
    const broken = schema
      .domain(type)
      ?.checks.find(({ expression }) => checkOf(expression, () => known) === false);
    if (broken) return `the value breaks ${broken.name} of the domain ${type} (${broken.expression})`;
  }
  return undefined;
}

/** Whether a number is too large for a column; a fraction is rounded first. */
function isOutOfRange(value: Node, type: string | undefined): boolean {
  const number = constantIn(value);
  if (typeof number !== "number") return false;
  const bits = type === "smallint" ? 15 : type === "integer" ? 31 : undefined;
  if (bits !== undefined) return Math.abs(number) > 2 ** bits;
  const [, precision, scale = "0"] = /^numeric\((\d+)(?:,\s*(\d+))?\)$/.exec(type ?? "") ?? [];
  if (precision === undefined) return false;
  const digits = 10 ** Number(scale);
  return Math.round(Math.abs(number) * digits) >= digits * 10 ** (Number(precision) - Number(scale));
}
