import type { InferClause, InsertStmt, Node } from "libpg-query";
import type { Table } from "../catalog/table.ts";
import type { Resolver } from "./resolve.ts";
import type { Column } from "./schema.ts";
import type { Item, Output, Scope } from "./scope.ts";
import { assignmentProblem } from "./types.ts";

/** INSERT: its columns, its values against them, what it takes for a conflict, and what it returns. */
export function resolveInsert(
  resolver: Resolver,
  insert: InsertStmt,
  parent: Scope | undefined,
  ctes: Scope["ctes"],
): Output {
  const target = resolver.target(insert.relation, "insert");
  const named = insert.cols ? resolver.written(insert.cols, target, "insert") : undefined;
  const columns: readonly (Column | undefined)[] = named ?? target.columns;
  checkValues(resolver, insert, target, columns, { items: [], parent, ctes });
  const conflict = insert.onConflictClause;
  const scope: Scope = { items: [target], parent, ctes };
  if (conflict) {
    if (conflict.infer) checkTarget(resolver, conflict.infer, target, scope);
    const excluded: Item = {
      ...target,
      alias: "excluded",
      hidden: new Set(target.columns.map(({ name }) => name)),
    };
    const both: Scope = { ...scope, items: [target, excluded] };
    resolver.assignments(conflict.targetList, target, both);
    resolver.condition(conflict.whereClause, both);
  }
  return resolver.returning(insert.returningClause?.exprs, scope, target);
}

function checkValues(
  resolver: Resolver,
  { selectStmt, cols }: InsertStmt,
  target: Item,
  columns: readonly (Column | undefined)[],
  scope: Scope,
): void {
  if (!selectStmt || !("SelectStmt" in selectStmt)) return;
  const select = selectStmt.SelectStmt;
  const isKnown = cols !== undefined || target.complete;
  const tooMany = (width: number): void => {
    if (isKnown && width > columns.length)
      resolver.problem("arity", `INSERT has more values than ${target.alias} has columns`);
  };
  if (!select.valuesLists) {
    const output = resolver.statement(selectStmt, scope.parent, scope.ctes);
    if (output.complete) tooMany(output.columns.length);
    if (output.complete && cols && output.columns.length < cols.length)
      resolver.problem("arity", "INSERT has fewer values than columns");
    for (const [index, { type }] of output.columns.entries()) {
      const column = columns[index];
      if (output.complete && column?.type !== undefined && type !== undefined)
        resolver.problem("type", assignmentProblem(resolver.schema, { type }, column.type));
    }
    return;
  }
  const inner: Scope = { ...scope, ctes: resolver.with(select.withClause, scope.parent, scope.ctes) };
  for (const list of select.valuesLists) {
    const items: readonly Node[] = "List" in list ? (list.List.items ?? []) : [];
    tooMany(items.length);
    for (const [index, item] of items.entries()) {
      const value = resolver.expression(item, inner);
      const column = isKnown ? columns[index] : undefined;
      if (column?.type !== undefined)
        resolver.problem("type", assignmentProblem(resolver.schema, value, column.type));
    }
  }
}

/** ON CONFLICT needs a unique index over exactly its columns, or the constraint that it names. */
function checkTarget(resolver: Resolver, infer: InferClause, target: Item, scope: Scope): void {
  const { conname, indexElems, whereClause } = infer;
  const relation = target.table && resolver.schema.relation(target.table);
  const table = relation && typeof relation !== "string" ? relation.table : undefined;
  const isKnown = typeof relation === "object" && relation.complete && table !== undefined;
  if (conname !== undefined) {
    const isView = typeof relation === "object" && relation.complete && !table;
    if (isView || (isKnown && !hasConstraint(table, conname)))
      resolver.problem("conflict", `${target.alias} has no constraint ${conname}`);
    return;
  }
  const names: string[] = [];
  let isPlain = true;
  for (const node of indexElems ?? []) {
    if (!("IndexElem" in node)) continue;
    const { name, expr } = node.IndexElem;
    if (name === undefined) isPlain = false;
    else names.push(name);
    const column: Node | undefined =
      name === undefined ? expr : { ColumnRef: { fields: [{ String: { sval: name } }] } };
    resolver.all([column], scope);
  }
  resolver.all([whereClause], scope);
  if (!isKnown || !isPlain || !names.every((name) => target.columns.some((column) => column.name === name)))
    return;
  if (!hasUnique(table, names, whereClause !== undefined))
    resolver.problem("conflict", `no unique index covers ${target.alias} (${names.join(", ")})`);
}

function hasConstraint({ name: table, constraints }: Table, wanted: string): boolean {
  return constraints.some(({ name, type, columns }) => {
    if (name !== undefined) return name === wanted;
    if (type === "primaryKey") return wanted === `${table}_pkey`;
    return wanted.startsWith([table, ...columns].join("_").slice(0, 40));
  });
}

/** Whether a unique index or constraint is over these columns; a partial one serves only what repeats its WHERE. */
function hasUnique(table: Table, names: readonly string[], partial: boolean): boolean {
  const isSame = (columns: readonly string[]): boolean =>
    columns.length === names.length && names.every((name) => columns.includes(name));
  return (
    table.constraints.some(
      ({ type, columns }) => (type === "unique" || type === "primaryKey") && isSame(columns),
    ) ||
    table.indexes.some((index) => index.unique && isSame(index.columns) && (partial || !isPartial(index)))
  );
}

function isPartial(index: object): boolean {
  return "predicate" in index && index.predicate !== undefined;
}
