import type { Node } from "libpg-query";
import type { Table } from "../catalog/table.ts";
import { strings } from "../language/lowered.ts";
import {
  type Constant,
  constantIn,
  elementsOf,
  inOrder,
  type Known,
  lengthArgument,
  parsed,
  truthOf,
} from "./check.ts";

/** Whether all rows that a table takes pass a CHECK already: another demands as much, or the type does. */
export function isImplied(expression: string, table: Table): boolean {
  const check = parsed(expression);
  if (!check) return false;
  const given = table.constraints.flatMap(({ type, expression: text }) => {
    const node = type === "check" && text !== undefined ? parsed(text) : undefined;
    return node ? conjuncts(node) : [];
  });
  return conjuncts(check).every((part) => isPartImplied(part, given, table));
}

/** Whether a CHECK says no more than that columns are not NULL. */
export function isOnlyNotNull(expression: string): boolean {
  const check = parsed(expression);
  return check !== undefined && conjuncts(check).every((part) => notNullColumn(part) !== undefined);
}

function isPartImplied(part: Node, given: readonly Node[], table: Table): boolean {
  if ("BoolExpr" in part && part.BoolExpr.boolop === "OR_EXPR")
    return (
      given.some((other) => isSame(other, part)) ||
      (part.BoolExpr.args ?? []).some((arm) =>
        conjuncts(arm).every((each) => isPartImplied(each, given, table)),
      ) ||
      // Whichever arm of the other holds, this one does too.
      given.some((other) => armsOf(other)?.every((arm) => isPartImplied(part, conjuncts(arm), table)))
    );
  const column = notNullColumn(part);
  if (column !== undefined && table.columns.get(column)?.notNull === true) return true;
  const length = longest(part);
  if (length && isShorter(table.columns.get(length.column)?.type, length.most)) return true;
  return given.some((other) => isSame(other, part) || isStronger(other, part));
}

function conjuncts(node: Node): readonly Node[] {
  return "BoolExpr" in node && node.BoolExpr.boolop === "AND_EXPR"
    ? (node.BoolExpr.args ?? []).flatMap(conjuncts)
    : [node];
}

function armsOf(node: Node): readonly Node[] | undefined {
  return "BoolExpr" in node && node.BoolExpr.boolop === "OR_EXPR" ? node.BoolExpr.args : undefined;
}

/** The column of `column IS NOT NULL`. */
function notNullColumn(node: Node): string | undefined {
  if (!("NullTest" in node) || node.NullTest.nulltesttype !== "IS_NOT_NULL") return undefined;
  return node.NullTest.arg && columnIn(node.NullTest.arg);
}

function columnIn(node: Node): string | undefined {
  if ("TypeCast" in node && node.TypeCast.arg) return columnIn(node.TypeCast.arg);
  return "ColumnRef" in node ? strings(node.ColumnRef.fields).at(-1) : undefined;
}

/** Of `length(column) <= most`. */
function longest(node: Node): { column: string; most: number } | undefined {
  const comparison = comparisonIn(node);
  const arg = comparison && lengthArgument(comparison.left);
  const column = arg && columnIn(arg);
  if (column === undefined || typeof comparison?.right !== "number") return undefined;
  if (comparison.operator === "<=") return { column, most: comparison.right };
  return comparison.operator === "<" ? { column, most: comparison.right - 1 } : undefined;
}

function isShorter(type: string | undefined, most: number): boolean {
  const [, size] = /^character(?: varying)?\((\d+)\)$/.exec(type ?? "") ?? [];
  return size !== undefined && Number(size) <= most;
}

/** The length that a table's checks allow a column; undefined when they allow any. */
export function longestAllowed(table: Table, column: string): number | undefined {
  const lengths = table.constraints.flatMap(({ type, expression }) => {
    const node = type === "check" && expression !== undefined ? parsed(expression) : undefined;
    return (node ? conjuncts(node) : []).flatMap((part) => {
      const length = longest(part);
      return length?.column === column ? [length.most] : [];
    });
  });
  return lengths.length > 0 ? Math.min(...lengths) : undefined;
}

interface Comparison {
  operator: string;
  left: Node;
  right: string | number | boolean;
}

function comparisonIn(node: Node): Comparison | undefined {
  if (!("A_Expr" in node) || node.A_Expr.kind !== "AEXPR_OP" || !node.A_Expr.lexpr) return undefined;
  const right = constantIn(node.A_Expr.rexpr);
  const operator = strings(node.A_Expr.name).at(-1) ?? "";
  return right === undefined ? undefined : { operator, left: node.A_Expr.lexpr, right };
}

/** Whether a condition lets nothing through that the other one does not. */
function isStronger(stronger: Node, weaker: Node): boolean {
  const listed = listIn(stronger);
  if (listed) {
    const truth = (known: Known): ReturnType<typeof truthOf> =>
      truthOf(weaker, (column) => (column === listed.column ? known : "unknown"));
    // Each value that it lists, in the other's place, and NULL, which passes it too.
    const passes = listed.constants.every(
      (constant) => constant !== undefined && truth({ constant }) === true,
    );
    const ofNull = truth("null");
    return passes && (ofNull === true || ofNull === "null");
  }
  const [one, other] = [comparisonIn(stronger), comparisonIn(weaker)];
  if (!one || !other || !isSame(one.left, other.left)) return false;
  if (typeof one.right !== "number" || typeof other.right !== "number") return false;
  const [way, otherWay] = [one.operator.replace("=", ""), other.operator.replace("=", "")];
  if (way !== otherWay || (way !== "<" && way !== ">")) return false;
  if (one.right === other.right) return one.operator === other.operator || other.operator.endsWith("=");
  return inOrder(one.operator, one.right, other.right) === true;
}

/** Of `column IN (…)` and `column = …`; a part that is no constant is undefined. */
function listIn(node: Node): { column: string; constants: readonly (Constant | undefined)[] } | undefined {
  if (!("A_Expr" in node)) return undefined;
  const { kind, name, lexpr, rexpr } = node.A_Expr;
  const column = lexpr && columnIn(lexpr);
  if (column === undefined || !rexpr || strings(name).at(-1) !== "=") return undefined;
  if (kind === "AEXPR_OP") return { column, constants: [constantIn(rexpr)] };
  const items = kind === "AEXPR_IN" || kind === "AEXPR_OP_ANY" ? elementsOf(rexpr) : undefined;
  return items && { column, constants: items.map(constantIn) };
}

/** Whether two trees are of the same text, wherever it stands. */
function isSame(one: Node, other: Node): boolean {
  return withoutPlace(one) === withoutPlace(other);
}

function withoutPlace(node: Node): string {
  return JSON.stringify(node, (key, value: unknown) =>
    /location$|^(?:rexpr_)?list_(?:start|end)$/.test(key) ? undefined : value,
  );
}
