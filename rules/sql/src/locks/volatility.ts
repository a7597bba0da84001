import type { Node } from "libpg-query";
import type { Catalog } from "../catalog/catalog.ts";
import type { SqlFunction } from "../catalog/objects.ts";
import { contains } from "../language/expressions.ts";
import { strings } from "../language/lowered.ts";
import { parseStatement } from "../language/plpgsql.ts";
import { NOT_VOLATILE } from "./functions.generated.ts";

const KNOWN = new Set(NOT_VOLATILE.split(" "));

/**
 * Functions that are known to be volatile: `provolatile` of pg_proc in 18.6; of the extensions uuid-ossp and pgcrypto,
 * what their scripts declare.
 */
const VOLATILE = new Set(
  `clock_timestamp currval gen_random_uuid lastval nextval random random_normal setval timeofday uuidv4 uuidv7
   array_sample array_shuffle set_config current_query txid_status
   uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 gen_random_bytes gen_salt`.split(/\s+/),
);

/** A function that a default calls and that may give another value for each row; `certain`: it is volatile. */
export interface VolatileCall {
  name: string;
  certain: boolean;
}

/**
 * The calls of an expression because of which ADD COLUMN writes every row, as far as the catalog tells how volatile the
 * migrations' own functions are.
 */
export function volatileCallsIn(expression: Node | undefined, catalog: Catalog): VolatileCall[] {
  return callsIn(expression, catalog, new Set());
}

function callsIn(
  expression: Node | undefined,
  catalog: Catalog,
  within: ReadonlySet<SqlFunction>,
): VolatileCall[] {
  return volatileFunctionsIn(expression).flatMap((name) => {
    const [last = "", schema] = name.split(".").toReversed();
    const own = catalog.functionsNamed(last).filter((each) => schema === undefined || each.schema === schema);
    if (own.length === 0) return [{ name, certain: VOLATILE.has(last) }];
    const volatile = own.filter(({ volatility }) => volatility === undefined || volatility === "volatile");
    if (volatile.length === 0) return [];
    const certain =
      volatile.length === own.length && volatile.every((each) => staysVolatile(each, catalog, within));
    return [{ name, certain }];
  });
}

/**
 * Whether a call of a function that says it is volatile is so for certain: in place of one in SQL may stand the
 * expression of its body, which need not be (`inline_function`, PostgreSQL 18, clauses.c).
 */
function staysVolatile(called: SqlFunction, catalog: Catalog, within: ReadonlySet<SqlFunction>): boolean {
  const { language, body } = called;
  if (language !== "sql") return true;
  const statement = body === undefined || within.has(called) ? undefined : parseStatement(body);
  if (!statement) return false;
  if (!("SelectStmt" in statement)) return true;
  const { targetList = [], op = "SETOP_NONE", limitOption: _, ...more } = statement.SelectStmt;
  const [target, ...others] = targetList;
  const value = target && "ResTarget" in target ? target.ResTarget.val : undefined;
  const isExpression = op === "SETOP_NONE" && Object.keys(more).length === 0 && others.length === 0;
  if (!isExpression || !value || contains(value, "SubLink")) return true;
  return callsIn(value, catalog, new Set(within).add(called)).some(({ certain }) => certain);
}

/**
 * The functions of an expression that may give another value for each row: PostgreSQL's own that it marks as
 * volatile, and all that are not its own (extensions and migrations make volatile ones, unless told otherwise).
 * With such a default ADD COLUMN writes every row (PostgreSQL 11 and later).
 */
export function volatileFunctionsIn(expression: Node | undefined): string[] {
  const found = new Set<string>();
  visit(expression, (parts) => {
    const [name = "", schema] = [...parts].reverse();
    const own = schema === undefined || schema === "pg_catalog";
    if (!own || !KNOWN.has(name)) found.add(parts.join("."));
  });
  return [...found];
}

function visit(value: unknown, call: (name: readonly string[]) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, call);
  } else if (isRecord(value)) {
    const { funcname } = value;
    if (isNodes(funcname)) call(strings(funcname));
    for (const child of Object.values(value)) visit(child, call);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isNodes(value: unknown): value is Node[] {
  return Array.isArray(value) && value.every((item) => isRecord(item) && "String" in item);
}
