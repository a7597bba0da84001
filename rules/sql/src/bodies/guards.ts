import type { Condition } from "@yantra-lint/core";
import type { Node } from "libpg-query";
import { strings } from "../language/lowered.ts";
import { isTree, listOf, parseStatement, tagged, type Tree } from "../language/plpgsql.ts";

/** Under what statements of a body run. A guard with `names` is one only for what has one of these names. */
export type Under = "always" | "maybe" | { kind: Exclude<Condition, "maybe">; names?: readonly string[] };

/** A condition inside another: both have to hold. */
export function both(outer: Under, inner: Under): Under {
  if (outer === "always") return inner;
  return inner === "always" ? outer : "maybe";
}

/**
 * What an IF asks, when it is no more than whether something is there: `[NOT] EXISTS (SELECT … FROM pg_…)`, also of
 * information_schema, and `to_regclass('…') IS [NOT] NULL`.
 */
export function guardOf(condition: string | undefined): Under {
  const statement = condition === undefined ? undefined : parseStatement(`SELECT ${condition}`);
  if (!statement || !("SelectStmt" in statement)) return "maybe";
  const [target] = statement.SelectStmt.targetList ?? [];
  const asked = target && "ResTarget" in target ? target.ResTarget.val : undefined;
  if (!asked) return "maybe";
  if ("NullTest" in asked) {
    const { arg, nulltesttype } = asked.NullTest;
    const name = arg && "FuncCall" in arg ? strings(arg.FuncCall.funcname).at(-1) : undefined;
    if (!name || !/^to_reg(?:class|type|proc|procedure|namespace|role)$/.test(name)) return "maybe";
    return { kind: nulltesttype === "IS_NULL" ? "unlessThere" : "ifThere", names: literalsIn(arg) };
  }
  if ("BoolExpr" in asked) {
    const { boolop, args: [negated] = [] } = asked.BoolExpr;
    const isGuard = boolop === "NOT_EXPR" && negated && looksIntoCatalogue(negated);
    return isGuard ? { kind: "unlessThere", names: literalsIn(negated) } : "maybe";
  }
  return looksIntoCatalogue(asked) ? { kind: "ifThere", names: literalsIn(asked) } : "maybe";
}

/**
 * What a query asks that has to give a certain answer (its only value, as text): `SELECT count(*) FROM pg_…` with 0 or
 * a number, also of information_schema, and what an IF may ask.
 */
export function guardOfAnswer(query: string, answer: string): Under {
  const statement = parseStatement(query);
  const select = statement && "SelectStmt" in statement ? statement.SelectStmt : undefined;
  const [target, more] = select?.targetList ?? [];
  const asked = target && "ResTarget" in target ? target.ResTarget.val : undefined;
  if (!select || !asked || more) return "maybe";
  if ("FuncCall" in asked && strings(asked.FuncCall.funcname).at(-1) === "count") {
    if (!/^\d+$/.test(answer) || select.groupClause || !isOfCatalogue(select)) return "maybe";
    return { kind: Number(answer) === 0 ? "unlessThere" : "ifThere", names: literalsIn(select) };
  }
  const guard = guardOf(query.replace(/^\s*select\b/i, "").replace(/;\s*$/, ""));
  if (/^(?:t|true)$/i.test(answer) || typeof guard === "string") return guard;
  const not = guard.kind === "ifThere" ? "unlessThere" : "ifThere";
  return /^(?:f|false)$/i.test(answer) ? { ...guard, kind: not } : "maybe";
}

function looksIntoCatalogue(node: Node): boolean {
  if (!("SubLink" in node) || node.SubLink.subLinkType !== "EXISTS_SUBLINK") return false;
  return isOfCatalogue(node.SubLink.subselect);
}

