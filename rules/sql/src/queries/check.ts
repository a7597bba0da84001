import { loadModule, type Node, parseSync } from "libpg-query";
import { strings } from "../language/lowered.ts";

await loadModule();

/** Expressions that were parsed; constraints are few. */
const PARSED = new Map<string, Node | undefined>();

function parsed(expression: string): Node | undefined {
  if (PARSED.has(expression)) return PARSED.get(expression);
  let found: Node | undefined;
  try {
    const statement = parseSync(`SELECT (${expression})`).stmts?.[0]?.stmt;
    const target = statement && "SelectStmt" in statement ? statement.SelectStmt.targetList?.[0] : undefined;
    found = target && "ResTarget" in target ? target.ResTarget.val : undefined;
  } catch {
    found = undefined;
  }
  if (PARSED.size > 1000) PARSED.clear();
  PARSED.set(expression, found);
  return found;
}

type Constant = string | number | boolean;

/** Whether a CHECK is certainly false for a row with this constant in the column, whatever else it holds. */
export function isViolated(expression: string, column: string, value: Node): boolean {
  const constant = constantIn(value);
  const check = parsed(expression);
  return constant !== undefined && check !== undefined && evaluate(check, column, constant) === false;
}

function constantIn(node: Node | undefined): Constant | undefined {
  if (!node) return undefined;
  if ("TypeCast" in node) return constantIn(node.TypeCast.arg);
  if (!("A_Const" in node) || node.A_Const.isnull) return undefined;
  const { ival, fval, boolval, sval } = node.A_Const;
  if (sval) return sval.sval ?? "";
  if (fval) return Number(fval.fval);
  if (boolval) return boolval.boolval ?? false;
  return ival ? (ival.ival ?? 0) : undefined;
}

/** What an expression says of the constant; undefined: cannot be told. */
function evaluate(node: Node, column: string, constant: Constant): boolean | undefined {
  if ("BoolExpr" in node) {
    const { boolop, args = [] } = node.BoolExpr;
    const parts = args.map((part) => evaluate(part, column, constant));
    if (boolop === "NOT_EXPR") return parts[0] === undefined ? undefined : !parts[0];
    const decisive = boolop === "OR_EXPR";
    if (parts.includes(decisive)) return decisive;
    return parts.includes(undefined) ? undefined : !decisive;
  }
  if (!("A_Expr" in node)) return undefined;
  const { kind, name, lexpr, rexpr } = node.A_Expr;
  if (!lexpr || !rexpr || !isColumn(lexpr, column)) return undefined;
  const operator = strings(name).at(-1) ?? "";
  if (kind === "AEXPR_OP") return compare(operator, constant, constantIn(rexpr));
  const list = elementsOf(rexpr);
  const isListed = (kind === "AEXPR_IN" || kind === "AEXPR_OP_ANY") && operator === "=";
  if (!isListed || !list) return undefined;
  const parts = list.map((item) => compare("=", constant, constantIn(item)));
  if (parts.includes(true)) return true;
  return parts.includes(undefined) ? undefined : false;
}

function elementsOf(node: Node): readonly Node[] | undefined {
  if ("List" in node) return node.List.items ?? [];
  if ("TypeCast" in node && node.TypeCast.arg) return elementsOf(node.TypeCast.arg);
  return "A_ArrayExpr" in node ? (node.A_ArrayExpr.elements ?? []) : undefined;
}

function isColumn(node: Node, column: string): boolean {
  if ("TypeCast" in node && node.TypeCast.arg) return isColumn(node.TypeCast.arg, column);
  return "ColumnRef" in node && strings(node.ColumnRef.fields).at(-1) === column;
}

/** Compares constants of one kind. The order of texts is the collation's, and is not told here. */
function compare(operator: string, one: Constant, other: Constant | undefined): boolean | undefined {
  if (other === undefined || typeof one !== typeof other) return undefined;
  if (operator === "=") return one === other;
  if (operator === "<>") return one !== other;
  if (typeof one !== "number" || typeof other !== "number") return undefined;
  switch (operator) {
    case "<":
      return one < other;
    case "<=":
      return one <= other;
    case ">":
      return one > other;
    case ">=":
      return one >= other;
    default:
      return undefined;
  }
}
