import type { QualifiedName } from "@yantra-lint/core";
import type { Node, SelectStmt } from "libpg-query";
import type { OperationNodeOf } from "./language/ast.ts";
import { nameOf } from "./language/lowered.ts";
import { isSameName } from "./later.ts";

/**
 * Whether a view reads one table only and can be written to as well: PostgreSQL makes those updatable whose query
 * has one table in FROM and no WITH, DISTINCT, GROUP BY, HAVING, LIMIT, OFFSET or set operation (PostgreSQL 18,
 * CREATE VIEW, "Updatable Views"). Aggregates and window functions in the list of columns are not looked for.
 */
export function isUpdatableViewOf(view: OperationNodeOf<"CreateView">, table: QualifiedName): boolean {
  const query = "ViewStmt" in view.raw ? selectOf(view.raw.ViewStmt.query) : undefined;
  const [from, ...others] = query?.fromClause ?? [];
  if (!query || !from || others.length > 0 || !("RangeVar" in from)) return false;
  const simple =
    query.op === "SETOP_NONE" &&
    !query.withClause &&
    !query.distinctClause &&
    !query.groupClause &&
    !query.havingClause &&
    !query.limitCount &&
    !query.limitOffset;
  return simple && isSameName(nameOf(from.RangeVar), table);
}

function selectOf(node: Node | undefined): SelectStmt | undefined {
  return node && "SelectStmt" in node ? node.SelectStmt : undefined;
}
