import { quotedName } from "@yantra-lint/core";
import type { Node } from "libpg-query";
import { strings } from "../language/lowered.ts";
import { parseStatement } from "../language/plpgsql.ts";

/** The text of an expression that is made of literals only: of one, of `||`, of format() and quote_…(). */
export function constantText(expression: string): string | undefined {
  const statement = parseStatement(`SELECT ${expression}`);
  if (!statement || !("SelectStmt" in statement)) return undefined;
  const { targetList = [], fromClause } = statement.SelectStmt;
  const [target] = targetList;
  if (fromClause || targetList.length !== 1 || !target || !("ResTarget" in target)) return undefined;
  return textOf(target.ResTarget.val);
}

function textOf(node: Node | undefined): string | undefined {
  if (!node) return undefined;
  if ("A_Const" in node) return node.A_Const.sval?.sval;
  if ("TypeCast" in node) {
    const type = strings(node.TypeCast.typeName?.names).at(-1);
    return type === "text" || type === "varchar" ? textOf(node.TypeCast.arg) : undefined;
  }
  if ("A_Expr" in node) {
    const { name, lexpr, rexpr } = node.A_Expr;
    if (strings(name).join() !== "||") return undefined;
    const [left, right] = [textOf(lexpr), textOf(rexpr)];
    return left === undefined || right === undefined ? undefined : left + right;
  }
  if (!("FuncCall" in node)) return undefined;
  const { funcname, args = [] } = node.FuncCall;
  const [first, ...rest] = args.map(textOf);
  if (first === undefined) return undefined;
  switch (strings(funcname).at(-1)) {
    case "quote_ident":
      return quotedName(first);
    case "quote_literal":
      return `'${first.replaceAll("'", "''")}'`;
    case "format":
      return rest.every((argument) => argument !== undefined) ? formatted(first, rest) : undefined;
    default:
      return undefined;
  }
}

/** `format()` with `%s`, `%I`, `%L` and `%%` (PostgreSQL 18, chapter 9.4.1); positions and widths are not followed. */
function formatted(pattern: string, values: readonly string[]): string | undefined {
  const places = [...pattern.matchAll(/%(.?)/gs)].flatMap(([, what = ""]) => (what === "%" ? [] : [what]));
  if (places.length > values.length || places.some((what) => !/^[sIL]$/.test(what))) return undefined;
  let next = 0;
  return pattern.replaceAll(/%(.)/gs, (_all, what: string) => {
    if (what === "%") return "%";
    const value = values[next] ?? "";
    next += 1;
    if (what === "L") return `'${value.replaceAll("'", "''")}'`;
    return what === "I" ? quotedName(value) : value;
  });
}
