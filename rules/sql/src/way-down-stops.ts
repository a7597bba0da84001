import { displayName, type QualifiedName } from "@yantra-lint/core";
import type { Catalog } from "./catalog/catalog.ts";
import { needsEmptyTable } from "./catalog/table.ts";
import type { OperationNode, OperationNodeOf, ReadStatementNode } from "./language/ast.ts";
import type { SqlSourceCode } from "./language/source-code.ts";
import { shortName } from "./names.ts";
import { isEmptied } from "./required-column.ts";
import { isRiskSaid } from "./risk-annotation.ts";

/**
 * Whether a way down adds a column to a table that was there before the migration, and asks each row for a value. A
 * migration that only ran because the table was empty is taken back before it is used.
 */
export function mayMeetRows(code: SqlSourceCode, operation: OperationNodeOf<"AddColumn">): boolean {
  const { table, column, ifNotExists } = operation;
  if (!needsEmptyTable(column) || isEmptied(code, operation)) return false;
  const way = code.wayBack();
  if (!way || way.isRisky || isRiskSaid(code.comments)) return false;
  const [then, after, now] = [way.before, way.after, code.catalogBefore(operation)].map((catalog) =>
    catalog.table(table),
  );
  if (then?.state !== "known" || after?.state !== "known" || now?.state !== "known") return false;
  if (ifNotExists && now.table.columns.has(column.name)) return false;
  const isOld = [after, now].every((each) => each.table.created === then.table.created);
  return isOld && then.table.emptied === now.table.emptied && now.table.truncated === then.table.truncated;
}

/** What a statement drops without CASCADE although something uses it that it does not drop too: PostgreSQL refuses. */
export function droppedInUse(
  code: SqlSourceCode,
  { operations }: ReadStatementNode,
): { what: string; user: string } | undefined {
  const dropped = operations.flatMap((operation) => droppedBy(operation));
  for (const { operation, kind, name } of dropped) {
    if (operation.condition !== undefined) continue;
    const user = usersOf(code.catalogBefore(operation), kind, name).find(
      (each) => !dropped.some((other) => other.name.name === each.owner.name),
    );
    // Where it is not known what the way down comes behind, later ways down have not run yet.
    if (user) return code.wayBack() && { what: `${kind} ${displayName(name)}`, user: user.text };
  }
  return undefined;
}

interface DroppedThing {
  operation: OperationNode;
  kind: "table" | "type" | "function" | "view";
  name: QualifiedName;
}

function droppedBy(operation: OperationNode): DroppedThing[] {
  if (operation.type === "DropTable" && !operation.cascade)
    return [{ operation, kind: "table", name: operation.table }];
  if (operation.type === "DropView" && !operation.cascade)
    return [{ operation, kind: "view", name: operation.name }];
  if (operation.type !== "Other") return [];
  return (operation.changes ?? []).flatMap((change): DroppedThing[] => {
    if (change.action !== "drop" || change.cascade) return [];
    const { object, name } = change;
    return object === "type" || object === "function" ? [{ operation, kind: object, name }] : [];
  });
}

interface User {
  /** What has to go for the use to end. */
  owner: QualifiedName;
  text: string;
}

/** Those that are certain. */
function usersOf(catalog: Catalog, kind: DroppedThing["kind"], name: QualifiedName): User[] {
  switch (kind) {
    case "type":
      return catalog.tablesOfType(name).map((owner) => ({ owner, text: `table ${shortName(owner)}` }));
    case "function":
      // Of several of one name it is not known which one a trigger calls.
      return catalog.functionsNamed(name.name).length === 1
        ? catalog.triggersCalling(name).map((trigger) => ({
            owner: trigger.table,
            text: `trigger ${trigger.name} of ${shortName(trigger.table)}`,
          }))
        : [];
    case "table":
    case "view":
      return catalog.dependentsOf(name).flatMap((dependent): User[] => {
        if (!dependent.certain) return [];
        if (dependent.kind === "foreignKey" && dependent.table.name !== name.name)
          return [{ owner: dependent.table, text: `a foreign key of ${shortName(dependent.table)}` }];
        if (dependent.kind !== "view" && dependent.kind !== "materializedView") return [];
        return [{ owner: dependent.name, text: `view ${shortName(dependent.name)}` }];
      });
  }
}
