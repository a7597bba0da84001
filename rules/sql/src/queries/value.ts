import type { Node } from "libpg-query";
import type { Column as TableColumn, Table } from "../catalog/table.ts";
import { nameOf, strings } from "../language/lowered.ts";
import { constantIn, type Known, parsed } from "./check.ts";
import type { Schema } from "./schema.ts";
import type { Write } from "./written.ts";

/** What a query's text tells of the value that a column gets. */
export interface Value {
  /** The query itself gives it; else a default does, or the row has it already. */
  written: boolean;
  known: Known;
  /** No other row has it: a sequence's next number, a random UUID. */
  fresh: boolean;
  /** Canonical, as far as it is certain. */
  type: string | undefined;
  node: Node | undefined;
}

const UNKNOWN: Value = { written: false, known: "unknown", fresh: false, type: undefined, node: undefined };

/** Where the text of a value looks for columns: what a row's table and those that the query reads are known to hold. */
type Columns = (reference: readonly string[]) => TableColumn | undefined;

/** What a write puts into a column of its table. */
export function valueOf(write: Write, table: Table, name: string, schema: Schema): Value {
  const column = table.columns.get(name);
  const index = namesIn(write, table).indexOf(name);
  const entity = write.entity?.[index];
  if (entity) {
    const known = entity.nullable || entity.optional ? "unknown" : "filled";
    return { ...UNKNOWN, written: true, known, fresh: entity.filledBy !== undefined };
  }
  const node = write.values[index];
  if (index >= 0 && !node) return { ...UNKNOWN, written: true };
  if (node && !("SetToDefault" in node)) {
    const value = valueIn(node, columnsIn(write, table, schema));
    return { ...value, written: true, known: asOfType(value.known, column?.type), node };
  }
  if (write.verb === "update" && !node) return UNKNOWN;
  return defaultOf(column, table);
}

/** The columns that a write names; an INSERT without a list fills the first ones. */
export function namesIn({ columns, width }: Write, table: Table): readonly string[] {
  return columns ?? (table.columnsComplete ? [...table.columns.keys()].slice(0, width ?? 0) : []);
}

function defaultOf(column: TableColumn | undefined, table: Table): Value {
  // Of a column that is older than the history, the default is not known.
  if (!column || (!table.complete && !column.added)) return UNKNOWN;
  if (column.generated === "identity") return { ...UNKNOWN, known: "filled", fresh: true };
  if (column.generated !== undefined) return UNKNOWN;
  if (column.default === undefined) return { ...UNKNOWN, known: "null" };
  const node = parsed(column.default);
  const value = node ? valueIn(node, () => undefined) : UNKNOWN;
  return { ...value, known: asOfType(value.known, column.type) };
}

/** `'5'` is the number 5 in a column of numbers. */
function asOfType(known: Known, type: string | undefined): Known {
  if (typeof known === "string" || typeof known.constant !== "string") return known;
  if (!/^(?:smallint|integer|bigint|numeric|real|double precision)\b/.test(type ?? "")) return known;
  const number = known.constant.trim() === "" ? NaN : Number(known.constant);
  return Number.isNaN(number) ? "filled" : { constant: number };
}

const FRESH = /^(?:nextval|gen_random_uuid|uuid_generate_v[14]|uuidv[47])$/;

/** Functions that give no NULL. */
const FILLED =
  /^(?:now|(?:clock|statement|transaction)_timestamp|timeofday|random|count|concat|concat_ws|txid_current|gen_salt)$/;

