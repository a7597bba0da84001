import type { Node, SelectStmt } from "libpg-query";
import { strings } from "./lowered.ts";

type Figured = [name: string | undefined, strength: 0 | 1 | 2];

/**
 * The name that PostgreSQL gives an expression's column: of a query without AS, and in the name of an index
 * (`FigureColnameInternal`, PostgreSQL 18, parse_target.c). Undefined for `?column?` (`expr` in an index's name).
 */
export function figuredName(node: Node | undefined): string | undefined {
  return figure(node)[0];
}

function figure(node: Node | undefined): Figured {
  if (!node) return [undefined, 0];
  if ("ColumnRef" in node) return certain(strings(node.ColumnRef.fields).at(-1));
  if ("A_Indirection" in node) {
    const name = strings(node.A_Indirection.indirection).at(-1);
    return name === undefined ? figure(node.A_Indirection.arg) : [name, 2];
  }
  if ("FuncCall" in node) return certain(strings(node.FuncCall.funcname).at(-1));
  if ("A_Expr" in node) return node.A_Expr.kind === "AEXPR_NULLIF" ? ["nullif", 2] : [undefined, 0];
  if ("TypeCast" in node) {
    return orWeak(figure(node.TypeCast.arg), strings(node.TypeCast.typeName?.names).at(-1));
  }
  if ("CollateClause" in node) return figure(node.CollateClause.arg);
  if ("CaseExpr" in node) return orWeak(figure(node.CaseExpr.defresult), "case");
  if ("SubLink" in node) return figureSubLink(node.SubLink);
  if ("A_ArrayExpr" in node) return ["array", 2];
  if ("RowExpr" in node) return ["row", 2];
  if ("CoalesceExpr" in node) return ["coalesce", 2];
  if ("MinMaxExpr" in node) return [node.MinMaxExpr.op === "IS_LEAST" ? "least" : "greatest", 2];
  if ("GroupingFunc" in node) return ["grouping", 2];
  if ("SQLValueFunction" in node) {
    const name = (node.SQLValueFunction.op ?? "").replace(/^SVFOP_/, "").replace(/_N$/, "");
    return [name.toLowerCase(), 2];
  }
  return [undefined, 0];
}

function certain(name: string | undefined): Figured {
  return [name, name === undefined ? 0 : 2];
}

function orWeak(found: Figured, name: string | undefined): Figured {
  return found[1] <= 1 && name !== undefined ? [name, 1] : found;
}

function figureSubLink({ subLinkType, subselect }: { subLinkType?: string; subselect?: Node }): Figured {
  if (subLinkType === "EXISTS_SUBLINK") return ["exists", 2];
  if (subLinkType === "ARRAY_SUBLINK") return ["array", 2];
  if (subLinkType !== "EXPR_SUBLINK" || !subselect || !("SelectStmt" in subselect)) return [undefined, 0];
  const [target] = leftmost(subselect.SelectStmt).targetList ?? [];
  if (!target || !("ResTarget" in target)) return [undefined, 0];
  return target.ResTarget.name === undefined ? figure(target.ResTarget.val) : [target.ResTarget.name, 2];
}

/** The first arm of UNION and the like, which names the columns. */
function leftmost(select: SelectStmt): SelectStmt {
  return select.larg ? leftmost(select.larg) : select;
}
