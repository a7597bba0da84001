import type { ObjectChange, Volatility } from "@yantra-lint/core";
import type { AlterFunctionStmt, CreateFunctionStmt, CreateTrigStmt, DefineStmt, Node } from "libpg-query";
import { named, nameOf, options, strings, textOption } from "./lowered.ts";
import type { StatementSource } from "./statement-text.ts";
import { canonicalType } from "./types.ts";

/** CREATE TYPE of a base type, and CREATE AGGREGATE. */
export function define({ kind, defnames, args, definition }: DefineStmt): ObjectChange[] {
  if (kind === "OBJECT_TYPE") return [{ action: "createOpaqueType", name: named(defnames) }];
  if (kind !== "OBJECT_AGGREGATE") return [];
  const [list] = args ?? [];
  const parameters = list && "List" in list ? list.List.items : [];
  const old = textOption(definition, "basetype");
  return [
    {
      action: "createFunction",
      name: named(defnames),
      what: "aggregate",
      arguments: old === undefined ? inputTypes(parameters) : [old],
      replace: false,
    },
  ];
}

function inputTypes(parameters: readonly Node[] | undefined): string[] {
  return (parameters ?? []).flatMap((node) => {
    if (!("FunctionParameter" in node)) return [];
    const { mode, argType } = node.FunctionParameter;
    return mode === "FUNC_PARAM_OUT" || mode === "FUNC_PARAM_TABLE" ? [] : [canonicalType(argType)];
  });
}

export function createFunction(create: CreateFunctionStmt, source: StatementSource): ObjectChange {
  const as = options(create.options).find(({ defname }) => defname === "as")?.arg;
  const [text] = as && "List" in as ? strings(as.List.items) : [];
  const language = textOption(create.options, "language") ?? (create.sql_body ? "sql" : undefined);
  // A body in SQL's own syntax is not quoted: the whole statement holds it.
  const body = create.sql_body ? source.text.slice(...source.range) : text;
  return {
    action: "createFunction",
    name: named(create.funcname),
    what: create.is_procedure ? "procedure" : "function",
    arguments: inputTypes(create.parameters),
    ...(create.returnType ? { returns: canonicalType(create.returnType) } : {}),
    ...(language === undefined ? {} : { language: language.toLowerCase() }),
    ...(body === undefined ? {} : { body }),
    volatility: volatilityIn(create.options) ?? "volatile",
    replace: create.replace ?? false,
  };
}

const VOLATILITIES: readonly Volatility[] = ["volatile", "stable", "immutable"];

function volatilityIn(nodes: readonly Node[] | undefined): Volatility | undefined {
  const written = textOption(nodes, "volatility");
  return VOLATILITIES.find((known) => known === written);
}

/** ALTER FUNCTION, as far as it says how volatile the function is. */
export function alterFunction({ func, actions }: AlterFunctionStmt): ObjectChange[] {
  const volatility = volatilityIn(actions);
  if (volatility === undefined) return [];
  const { objname, objfuncargs = [], objargs = [], args_unspecified } = func ?? {};
  const types = objfuncargs.length > 0 ? inputTypes(objfuncargs) : objargs.map(typeOf);
  const own = args_unspecified ? {} : { arguments: types };
  return [{ action: "alterFunction", name: named(objname), volatility, ...own }];
}

function typeOf(node: Node): string {
  return canonicalType("TypeName" in node ? node.TypeName : undefined);
}

/** Bits of `timing` and `events` (PostgreSQL 18, catalog/pg_trigger.h, TRIGGER_TYPE_…). */
const EVENTS = [
  [4, "insert"],
  [8, "delete"],
  [16, "update"],
  [32, "truncate"],
] as const;

export function createTrigger(create: CreateTrigStmt): ObjectChange {
  const { timing = 0, events = 0 } = create;
  return {
    action: "createTrigger",
    name: create.trigname ?? "",
    table: nameOf(create.relation),
    function: named(create.funcname),
    events: EVENTS.flatMap(([bit, name]) => (events & bit ? [name] : [])),
    timing: timing & 64 ? "insteadOf" : timing & 2 ? "before" : "after",
    columns: strings(create.columns),
    row: create.row ?? false,
    replace: create.replace ?? false,
  };
}
