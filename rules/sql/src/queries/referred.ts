import {
  type ConstraintDefinition,
  type FactIndex,
  type Operation,
  type QualifiedName,
  quotedName,
  type Reference,
} from "@yantra-lint/core";
import type { Node } from "libpg-query";
import type { Table } from "../catalog/table.ts";
import { contains, nodesIn } from "../language/expressions.ts";
import { lowerCaseWords } from "../language/lower.ts";
import { nameOf, strings } from "../language/lowered.ts";
import { shortName } from "../names.ts";
import { type Break, isOf, unprepared } from "./broken.ts";
import { type History, historiesOf, type Stage } from "./history.ts";
import { type Query, queriesOf } from "./query.ts";
import type { Schema } from "./schema.ts";
import { isReplacing } from "./strained.ts";

/** A DELETE, or a change of a key, that PostgreSQL refuses as soon as a row of another table refers to its row. */
interface Refusal extends Break {
  /** The foreign key: `orders.user_id refers to users`. */
  key: string;
  /** What the query does to rows. */
  does: string;
  /** What the foreign key could do instead. */
  action: string;
  /** The table that refers. */
  from: string;
}

/**
 * Where the base deletes rows, or changes keys, that a foreign key of the release may refer to. The base does not write
 * the rows that refer, and so takes none of them away first; the release does, while the base still runs, and they
 * are there when its code comes back. Without a base nothing is told.
 */
export function refusalsOf(facts: FactIndex, base: FactIndex | undefined): Refusal[] {
  const queries = (base ? queriesOf(base) : []).filter(
    (query) => query.fact.type === "query" && REMOVING.some((word) => query.words().has(word)),
  );
  if (queries.length === 0) return [];
  const histories = historiesOf(facts, true);
  return histories.flatMap((history) =>
    keysIn(history).flatMap((key) => {
      const { stage, operation, table, constraint, reference } = key;
      if (isTended(queries, table, constraint, history)) return [];
      const from = shortName(table);
      const names = constraint.columns.map(quotedName);
      const columns = names.length > 1 ? ` (${names.join(", ")})` : `.${names.join("")}`;
      const words = `${from}${columns} refers to ${shortName(reference.table)}`;
      return queries.flatMap((query) => {
        const removal = refusedIn(query, key, history);
        if (!removal || !isOf(query, history, histories)) return [];
        const { name, verb } = removal;
        const it = name.name === reference.table.name ? "it" : "what goes with it";
        const what = `to ${verb} ${shortName(name)} while a row of ${from} refers to ${it}: SQLSTATE ${stateOf(reference, verb)}`;
        const [does, action] =
          verb === CHANGE
            ? ["changes the keys of", "ON UPDATE CASCADE"]
            : ["deletes", "ON DELETE CASCADE (or SET NULL, where the column may be NULL)"];
        return [
          { query, stage, operation, problem: { kind: "demand", what }, key: words, does, action, from },
        ];
      });
    }),
  );
}

const REMOVING = ["delete", "merge", "update"];
const DELETE = "delete a row of";
const CHANGE = "change the key of a row of";

/** What RESTRICT refuses has a state of its own since PostgreSQL 18 (commit 086c84b23; measured on 18.6). */
function stateOf({ onDelete, onUpdate }: Reference, verb: string): string {
  const action = verb === CHANGE ? onUpdate : onDelete;
  return action === "RESTRICT" ? "23001, or 23503 before PostgreSQL 18" : "23503";
}

/** A foreign key that a migration of the release makes. */
interface NewKey {
  stage: Stage;
  operation: Operation;
  table: Table;
  constraint: ConstraintDefinition;
  reference: Reference;
}

function keysIn(history: History): NewKey[] {
  const [first] = history.stages;
  if (!first) return [];
  return history.stages.flatMap((stage) =>
    stage.migration.operations.flatMap((operation) => {
      const { kind } = operation;
      if (kind !== "CreateTable" && kind !== "AddColumn" && kind !== "AddConstraint") return [];
      const table = stage.after.table(operation.table);
      const before = table && first.before.table(table);
      if (!table || table.bound || table.temporary || (before && isReplacing(before, history))) return [];
      const last = history.end().table(table);
      return table.constraints.flatMap((constraint): NewKey[] => {
        const { references: reference } = constraint;
        const isThere = [last, before].map((each) =>
          each?.constraints.some((o) => isAsStrict(o, constraint)),
        );
        if (!reference || !isMadeBy(constraint, operation) || !isThere[0] || isThere[1]) return [];
        return [{ stage, operation, table, constraint, reference }];
      });
    }),
  );
}

function isMadeBy({ columns }: ConstraintDefinition, operation: Operation): boolean {
  if (operation.kind === "AddColumn") return columns.join() === operation.column.name;
  if (operation.kind !== "AddConstraint") return operation.kind === "CreateTable";
  return operation.constraint.type === "foreignKey" && columns.join() === operation.constraint.columns.join();
}