/** Whether all that a query reads is PostgreSQL's own catalogue. */
function isOfCatalogue(select: unknown): boolean {
  const relations: Tree[] = [];
  walk(select, (tag, content) => {
    if (tag === "RangeVar") relations.push(content);
  });
  return (
    relations.length > 0 &&
    relations.every(
      ({ schemaname, relname }) =>
        schemaname === "information_schema" ||
        schemaname === "pg_catalog" ||
        (schemaname === undefined && typeof relname === "string" && relname.startsWith("pg_")),
    )
  );
}

/** What the literals of a condition name, in lower case; qualified names in their parts. */
function literalsIn(tree: unknown): string[] {
  const found: string[] = [];
  walk(tree, (tag, content) => {
    const { sval } = content;
    if (tag === "A_Const" && isTree(sval) && typeof sval["sval"] === "string") found.push(sval["sval"]);
  });
  return found.flatMap((text) => text.toLowerCase().replaceAll('"', "").split("."));
}

function walk(value: unknown, visit: (tag: string, content: Tree) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit);
  } else if (isTree(value)) {
    for (const [key, child] of Object.entries(value)) {
      if (isTree(child)) visit(key, child);
      walk(child, visit);
    }
  }
}

/** Errors of what is there already, and of what is not, by name and SQLSTATE (PostgreSQL 18, appendix A). */
const THERE =
  /^(?:duplicate_(?:object|table|column|schema|function|alias)|invalid_table_definition|42710|42P07|42701|42P06|42723|42P16)$/i;
const NOT_THERE =
  /^(?:undefined_(?:object|table|column|function)|invalid_schema_name|42704|42P01|42703|42883|3F000)$/i;

/** ERROR of PostgreSQL 18's `elog.h`: what RAISE does without a level, or with EXCEPTION. */
const ERROR = 21;

/**
 * Under what the statements of a block with EXCEPTION run: a handler that swallows the error of what is there
 * already makes IF NOT EXISTS of the one statement before it; handlers that all end in an error change nothing.
 */
export function guardOfHandlers(exceptions: unknown, statements: number): Under {
  const handlers = listOf(tagged(exceptions)[1]["exc_list"]).map((handler) => tagged(handler)[1]);
  if (handlers.length === 0 || handlers.every(({ action }) => raises(listOf(action).at(-1)))) return "always";
  const isQuiet = handlers.every(({ action }) => listOf(action).every(isHarmless));
  if (!isQuiet || statements !== 1) return "maybe";
  const names = handlers
    .flatMap(({ conditions }) => listOf(conditions))
    .map((condition) => {
      const { condname } = tagged(condition)[1];
      return typeof condname === "string" ? condname : "";
    });
  if (names.every((name) => THERE.test(name))) return { kind: "unlessThere" };
  return names.every((name) => NOT_THERE.test(name)) ? { kind: "ifThere" } : "maybe";
}

function raises(statement: unknown): boolean {
  const [tag, { elog_level: level }] = tagged(statement);
  return tag === "stmt_raise" && level === ERROR;
}

function isHarmless(statement: unknown): boolean {
  const [tag] = tagged(statement);
  return tag === "stmt_raise" && !raises(statement);
}

/** Values that say what kind of thing is looked for and where, not which: `relkind = 'r'`, `'BASE TABLE'`. */
const KIND_OR_PLACE = /^(?:.|public|base table|view|foreign key|check|unique|primary key)$/;

/** What a statement runs under; a guard counts for it only when the statement names what the guard looks for. */
export function conditionOf(statement: string, under: Under): Condition | undefined {
  if (under === "always") return undefined;
  if (under === "maybe") return under;
  const { kind, names } = under;
  if (!names) return kind;
  const text = statement.toLowerCase();
  const isNamed = (name: string): boolean =>
    new RegExp(`(?<![\\w$])${name.replaceAll(/\W/g, "\\$&")}(?![\\w$])`).test(text);
  const all = names.every((name) => isNamed(name) || KIND_OR_PLACE.test(name));
  return all && names.some(isNamed) ? kind : "maybe";
}
