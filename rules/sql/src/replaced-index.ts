import { displayName, type QualifiedName, quotedName } from "@yantra-lint/core";
import type { OperationNode, OperationNodeOf } from "./language/ast.ts";
import type { SqlSourceCode } from "./language/source-code.ts";
import { isBefore, isSameName, nameBeforeFile, operationsAfter, operationsOfType } from "./later.ts";
import { tableOf } from "./questions.ts";

type CreateIndex = OperationNodeOf<"CreateIndex">;

/** An index, or a constraint that has one, which the file drops while it builds another one in its place. */
interface ReplacedIndex {
  /** As messages write it. */
  name: string;
  drop: OperationNodeOf<"DropIndex"> | OperationNodeOf<"DropConstraint">;
  unique: boolean;
  /** The new one has its name. */
  sameName: boolean;
  /** As far as is known the new one differs in nothing but its name, and perhaps those of the columns. */
  same: boolean;
}

/** What is known of an index that is dropped. */
interface Dropped {
  drop: ReplacedIndex["drop"];
  name: string;
  /** Undefined when the history does not tell. */
  table: QualifiedName | undefined;
  columns: readonly string[];
  unique: boolean;
  /** A btree of plain columns over all rows, which no constraint owns. */
  plain: boolean;
}

/**
 * The index that a new one takes the place of: the file drops it, before or after, and it has the same name or begins
 * with the same column.
 */
function replacedBy(code: SqlSourceCode, operation: CreateIndex): ReplacedIndex | undefined {
  const own = nameBeforeFile(code, operation, operation.table);
  const drops = [
    ...operationsOfType(code, operation, "DropIndex"),
    ...operationsOfType(code, operation, "DropConstraint"),
  ];
  const inOrder = drops.sort((a, b) => (isBefore(code, a, b) ? -1 : 1));
  const found = inOrder.flatMap((drop) => {
    const dropped = droppedBy(code, drop);
    if (!dropped) return [];
    const { table, name, columns, unique } = dropped;
    if (table && !isSameName(nameBeforeFile(code, drop, table), own)) return [];
    const sameName = operation.name === name;
    const isFirst = isBefore(code, drop, operation);
    const now = isFirst ? renamed(code, drop, operation, columns) : columns;
    const then = isFirst ? operation.columns : renamed(code, operation, drop, operation.columns);
    if (!sameName && (now.length === 0 || now[0] !== then[0])) return [];
    const same =
      isFirst &&
      dropped.plain &&
      isPlain(operation) &&
      unique === operation.unique &&
      now.join() === then.join() &&
      !isChangedBetween(code, drop, operation, [...columns, ...now]);
    return [{ name, drop: dropped.drop, unique, sameName, same }];
  });
  return found.find(({ same }) => same) ?? found.find(({ sameName }) => sameName) ?? found[0];
}

function droppedBy(code: SqlSourceCode, drop: ReplacedIndex["drop"]): Dropped | undefined {
  const catalog = code.catalogBefore(drop);
  if (drop.type === "DropIndex") {
    const table = catalog.tableOfIndex(drop.name);
    const index = table && tableOf(catalog.table(table))?.indexes.find(({ name }) => name === drop.name.name);
    return {
      drop,
      name: drop.name.name,
      table,
      columns: index?.columns ?? [],
      unique: index?.unique ?? false,
      plain:
        index !== undefined &&
        index.predicate === undefined &&
        index.method === undefined &&
        (index.include ?? index.uses ?? []).length === 0,
    };
  }
  const constraint = tableOf(catalog.table(drop.table))?.constraints.find(
    ({ name }) => name === drop.constraint,
  );
  if (constraint?.type !== "unique" && constraint?.type !== "primaryKey") return undefined;
  const { columns } = constraint;
  return { drop, name: drop.constraint, table: drop.table, columns, unique: true, plain: false };
}

function between(code: SqlSourceCode, from: OperationNode, to: OperationNode): OperationNode[] {
  return operationsAfter(code, from).filter((operation) => isBefore(code, operation, to));
}

