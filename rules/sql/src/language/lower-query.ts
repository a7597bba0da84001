import type { OperationDetails, Range } from "@yantra-lint/core";
import type { CreateTableAsStmt, IntoClause, Node, SelectStmt, ViewStmt } from "libpg-query";
import { sourcesIn } from "./expressions.ts";
import { constant } from "./lower-session.ts";
import { writesInWith } from "./lower-writes.ts";
import { lowered, type Lowered, nameOf, other, strings } from "./lowered.ts";
import { queryShape } from "./query-shape.ts";

/** SELECT … INTO, `set_config(…)`, and what a WITH writes; any other SELECT gives `Other`. */
export function lowerSelect(select: SelectStmt, range: Range, raw: Node): Lowered[] {
  if (select.intoClause) return createFromQuery(select.intoClause, raw, false, range, raw);
  const [target] = select.targetList ?? [];
  const call = target && "ResTarget" in target ? target.ResTarget.val : undefined;
  if (call && "FuncCall" in call && strings(call.FuncCall.funcname).at(-1) === "set_config") {
    const [name = "", value = "", local = ""] = (call.FuncCall.args ?? []).map(constant);
    return [
      lowered("SetParameter", { name: name.toLowerCase(), value, local: /^t/i.test(local) }, range, raw),
    ];
  }
  const writes = writesInWith(select.withClause, range, raw);
  return writes.length > 0 ? writes : [other(raw, range)];
}

export function lowerView({ view, query, aliases, replace }: ViewStmt, range: Range, raw: Node): Lowered {
  const shape = queryShape(query);
  const details: OperationDetails["CreateView"] = {
    name: nameOf(view),
    materialized: false,
    ...(replace ? { replace } : {}),
    ...(view?.relpersistence === "t" ? { temporary: true } : {}),
    ...(shape ? { query: shape } : {}),
    ...(aliases ? { columnNames: strings(aliases) } : {}),
  };
  return lowered("CreateView", details, range, raw);
}

/** CREATE TABLE … AS and CREATE MATERIALIZED VIEW. */
export function lowerCreateTableAs(create: CreateTableAsStmt, range: Range, raw: Node): Lowered[] {
  if (create.objtype === "OBJECT_MATVIEW") {
    const shape = queryShape(create.query);
    const details: OperationDetails["CreateView"] = {
      name: nameOf(create.into?.rel),
      materialized: true,
      ...(create.if_not_exists ? { ifNotExists: true } : {}),
      ...(shape ? { query: shape } : {}),
      ...(create.into?.colNames ? { columnNames: strings(create.into.colNames) } : {}),
      ...(create.into?.skipData ? { populated: false } : {}),
    };
    return [lowered("CreateView", details, range, raw)];
  }
  return createFromQuery(create.into ?? {}, create.query, create.if_not_exists ?? false, range, raw);
}

/** CREATE TABLE … AS and SELECT … INTO: a table whose columns and rows are the query's. */
function createFromQuery(
  into: IntoClause,
  query: Node | undefined,
  ifNotExists: boolean,
  range: Range,
  raw: Node,
): Lowered[] {
  const table = nameOf(into.rel);
  const shape = queryShape(query);
  const create = lowered(
    "CreateTable",
    {
      table,
      columns: [],
      constraints: [],
      ifNotExists,
      temporary: into.rel?.relpersistence === "t",
      partitioned: false,
      columnsIncomplete: true,
      ...(shape ? { query: shape } : {}),
      ...(into.colNames ? { columnNames: strings(into.colNames) } : {}),
      ...(into.onCommit === "ONCOMMIT_DROP" ? { onCommitDrop: true } : {}),
    },
    range,
    raw,
  );
  if (into.skipData) return [create];
  const reads = sourcesIn(raw).filter((name) => name !== table.name);
  return [create, lowered("WriteData", { table, verb: "insert", rows: "unknown", reads }, range, raw)];
}
