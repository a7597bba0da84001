import type { Node } from "libpg-query";
import type { Catalog } from "./catalog/catalog.ts";
import type { Index } from "./catalog/table.ts";
import type { OperationNodeOf } from "./language/ast.ts";
import { contains } from "./language/expressions.ts";
import { strings } from "./language/lowered.ts";
import { isSmall, tableOf } from "./questions.ts";

type WriteData = OperationNodeOf<"WriteData">;

/** The condition of an UPDATE or a DELETE; undefined when it has none, or when the write stands in a WITH. */
function conditionOf({ raw }: WriteData): Node | undefined {
  if ("UpdateStmt" in raw) return raw.UpdateStmt.whereClause;
  return "DeleteStmt" in raw ? raw.DeleteStmt.whereClause : undefined;
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
 * Whether an UPDATE or a DELETE is about a handful of rows: its condition gives a unique column certain values, or
 * takes rows from a subquery with LIMIT. Of tables that the history does not tell of, `id` is taken for unique.
 */
export function isOfFewRows(operation: WriteData, catalog: Catalog): boolean {
  const answer = catalog.table(operation.table);
  const table = tableOf(answer);
  if (isSmall(answer)) return true;
  if (table?.indexes.some(isOfOneRow)) return true;
  const condition = conditionOf(operation);
  if (!condition) return false;
  if (contains(condition, "limitCount")) return true;
  const unique = (column: string): boolean => {
    const keys = [
      ...(table?.constraints ?? []).filter(({ type }) => type === "primaryKey" || type === "unique"),
      ...(table?.indexes ?? []).filter((index) => index.unique),
    ];
    if (keys.some(({ columns }) => columns.length === 1 && columns[0] === column)) return true;
    return table?.complete !== true && column === "id";
  };
  return conjuncts(condition).some((part) => {
    const column = pinnedColumn(part);
    return column !== undefined && unique(column);
  });
}

/** A unique index on nothing but constants leaves room for one row. */
function isOfOneRow({ unique, columns }: Index): boolean {
  return unique && columns.every((column) => /^\(*(?:true|\d+)\)*$/i.test(column));
}

function conjuncts(condition: Node): Node[] {
  return "BoolExpr" in condition && condition.BoolExpr.boolop === "AND_EXPR"
    ? (condition.BoolExpr.args ?? []).flatMap(conjuncts)
    : [condition];
}

/** The column of `a = 1` or `a IN (1, 2)`. */
function pinnedColumn(condition: Node): string | undefined {
  if (!("A_Expr" in condition)) return undefined;
  const { kind, name, lexpr, rexpr } = condition.A_Expr;
  if ((kind !== "AEXPR_OP" && kind !== "AEXPR_IN") || strings(name).at(-1) !== "=") return undefined;
  if (!lexpr || !rexpr || !("ColumnRef" in lexpr) || !isConstant(rexpr)) return undefined;
  return strings(lexpr.ColumnRef.fields).at(-1);
}

function isConstant(node: Node): boolean {
  if ("TypeCast" in node) return node.TypeCast.arg !== undefined && isConstant(node.TypeCast.arg);
  if ("List" in node) return (node.List.items ?? []).every(isConstant);
  return "A_Const" in node;
}
