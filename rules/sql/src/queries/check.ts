import { loadModule, type Node, parseSync } from "libpg-query";
import { strings } from "../language/lowered.ts";

await loadModule();

/** Expressions that were parsed; constraints are few. */
const PARSED = new Map<string, Node | undefined>();

/** An expression's tree; undefined when it does not parse. */
export function parsed(expression: string): Node | undefined {
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

export type Constant = string | number | boolean;

/** What is known of a value: the constant itself, NULL, that it is not NULL, or nothing. */
export type Known = { constant: Constant } | "null" | "filled" | "unknown";

/** What a CHECK is for a row; undefined: that cannot be told. A row is refused when it is false. */
export function checkOf(expression: string, values: Values): Truth | undefined {
  const check = parsed(expression);
  return check && truthOf(check, values);
}

export function constantIn(node: Node | undefined): Constant | undefined {
  if (!node) return undefined;
  if ("TypeCast" in node) return constantIn(node.TypeCast.arg);
  if (!("A_Const" in node) || node.A_Const.isnull) return undefined;
  const { ival, fval, boolval, sval } = node.A_Const;
  if (sval) return sval.sval ?? "";
  if (fval) return Number(fval.fval);
  if (boolval) return boolval.boolval ?? false;
  return ival ? (ival.ival ?? 0) : undefined;
}

/** SQL's three truths. */
type Truth = boolean | "null";

/** What is known of a column. */
type Values = (column: string) => Known;

/** What an expression is; undefined: cannot be told. */
export function truthOf(node: Node, values: Values): Truth | undefined {
  if ("BoolExpr" in node) {
    const { boolop, args = [] } = node.BoolExpr;
    const parts = args.map((part) => truthOf(part, values));
    if (boolop === "NOT_EXPR") return typeof parts[0] === "boolean" ? !parts[0] : parts[0];
    const decisive = boolop === "OR_EXPR";
    if (parts.includes(decisive)) return decisive;
    if (parts.includes(undefined)) return undefined;
    return parts.includes("null") ? "null" : !decisive;
  }
  if ("NullTest" in node) {
    const known = node.NullTest.arg ? knownIn(node.NullTest.arg, values) : "unknown";
    if (known === "unknown") return undefined;
    return (known === "null") === (node.NullTest.nulltesttype === "IS_NULL");
  }
  if ("ColumnRef" in node) return truthIn(knownIn(node, values));
  if ("BooleanTest" in node && node.BooleanTest.arg) {
    const truth = truthOf(node.BooleanTest.arg, values);
    const test = TESTS[node.BooleanTest.booltesttype ?? ""];
    return truth === undefined || !test ? undefined : (truth === test.of) === test.is;
  }
  if (!("A_Expr" in node)) return undefined;
  const { kind, name, lexpr, rexpr } = node.A_Expr;
  if (!lexpr || !rexpr) return undefined;
  const operator = strings(name).at(-1) ?? "";
  const left = knownIn(lexpr, values);
  if (kind === "AEXPR_OP") return compare(operator, left, knownIn(rexpr, values));
  const list = elementsOf(rexpr);
  const isListed = (kind === "AEXPR_IN" || kind === "AEXPR_OP_ANY") && operator === "=";
  if (!isListed || !list) return undefined;
  const parts = list.map((item) => compare("=", left, knownIn(item, values)));
  if (parts.includes(true)) return true;
  if (parts.includes(undefined)) return undefined;
  return parts.includes("null") ? "null" : false;
}

/** What IS [NOT] TRUE, FALSE and UNKNOWN ask for. */
const TESTS: Readonly<Record<string, { of: Truth; is: boolean }>> = {
  IS_TRUE: { of: true, is: true },
  IS_NOT_TRUE: { of: true, is: false },
  IS_FALSE: { of: false, is: true },
  IS_NOT_FALSE: { of: false, is: false },
  IS_UNKNOWN: { of: "null", is: true },
  IS_NOT_UNKNOWN: { of: "null", is: false },
};

/** What a column of truths is. */
function truthIn(known: Known): Truth | undefined {
  if (typeof known === "string") return known === "null" ? known : undefined;
  return typeof known.constant === "boolean" ? known.constant : undefined;
}

function knownIn(node: Node, values: Values): Known {
  if ("TypeCast" in node && node.TypeCast.arg) return knownIn(node.TypeCast.arg, values);
  if ("ColumnRef" in node) return values(strings(node.ColumnRef.fields).at(-1) ?? "");
  if ("A_Const" in node && node.A_Const.isnull) return "null";
  const constant = constantIn(node);
  if (constant !== undefined) return { constant };
  const arg = lengthArgument(node);
  const of = arg ? knownIn(arg, values) : "unknown";
  if (typeof of === "string") return of;
  return typeof of.constant === "string" ? { constant: Array.from(of.constant).length } : "unknown";
}

/** What `length(x)` measures; undefined for all else. */
export function lengthArgument(node: Node): Node | undefined {
  if (!("FuncCall" in node)) return undefined;
  const { funcname, args = [] } = node.FuncCall;
  return LENGTHS.has(strings(funcname).at(-1) ?? "") && args.length === 1 ? args[0] : undefined;
}

const LENGTHS = new Set(["length", "char_length", "character_length"]);

export function elementsOf(node: Node): readonly Node[] | undefined {
  if ("List" in node) return node.List.items ?? [];
  if ("TypeCast" in node && node.TypeCast.arg) return elementsOf(node.TypeCast.arg);
  return "A_ArrayExpr" in node ? (node.A_ArrayExpr.elements ?? []) : undefined;
}

/** Compares constants of one kind. The order of texts is the collation's, and is not told here. */
function compare(operator: string, left: Known, right: Known): Truth | undefined {
  const isKnown = ["=", "<>", "<", "<=", ">", ">="].includes(operator);
  if (isKnown && (left === "null" || right === "null")) return "null";
  if (typeof left === "string" || typeof right === "string") return undefined;
  const [one, other] = [left.constant, right.constant];
  if (typeof one !== typeof other) return undefined;
  if (operator === "=") return one === other;
  if (operator === "<>") return one !== other;
  return typeof one === "number" && typeof other === "number" ? inOrder(operator, one, other) : undefined;
}

/** Compares numbers; undefined for an operator that does not. */
export function inOrder(operator: string, one: number, other: number): boolean | undefined {
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