function valueIn(node: Node, columns: Columns): Value {
  const value = (known: Known, more: Partial<Value> = {}): Value => ({ ...UNKNOWN, known, ...more });
  if ("A_Const" in node) {
    const constant = constantIn(node);
    return node.A_Const.isnull ? value("null") : constant === undefined ? UNKNOWN : value({ constant });
  }
  if ("TypeCast" in node && node.TypeCast.arg) {
    const { typeName } = node.TypeCast;
    const name = strings(typeName?.names).at(-1);
    const { known, fresh } = valueIn(node.TypeCast.arg, columns);
    const isPlain = (typeName?.typmods ?? []).length === 0 && (typeName?.arrayBounds ?? []).length === 0;
    return value(known, { fresh, type: isPlain ? CASTS.get(name ?? "") : undefined });
  }
  if ("ColumnRef" in node) {
    const column = columns(strings(node.ColumnRef.fields));
    return value(column?.notNull ? "filled" : "unknown", { type: column?.type });
  }
  if ("FuncCall" in node) {
    const name = strings(node.FuncCall.funcname).at(-1) ?? "";
    if (FRESH.test(name)) return value("filled", { fresh: true });
    return value(FILLED.test(name) ? "filled" : "unknown");
  }
  if ("CoalesceExpr" in node) {
    const parts = (node.CoalesceExpr.args ?? []).map((arg) => valueIn(arg, columns).known);
    return value(parts.some((known) => known !== "unknown" && known !== "null") ? "filled" : "unknown");
  }
  if ("A_Expr" in node && node.A_Expr.kind === "AEXPR_OP") {
    const { name, lexpr, rexpr } = node.A_Expr;
    const isPlain = /^(?:[-+*/%]|\|\|)$/.test(strings(name).at(-1) ?? "");
    const parts = [lexpr, rexpr].flatMap((part) => (part ? [valueIn(part, columns).known] : []));
    const isFilled = isPlain && parts.every((known) => known !== "unknown" && known !== "null");
    return value(isFilled ? "filled" : "unknown");
  }
  const isFilled =
    "SQLValueFunction" in node || "A_ArrayExpr" in node || "NullTest" in node || "BooleanTest" in node;
  return value(isFilled ? "filled" : "unknown");
}

/** Types of casts, from the parser's names to canonical ones. */
const CASTS = new Map([
  ["int2", "smallint"],
  ["int4", "integer"],
  ["int8", "bigint"],
  ["uuid", "uuid"],
  ["bool", "boolean"],
  ["date", "date"],
  ["jsonb", "jsonb"],
  ["json", "json"],
  ["timestamptz", "timestamp with time zone"],
]);

/** The columns of the row itself, or of the tables that the query of an INSERT joins inwardly. */
function columnsIn(write: Write, table: Table, schema: Schema): Columns {
  const sources = write.verb === "update" ? [{ alias: table.name, table }] : sourcesOf(write, schema);
  return (reference) => {
    const name = reference.at(-1) ?? "";
    const qualifier = reference.at(-2);
    const found = sources.filter(
      (source) => (qualifier === undefined || source.alias === qualifier) && source.table.columns.has(name),
    );
    return found.length === 1 ? found[0]?.table.columns.get(name) : undefined;
  };
}

function sourcesOf(write: Write, schema: Schema): { alias: string; table: Table }[] {
  const last = write.reads.at(-1);
  if (!last || !("SelectStmt" in last)) return [];
  const { fromClause = [], withClause } = last.SelectStmt;
  const flat = withClause ? undefined : rangesOf(fromClause);
  return (flat ?? []).flatMap((node) => {
    if (!("RangeVar" in node)) return [];
    const relation = schema.relation(nameOf(node.RangeVar));
    const alias = node.RangeVar.alias?.aliasname ?? node.RangeVar.relname ?? "";
    return typeof relation === "object" && relation.table ? [{ alias, table: relation.table }] : [];
  });
}

/** The tables of FROM; undefined where it has anything else, or a join that may leave a side empty. */
function rangesOf(nodes: readonly Node[]): readonly Node[] | undefined {
  const found: Node[] = [];
  for (const node of nodes) {
    if ("RangeVar" in node) found.push(node);
    else if ("JoinExpr" in node && node.JoinExpr.jointype === "JOIN_INNER") {
      const { larg, rarg } = node.JoinExpr;
      const inner = rangesOf([larg, rarg].flatMap((side) => (side ? [side] : [])));
      if (!inner) return undefined;
      found.push(...inner);
    } else return undefined;
  }
  return found;
}