/** Whether a foreign key refuses what another one does. */
function isAsStrict(one: ConstraintDefinition, { columns, references }: ConstraintDefinition): boolean {
  const own = one.references;
  return (
    one.enforced !== false &&
    own?.table.name === references?.table.name &&
    one.columns.join() === columns.join() &&
    (isRefused(own?.onDelete) || !isRefused(references?.onDelete)) &&
    (isRefused(own?.onUpdate) || !isRefused(references?.onUpdate))
  );
}

function isRefused(action: Reference["onDelete"]): boolean {
  return action === undefined || action === "RESTRICT";
}

/** Whether the base takes rows that refer away itself, or sets their column, when it was there before. */
function isTended(
  queries: readonly Query[],
  table: Table,
  { columns }: ConstraintDefinition,
  { stages: [first] }: History,
): boolean {
  const before = first?.before.table(table);
  if (!before || !columns.every((column) => before.columns.has(column) || !before.complete)) return false;
  return queries.some(
    (query) =>
      isNaming(query, table.name) &&
      removalsOf(query).some(
        ({ name, sets }) =>
          first?.before.table(name)?.name === table.name &&
          (sets === undefined || columns.some((column) => sets.includes(column))),
      ),
  );
}

function isNaming(query: Query, name: string): boolean {
  const words = query.words();
  return lowerCaseWords(name).every((word) => words.has(word));
}

/** What a query does that the foreign key may refuse. */
function refusedIn(
  query: Query,
  { stage, table, constraint, reference }: NewKey,
  { stages: [first] }: History,
): { name: QualifiedName; verb: string } | undefined {
  const { after } = stage;
  const parent = after.table(reference.table);
  if (!first || !parent || !first.before.table(parent)) return undefined;
  // One that names the table that refers, or its columns when that is the table itself, knows of it.
  const known = parent.name === table.name ? constraint.columns : [table.name];
  if (known.every((name) => isNaming(query, name))) return undefined;
  for (const { name, sets } of removalsOf(query)) {
    const target = after.table(name);
    if (!target || hasTrigger(target, sets)) continue;
    const isOwn = target.name === parent.name && target.schema === parent.schema;
    const isChanged = isOwn && sets?.some((column) => reference.columns.includes(column)) === true;
    const isTaken =
      sets === undefined && (isOwn || (cascades(target, parent, after) && !cascades(target, table, after)));
    const mayFail =
      (isTaken && isRefused(reference.onDelete)) || (isChanged && isRefused(reference.onUpdate));
    if (!mayFail || unprepared(query, first.before).length > 0 || unprepared(query, after).length > 0)
      continue;
    return { name: target, verb: sets ? CHANGE : DELETE };
  }
  return undefined;
}

/** A trigger may take the rows away that refer. */
function hasTrigger({ triggers }: Table, sets: readonly string[] | undefined): boolean {
  const verb = sets ? "update" : "delete";
  return triggers.some(({ events }) => events.some((event) => event.toLowerCase() === verb));
}

/** Whether the rows of a table go when those of another one do, be it by way of others. */
function cascades(gone: Table, table: Table, schema: Schema, seen = new Set<string>()): boolean {
  if (seen.has(table.name)) return false;
  seen.add(table.name);
  return table.constraints.some(({ references }) => {
    if (references?.onDelete !== "CASCADE") return false;
    const next = schema.table(references.table);
    return next !== undefined && (next.name === gone.name || cascades(gone, next, schema, seen));
  });
}

interface Removal {
  name: QualifiedName;
  /** The columns that an UPDATE sets, but those that its condition picks rows by; undefined for a DELETE. */
  sets: readonly string[] | undefined;
}

/** Worked out once for a query: each key asks again. */
const REMOVALS = new WeakMap<Query, readonly Removal[]>();

function removalsOf(query: Query): readonly Removal[] {
  const known = REMOVALS.get(query);
  if (known) return known;
  const found = query.statements().flatMap(removalsIn);
  REMOVALS.set(query, found);
  return found;
}

function removalsIn(statement: Node): Removal[] {
  const merges = nodesIn(statement, "MergeStmt").filter(({ mergeWhenClauses = [] }) =>
    mergeWhenClauses.some(
      (node) => "MergeWhenClause" in node && node.MergeWhenClause.commandType === "CMD_DELETE",
    ),
  );
  return [
    ...[...nodesIn(statement, "DeleteStmt"), ...merges].map(({ relation }) => ({
      name: nameOf(relation),
      sets: undefined,
    })),
    ...nodesIn(statement, "UpdateStmt").map(({ relation, targetList = [], whereClause }) => ({
      name: nameOf(relation),
      sets: targetList.flatMap((node) =>
        "ResTarget" in node && !isPickedBy(whereClause, node.ResTarget.name)
          ? [node.ResTarget.name ?? ""]
          : [],
      ),
    })),
  ];
}

/** `UPDATE t SET id = $1, … WHERE id = $1` changes no key. */
function isPickedBy(condition: Node | undefined, column: string | undefined): boolean {
  if (!condition || !contains(condition, "ColumnRef")) return false;
  return nodesIn(condition, "ColumnRef").some(({ fields }) => strings(fields).at(-1) === column);
}
