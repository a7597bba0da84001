import type { QualifiedName } from "@yantra-lint/core";
import type { Table } from "./catalog/table.ts";
import type { OperationNodeOf } from "./language/ast.ts";
import type { SqlSourceCode } from "./language/source-code.ts";
import { areAtOnce, type Maker } from "./later.ts";
import { tableOf } from "./questions.ts";

/**
 * Whether a table that is dropped is made anew at once and from the same: both are the result of CREATE TABLE … AS
 * over a table or view that is still there, so that nothing was in it that is not in the new one.
 */
export function isRebuilt(code: SqlSourceCode, dropped: OperationNodeOf<"DropTable">, again: Maker): boolean {
  if (!areAtOnce(dropped, again)) return false;
  const sources = tableAt(code, dropped, dropped.table)?.derivedFrom ?? [];
  const catalog = code.catalogBefore(again);
  return derivedFrom(code, again).some(
    (name) =>
      sources.includes(name) &&
      (catalog.table({ name }).state === "known" || catalog.view({ name }) !== undefined),
  );
}

/** What the query of CREATE TABLE … AS names that made the table which takes the name. */
function derivedFrom(code: SqlSourceCode, again: Maker): readonly string[] {
  if (again.type === "RenameTable") return tableAt(code, again, again.table)?.derivedFrom ?? [];
  if (again.type !== "CreateTable") return [];
  return again.parent.operations.flatMap((write) => (write.type === "WriteData" ? (write.reads ?? []) : []));
}

function tableAt(
  code: SqlSourceCode,
  operation: OperationNodeOf<"DropTable"> | OperationNodeOf<"RenameTable">,
  name: QualifiedName,
): Table | undefined {
  return tableOf(code.catalogBefore(operation).table(name));
}
