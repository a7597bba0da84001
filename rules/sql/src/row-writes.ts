import type { Node } from "libpg-query";
import type { Catalog } from "./catalog/catalog.ts";
import type { Index, Table } from "./catalog/table.ts";
import type { OperationNodeOf } from "./language/ast.ts";
import { contains, nodesIn } from "./language/expressions.ts";
import { strings } from "./language/lowered.ts";
import { isSmall, tableOf } from "./questions.ts";

type WriteData = OperationNodeOf<"WriteData">;

/** The condition of an UPDATE or a DELETE; undefined when it has none, or when the write stands in a WITH. */
function conditionOf({ raw, table }: WriteData): Node | undefined {
  const write = "UpdateStmt" in raw ? raw.UpdateStmt : "DeleteStmt" in raw ? raw.DeleteStmt : undefined;
  return write?.relation?.relname === table.name ? write.whereClause : undefined;
}

/** Whether an UPDATE or a DELETE is about all rows of its table: it has no condition and joins nothing. */
export function isOfAllRows({ raw, table }: WriteData): boolean {
  if ("UpdateStmt" in raw) {
    const { relation, whereClause, fromClause = [] } = raw.UpdateStmt;
    return relation?.relname === table.name && !whereClause && fromClause.length === 0;
  }
  if (!("DeleteStmt" in raw)) return false;
  const { relation, whereClause, usingClause = [] } = raw.DeleteStmt;
  return relation?.relname === table.name && !whereClause && usingClause.length === 0;
}

/**
 * Whether an UPDATE or a DELETE is about a handful of rows: its condition gives the columns of a unique key certain
 * values, or few, or takes rows from a subquery with LIMIT; or the table has room for one row. Of tables that the
 * history does not tell of, `id` is taken for unique.
 */
export function isOfFewRows(operation: WriteData, catalog: Catalog): boolean {
  const answer = catalog.table(operation.table);
  const table = tableOf(answer);
  if (isSmall(answer)) return true;
  if (table && (table.indexes.some(isOfOneRow) || hasOneKey(table))) return true;
  const condition = conditionOf(operation);
  if (!condition) return false;
  const parts = conjuncts(condition);
  if (parts.some(isLimited)) return true;
  const names = namesIn(operation);
  const pinned = new Set([
    ...parts.flatMap((part) => pinnedColumn(part, names) ?? []),
    ...boundColumns(parts, names),
  ]);
  if (pinned.size === 0) return false;
  return (
    pinned.has("ctid") ||
    keysOf(table).some((columns) => columns.every((column) => pinned.has(column))) ||
    (table?.complete !== true && pinned.has("id"))
  );
}

/** The columns of each key that no two rows share. */
function keysOf(table: Table | undefined): (readonly string[])[] {
  if (!table) return [];
  return [
    ...table.constraints.filter(({ type }) => type === "primaryKey" || type === "unique"),
    ...table.indexes.filter(({ unique, predicate }) => unique && predicate === undefined),
  ].map(({ columns }) => columns);
}

/** A unique index on nothing but constants, and on all rows, leaves room for one. */
function isOfOneRow({ unique, columns, predicate }: Index): boolean {
  return unique && predicate === undefined && columns.every((column) => /^\(*(?:true|\d+)\)*$/i.test(column));
}