/** What columns are called after the renames between two operations. */
function renamed(
  code: SqlSourceCode,
  from: OperationNode,
  to: OperationNode,
  columns: readonly string[],
): readonly string[] {
  return between(code, from, to).reduce(
    (names, operation) =>
      operation.type === "RenameColumn"
        ? names.map((name) => (name === operation.column ? operation.to : name))
        : names,
    columns,
  );
}

/** Whether one of the columns is another one then, or has another type. */
function isChangedBetween(
  code: SqlSourceCode,
  from: OperationNode,
  to: OperationNode,
  columns: readonly string[],
): boolean {
  return between(code, from, to).some(
    (operation) =>
      (operation.type === "DropColumn" || operation.type === "AlterColumnType") &&
      columns.includes(operation.column),
  );
}

/** Whether an index is a btree of columns in plain order, over all rows, and has a name. */
function isPlain({ raw, name, method }: CreateIndex): boolean {
  if (!("IndexStmt" in raw) || name === undefined || method !== undefined) return false;
  const {
    indexParams = [],
    indexIncludingParams = [],
    whereClause,
    options,
    nulls_not_distinct: isStrict,
  } = raw.IndexStmt;
  if (whereClause || indexIncludingParams.length > 0 || options || isStrict === true) return false;
  return indexParams.every(
    (node) =>
      "IndexElem" in node &&
      node.IndexElem.name !== undefined &&
      !node.IndexElem.collation &&
      !node.IndexElem.opclass &&
      (node.IndexElem.ordering ?? "SORTBY_DEFAULT") === "SORTBY_DEFAULT" &&
      (node.IndexElem.nulls_ordering ?? "SORTBY_NULLS_DEFAULT") === "SORTBY_NULLS_DEFAULT",
  );
}

/** What to do about the index that a new one replaces: sentences that begin with a space; empty when there is none. */
export function insteadOfReplacing(code: SqlSourceCode, operation: CreateIndex): string {
  const replaced = replacedBy(code, operation);
  if (!replaced) return "";
  const { drop, unique, sameName, same } = replaced;
  const name = quotedName(replaced.name);
  const line = String(drop.loc.start.line);
  if (same) {
    const instead = sameName
      ? "leave both out, and nothing is built"
      : `ALTER INDEX ${name} RENAME TO ${operation.name === undefined ? displayName(operation.table) : quotedName(operation.name)} in place of both builds nothing`;
    return ` The index ${name}, which line ${line} drops, has the same columns: if it differs in nothing else, ${instead}.`;
  }
  const isConstraint = drop.type === "DropConstraint";
  const old = isConstraint ? `the constraint ${name}` : name;
  const another = sameName ? ", and under another name" : "";
  const then = isConstraint ? "" : `; then DROP INDEX CONCURRENTLY ${name}`;
  const lost = unique ? ", and nothing keeps duplicates out" : "";
  return ` Build it in a migration before the one that drops ${old} (here line ${line})${another}${then}: otherwise neither is there while it builds${lost}.`;
}

/** The same for the index that ADD UNIQUE or ADD PRIMARY KEY builds. */
export function insteadOfUnprotected(
  code: SqlSourceCode,
  operation: OperationNodeOf<"AddConstraint">,
): string {
  const own = nameBeforeFile(code, operation, operation.table);
  const { columns } = operation.constraint;
  const drops = [
    ...operationsOfType(code, operation, "DropConstraint"),
    ...operationsOfType(code, operation, "DropIndex"),
  ];
  for (const drop of drops) {
    const dropped = isBefore(code, drop, operation) ? droppedBy(code, drop) : undefined;
    if (!dropped?.unique || !dropped.table || !isSameName(nameBeforeFile(code, drop, dropped.table), own))
      continue;
    const before = renamed(code, drop, operation, dropped.columns);
    if (!before.some((column) => columns.includes(column))) continue;
    const old =
      drop.type === "DropConstraint"
        ? `the constraint ${quotedName(dropped.name)}`
        : quotedName(dropped.name);
    const line = String(drop.loc.start.line);
    return ` Build the index before ${old} goes, which line ${line} drops: drop that in the transaction that adds the new one, or nothing keeps duplicates out while the index is built.`;
  }
  return "";
}
