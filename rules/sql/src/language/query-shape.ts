import type { QueryColumn, QueryShape } from "@yantra-lint/core";
import type { Node, RangeVar, SelectStmt, WithClause } from "libpg-query";
import { figuredName } from "./column-name.ts";
import { nameOf, strings } from "./lowered.ts";
import { canonicalType } from "./types.ts";

/** What a query reads and what its columns are called; undefined for what is no SELECT or VALUES. */
export function queryShape(node: Node | undefined): QueryShape | undefined {
  return node && "SelectStmt" in node ? shapeOf(node.SelectStmt) : undefined;
}

function shapeOf(select: SelectStmt): QueryShape {
  const ctes = withOf(select.withClause);
  if (select.larg && select.rarg) {
    const first = shapeOf(select.larg);
    const shape = { ...first, arms: [...(first.arms ?? []), shapeOf(select.rarg)] };
    return ctes.length > 0 ? { ...shape, with: [...ctes, ...(first.with ?? [])] } : shape;
  }
  const shape: QueryShape = { from: [], columns: [], refs: [] };
  if (ctes.length > 0) shape.with = ctes;
  if (select.valuesLists) {
    const [row] = select.valuesLists;
    const values = row && "List" in row ? (row.List.items ?? []) : [];
    shape.columns = values.map((value, index) => ({ name: `column${index + 1}`, ...typed(value) }));
    collect(select.valuesLists, shape);
    return shape;
  }
  for (const item of select.fromClause ?? []) addSource(item, shape);
  shape.columns = (select.targetList ?? []).flatMap((target) =>
    "ResTarget" in target ? [outputColumn(target.ResTarget.val, target.ResTarget.name, shape)] : [],
  );
  const { whereClause, groupClause, havingClause, windowClause, sortClause, distinctClause } = select;
  collect(
    [whereClause, groupClause, havingClause, windowClause, sortClause, distinctClause, select.limitCount],
    shape,
  );
  return shape;
}

function withOf(clause: WithClause | undefined): NonNullable<QueryShape["with"]> {
  return (clause?.ctes ?? []).flatMap((node) => {
    if (!("CommonTableExpr" in node)) return [];
    const { ctename = "", aliascolnames, ctequery } = node.CommonTableExpr;
    const query = queryShape(ctequery);
    // INSERT … RETURNING and the like: its columns are not known.
    const shape = query ?? { from: [{}], columns: [{ star: true as const }], refs: [] };
    return [{ name: ctename, ...(aliascolnames ? { columns: strings(aliascolnames) } : {}), query: shape }];
  });
}

function addSource(node: Node, shape: QueryShape): void {
  if ("RangeVar" in node) shape.from.push(tableSource(node.RangeVar));
  else if ("JoinExpr" in node) {
    const { larg, rarg, quals, usingClause, isNatural } = node.JoinExpr;
    if (larg) addSource(larg, shape);
    const first = shape.from.length;
    if (rarg) addSource(rarg, shape);
    collect(quals, shape);
    const merged = strings(usingClause);
    const right = shape.from[first];
    if (merged.length > 0 && right) {
      right.merged = merged;
      for (const column of merged) shape.refs.push({ column });
    }
    if (isNatural) shape.from.push({});
  } else if ("RangeSubselect" in node) {
    const { alias, subquery } = node.RangeSubselect;
    const query = queryShape(subquery);
    shape.from.push({ ...aliasOf(alias), ...(query ? { query } : {}) });
  } else if ("RangeFunction" in node) {
    shape.from.push(aliasOf(node.RangeFunction.alias));
    collect(node.RangeFunction.functions, shape);
  } else shape.from.push({});
}

function tableSource(relation: RangeVar): QueryShape["from"][number] {
  return { ...aliasOf(relation.alias), table: nameOf(relation) };
}

function aliasOf(alias: { aliasname?: string; colnames?: Node[] } | undefined): {
  alias?: string;
  columns?: string[];
} {
  if (alias?.aliasname === undefined) return {};
  return { alias: alias.aliasname, ...(alias.colnames ? { columns: strings(alias.colnames) } : {}) };
}

function outputColumn(value: Node | undefined, name: string | undefined, shape: QueryShape): QueryColumn {
  if (value && "ColumnRef" in value) {
    const fields = value.ColumnRef.fields ?? [];
    const parts = strings(fields);
    const last = fields.at(-1);
    if (last && "A_Star" in last) return { star: parts.at(-1) ?? true };
    const column = parts.at(-1) ?? "";
    const qualifier = parts.at(-2);
    return { name: name ?? column, ref: qualifier === undefined ? { column } : { qualifier, column } };
  }
  collect(value, shape);
  return { name: name ?? figuredName(value) ?? "?column?", ...typed(value) };
}

const COUNTING = new Set(["count", "row_number", "rank", "dense_rank"]);

/** The type that an expression certainly has. A string without a cast is text, once it is a column. */
function typed(value: Node | undefined): { type?: string } {
  if (!value) return {};
  if ("TypeCast" in value) return { type: canonicalType(value.TypeCast.typeName) };
  if ("A_Const" in value) {
    const { sval, boolval, ival, isnull } = value.A_Const;
    if (sval ?? isnull) return { type: "text" };
    if (boolval) return { type: "boolean" };
    return ival ? { type: "integer" } : {};
  }
  if ("BoolExpr" in value || "NullTest" in value || "BooleanTest" in value) return { type: "boolean" };
  if ("SubLink" in value && value.SubLink.subLinkType === "EXISTS_SUBLINK") return { type: "boolean" };
  if ("FuncCall" in value) {
    const parts = strings(value.FuncCall.funcname);
    const name = parts.at(-1) ?? "";
    if (COUNTING.has(name)) return { type: "bigint" };
    if (name === "now") return { type: "timestamp with time zone" };
  }
  return {};
}

/** Adds the columns and queries of expressions. */
function collect(value: unknown, shape: QueryShape): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, shape);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  if (isSelect(value)) {
    (shape.inner ??= []).push(shapeOf(value.SelectStmt));
    return;
  }
  if (isColumn(value)) {
    const fields = value.ColumnRef.fields ?? [];
    const parts = strings(fields);
    const last = fields.at(-1);
    const star = last !== undefined && "A_Star" in last;
    // `t.*` as a value names the whole row, as `t` does.
    const column = parts.at(-1);
    const qualifier = star ? undefined : parts.at(-2);
    if (column !== undefined) shape.refs.push(qualifier === undefined ? { column } : { qualifier, column });
    return;
  }
  for (const child of Object.values(value)) collect(child, shape);
}

function isSelect(value: object): value is { SelectStmt: SelectStmt } {
  return "SelectStmt" in value;
}

function isColumn(value: object): value is { ColumnRef: { fields?: Node[] } } {
  return "ColumnRef" in value;
}