/** What a CHECK says that leaves a column one value: `id = 1`, `id`, `id IS TRUE`, `id = 'x'::text`. */
const ONE_VALUE = /^[(\s]*"?[\w$]+"?(?:\s*=\s*(?:true|\d+|'[^']*')(?:::\w+)?|\s+IS\s+TRUE)?[)\s]*$/i;

/** So does a key of one column to which a CHECK leaves one value: `id integer PRIMARY KEY CHECK (id = 1)`. */
function hasOneKey(table: Table): boolean {
  return keysOf(table).some(([column, ...others]) => {
    if (column === undefined || others.length > 0 || table.columns.get(column)?.notNull !== true)
      return false;
    return table.constraints.some(
      ({ type, columns, expression, validated }) =>
        type === "check" &&
        validated &&
        columns.length === 1 &&
        columns[0] === column &&
        expression !== undefined &&
        ONE_VALUE.test(expression),
    );
  });
}

function conjuncts(condition: Node): Node[] {
  return "BoolExpr" in condition && condition.BoolExpr.boolop === "AND_EXPR"
    ? (condition.BoolExpr.args ?? []).flatMap(conjuncts)
    : [condition];
}

/** `a IN (SELECT … LIMIT 1000)`, `a = ANY (ARRAY(SELECT … LIMIT 1000))`; EXISTS and one value for each row say nothing. */
function isLimited(condition: Node): boolean {
  const link = "A_Expr" in condition ? condition.A_Expr.rexpr : condition;
  if (!link || !("SubLink" in link)) return false;
  const { subLinkType, subselect } = link.SubLink;
  const isTaken = subLinkType === "ANY_SUBLINK" || subLinkType === "ARRAY_SUBLINK";
  return isTaken && contains(subselect, "limitCount") && isAlone(subselect);
}

/** The names in a write's condition, and what they stand for. */
interface Names {
  /** The table that is written. */
  own: string | undefined;
  /** What WITH makes of a few rows. */
  ctes: ReadonlySet<string>;
  /** Lists of a few rows that are joined. */
  joined: ReadonlySet<string>;
}

/** `FROM (VALUES (1, 'a'), (2, 'b')) AS name`, `FROM (SELECT … LIMIT 1000) AS name`, and what WITH makes of such. */
function namesIn({ raw }: WriteData): Names {
  const [relation, clause, sources = []] =
    "UpdateStmt" in raw
      ? [raw.UpdateStmt.relation, raw.UpdateStmt.withClause, raw.UpdateStmt.fromClause]
      : "DeleteStmt" in raw
        ? [raw.DeleteStmt.relation, raw.DeleteStmt.withClause, raw.DeleteStmt.usingClause]
        : [];
  const ctes = new Set(
    nodesIn(clause?.ctes, "CommonTableExpr").flatMap(({ ctename = "", ctequery }) =>
      isList(ctequery) ? [ctename] : [],
    ),
  );
  const joined = sources.flatMap((source) => {
    if ("RangeSubselect" in source) {
      const { subquery, alias, lateral } = source.RangeSubselect;
      return !lateral && isList(subquery) && alias?.aliasname !== undefined ? [alias.aliasname] : [];
    }
    if (!("RangeVar" in source) || !ctes.has(source.RangeVar.relname ?? "")) return [];
    const { alias, relname } = source.RangeVar;
    return alias?.aliasname ?? relname ?? [];
  });
  return { own: relation?.alias?.aliasname ?? relation?.relname, ctes, joined: new Set(joined) };
}

function isList(query: Node | undefined): boolean {
  if (!query || !("SelectStmt" in query)) return false;
  return query.SelectStmt.valuesLists !== undefined || query.SelectStmt.limitCount !== undefined;
}

/** The column of `a = 1`, `a IN (1, 2)`, `a = ANY ('{1,2}')`, `a = (SELECT …)`, `a = list.a`, `a IN (SELECT b FROM list)`. */
function pinnedColumn(condition: Node, names: Names): string | undefined {
  if ("SubLink" in condition) {
    const { subLinkType, testexpr, subselect } = condition.SubLink;
    if (subLinkType !== "ANY_SUBLINK" || !testexpr || !subselect || !("SelectStmt" in subselect))
      return undefined;
    const [source, ...others] = subselect.SelectStmt.fromClause ?? [];
    const isOfList = source && "RangeVar" in source && names.ctes.has(source.RangeVar.relname ?? "");
    return isOfList && others.length === 0 ? columnOf(testexpr, names) : undefined;
  }
  if (!("A_Expr" in condition)) return undefined;
  const { kind, name, lexpr, rexpr } = condition.A_Expr;
  if (!lexpr || !rexpr || strings(name).at(-1) !== "=") return undefined;
  if (kind !== "AEXPR_OP") {
    const isOneOf = kind === "AEXPR_IN" || kind === "AEXPR_OP_ANY";
    return isOneOf && isConstant(rexpr) ? columnOf(lexpr, names) : undefined;
  }
  return (
    (isOneValue(rexpr, names) ? columnOf(lexpr, names) : undefined) ??
    (isOneValue(lexpr, names) ? columnOf(rexpr, names) : undefined)
  );
}

/** A range of numbers that is wider is no batch. */
const BATCH = 100_000;

/** The columns that a batch's bounds enclose: `a BETWEEN 1 AND 5000`, `a > 0 AND a <= 5000`. */
function boundColumns(parts: readonly Node[], names: Names): string[] {
  const low = new Map<string, number>();
  const high = new Map<string, number>();
  for (const part of parts) {
    if (!("A_Expr" in part)) continue;
    const { kind, name, lexpr, rexpr } = part.A_Expr;
    const column = lexpr && columnOf(lexpr, names);
    if (column === undefined) continue;
    const [operator = ""] = strings(name);
    const values =
      kind === "AEXPR_BETWEEN" && rexpr && "List" in rexpr ? (rexpr.List.items ?? []) : [rexpr, rexpr];
    const [from, to] = values.map((value) => value && numberOf(value));
    if (from !== undefined && (kind === "AEXPR_BETWEEN" || operator.startsWith(">"))) low.set(column, from);
    if (to !== undefined && (kind === "AEXPR_BETWEEN" || operator.startsWith("<"))) high.set(column, to);
  }
  return [...low].flatMap(([column, from]) =>
    (high.get(column) ?? Infinity) - from <= BATCH ? [column] : [],
  );
}

function numberOf(node: Node): number | undefined {
  if (!("A_Const" in node) || !node.A_Const.ival) return undefined;
  return node.A_Const.ival.ival ?? 0;
}

/** The name of a column of the table that is written. */
function columnOf(node: Node, { own }: Names): string | undefined {
  if (!("ColumnRef" in node)) return undefined;
  const [column, qualifier] = strings(node.ColumnRef.fields).toReversed();
  return qualifier === undefined || qualifier === own ? column : undefined;
}

/** Whether an expression has one value for all rows of the table, or a few. */
function isOneValue(node: Node, { joined }: Names): boolean {
  if ("ColumnRef" in node) {
    const [, qualifier] = strings(node.ColumnRef.fields).toReversed();
    return qualifier !== undefined && joined.has(qualifier);
  }
  if (!("SubLink" in node)) return isConstant(node);
  return node.SubLink.subLinkType === "EXPR_SUBLINK" && isAlone(node.SubLink.subselect);
}

/** Whether each qualifier in a subquery is a name of its own: a column of the query around it would be written so. */
function isAlone(query: Node | undefined): boolean {
  const own = new Set([
    ...nodesIn(query, "RangeVar").map(({ alias, relname }) => alias?.aliasname ?? relname),
    ...nodesIn(query, "RangeSubselect").map(({ alias }) => alias?.aliasname),
  ]);
  return nodesIn(query, "ColumnRef").every(({ fields }) => {
    const [, qualifier] = strings(fields).toReversed();
    return qualifier === undefined || own.has(qualifier);
  });
}

function isConstant(node: Node): boolean {
  if ("TypeCast" in node) return node.TypeCast.arg !== undefined && isConstant(node.TypeCast.arg);
  if ("List" in node) return (node.List.items ?? []).every(isConstant);
  if ("A_ArrayExpr" in node) return (node.A_ArrayExpr.elements ?? []).every(isConstant);
  return "A_Const" in node;
}
