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
  /** Of an index of some rows. */
  predicate: string | undefined;
  unique: boolean;
  /** A btree of plain columns over all rows, which no constraint owns. */
  plain: boolean;
}

/**
 * The index that a new one takes the place of: the file drops it, before or after, and it has the same name, or begins
 * with the same column and is of no other rows. Of several it is the one that has most columns in common, then the
 * nearest before.
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
    const { table, name, columns, predicate, unique } = dropped;
    if (table && !isSameName(nameBeforeFile(code, drop, table), own)) return [];
    const sameName = operation.name === name;
    const isFirst = isBefore(code, drop, operation);
    const now = isFirst ? renamed(code, drop, operation, columns) : columns;
    const then = isFirst ? operation.columns : renamed(code, operation, drop, operation.columns);
    const common = commonStart(now, then);
    if (!sameName && (common === 0 || areOfOtherRows(code, { drop, predicate }, operation))) return [];
    const same =
      isFirst &&
      dropped.plain &&
      isPlain(operation) &&
      unique === operation.unique &&
      now.join() === then.join() &&
      !isChangedBetween(code, drop, operation, [...columns, ...now]);
    return [{ name, drop: dropped.drop, unique, sameName, same, common, isFirst }];
  });
  const most = Math.max(...found.map(({ common }) => common));
  const alike = found.filter(({ common }) => common === most);
  return (
    found.find(({ same }) => same) ??
    found.find(({ sameName }) => sameName) ??
    alike.findLast(({ isFirst }) => isFirst) ??
    alike[0]
  );
}

/** How many of two lists' first items are the same. */
function commonStart(one: readonly string[], other: readonly string[]): number {
  const end = one.findIndex((item, index) => item !== other[index]);
  return end === -1 ? one.length : end;
}

/** Whether two indexes are of some rows each, and not of the same, whatever their columns were called in between. */
function areOfOtherRows(
  code: SqlSourceCode,
  { drop, predicate }: Pick<Dropped, "drop" | "predicate">,
  operation: CreateIndex,
): boolean {
  if (predicate === undefined || operation.predicate === undefined) return false;
  const isFirst = isBefore(code, drop, operation);
  const [first, last] = isFirst ? [drop, operation] : [operation, drop];
  const [before, after] = isFirst ? [predicate, operation.predicate] : [operation.predicate, predicate];
  return renamed(code, first, last, before.split(/(\W+)/)).join("") !== after;
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
      predicate: index?.predicate,
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
  const { constraint: name, table } = drop;
  return { drop, name, table, columns, predicate: undefined, unique: true, plain: false };
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
  return ` Build it in a migration ${behindItsColumns(code, operation)}before the one that drops ${old} (here line ${line})${another}${then}: otherwise neither is there while it builds${lost}.`;
}

/** Where the file adds a column that the index is of, the index cannot come first of all. */
function behindItsColumns(code: SqlSourceCode, operation: CreateIndex): string {
  const added = operationsOfType(code, operation, "AddColumn").find(
    ({ table, column }) =>
      [...operation.columns, ...(operation.include ?? [])].includes(column.name) &&
      isSameName(table, operation.table),
  );
  if (!added || !isBefore(code, added, operation)) return "";
  return `of its own, after the one that adds ${quotedName(added.column.name)} (here line ${added.loc.start.line}) and `;
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
