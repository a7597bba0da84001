import type { OperationDetails, Range } from "@yantra-lint/core";
import type { CopyStmt, DeleteStmt, InsertStmt, Node, SelectStmt, UpdateStmt, WithClause } from "libpg-query";
import { columnsIn, contains, sourcesIn } from "./expressions.ts";
import { lowered, type Lowered, nameOf, other, strings } from "./lowered.ts";

/** More literal rows than this are no handful. */
const FEW_ROWS = 1000;

export function lowerInsert(insert: InsertStmt, range: Range, raw: Node): Lowered[] {
  const select =
    insert.selectStmt && "SelectStmt" in insert.selectStmt ? insert.selectStmt.SelectStmt : undefined;
  // Literal rows read nothing, and there may be thousands of them.
  const reads = select?.valuesLists ? [] : sourcesIn([insert.selectStmt, insert.withClause]);
  const details: OperationDetails["WriteData"] = {
    table: nameOf(insert.relation),
    verb: "insert",
    rows: rowsOf(select),
    ...(reads.length > 0 ? { reads } : {}),
  };
  return [...writesInWith(insert.withClause, range, raw), lowered("WriteData", details, range, raw)];
}

/** VALUES with a handful of rows, DEFAULT VALUES, and a SELECT of one row of plain values are few. */
function rowsOf(select: SelectStmt | undefined): "few" | "unknown" {
  if (!select) return "few";
  if (select.valuesLists) return select.valuesLists.length <= FEW_ROWS ? "few" : "unknown";
  const single = select.op === "SETOP_NONE" && !select.fromClause && !contains(select.targetList, "FuncCall");
  return single ? "few" : "unknown";
}

export function write(
  relation: Parameters<typeof nameOf>[0],
  verb: OperationDetails["WriteData"]["verb"],
  clause: WithClause | undefined,
  range: Range,
  raw: Node,
): Lowered[] {
  return [
    ...writesInWith(clause, range, raw),
    lowered("WriteData", { table: nameOf(relation), verb, rows: "unknown" }, range, raw),
  ];
}

export function lowerDelete(remove: DeleteStmt, range: Range, raw: Node): Lowered[] {
  const { whereClause, usingClause } = remove;
  const reads = [...columnsIn(whereClause), ...sourcesIn([whereClause, usingClause])];
  const details: OperationDetails["WriteData"] = {
    table: nameOf(remove.relation),
    verb: "delete",
    rows: "unknown",
    ...(whereClause || usingClause ? { reads: [...new Set(reads)] } : {}),
  };
  return [...writesInWith(remove.withClause, range, raw), lowered("WriteData", details, range, raw)];
}

export function lowerUpdate(update: UpdateStmt, range: Range, raw: Node): Lowered[] {
  const set = (update.targetList ?? []).flatMap((node) => ("ResTarget" in node ? [node.ResTarget] : []));
  const sets = set.map(({ name = "", val }) => ({ column: name, from: columnsIn(val) }));
  const empty = nullColumns(update.whereClause);
  const reads = sourcesIn({ ...update, relation: undefined });
  const details: OperationDetails["WriteData"] = {
    table: nameOf(update.relation),
    verb: "update",
    rows: "unknown",
    overwrites: sets.map(({ column }) => column).filter((column) => !empty.includes(column)),
    sets,
    ...(reads.length > 0 ? { reads } : {}),
  };
  return [...writesInWith(update.withClause, range, raw), lowered("WriteData", details, range, raw)];
}

/** Columns that a condition demands to be NULL. */
function nullColumns(condition: Node | undefined): string[] {
  if (!condition) return [];
  if ("BoolExpr" in condition && condition.BoolExpr.boolop === "AND_EXPR") {
    return (condition.BoolExpr.args ?? []).flatMap((part) => nullColumns(part));
  }
  if (!("NullTest" in condition) || condition.NullTest.nulltesttype !== "IS_NULL") return [];
  const { arg } = condition.NullTest;
  return arg && "ColumnRef" in arg ? strings(arg.ColumnRef.fields).slice(-1) : [];
}

/** WITH x AS (INSERT … | UPDATE … | DELETE …). */
export function writesInWith(clause: WithClause | undefined, range: Range, raw: Node): Lowered[] {
  return (clause?.ctes ?? []).flatMap((cte) => {
    const query = "CommonTableExpr" in cte ? cte.CommonTableExpr.ctequery : undefined;
    if (!query) return [];
    if ("InsertStmt" in query) return lowerInsert(query.InsertStmt, range, raw);
    if ("UpdateStmt" in query) return lowerUpdate(query.UpdateStmt, range, raw);
    if ("DeleteStmt" in query) return lowerDelete(query.DeleteStmt, range, raw);
    return [];
  });
}

export function lowerCopy(copy: CopyStmt, range: Range, raw: Node): Lowered {
  if (!copy.is_from) return other(raw, range);
  return lowered("WriteData", { table: nameOf(copy.relation), verb: "copy", rows: "unknown" }, range, raw);
}
