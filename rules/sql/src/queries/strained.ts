import type { FactIndex, Operation } from "@yantra-lint/core";
import type { Table } from "../catalog/table.ts";
import { lowerCaseWords } from "../language/lower.ts";
import { type Break, isOf, unprepared } from "./broken.ts";
import { type Demand, keyOf, newDemands, demandInWords } from "./demands.ts";
import { type History, historiesOf, operationThat, type Stage } from "./history.ts";
import { mayBreak } from "./may-break.ts";
import { type Query, queriesOf } from "./query.ts";
import type { Schema } from "./schema.ts";
import { refused } from "./writes.ts";
import { writesOf } from "./written.ts";

/** A write that PostgreSQL takes before a migration, and after it only when its values happen to fit. */
interface Strain extends Break {
  /** What a release has to write before the migration may run. */
  way: string;
}

/**
 * What migrations that the change adds demand of values that a write of the base takes from elsewhere. Not what
 * `refused` and `unprepared` tell for certain, nor what the tables demanded before. Without a base nothing is told:
 * the code at hand was written with the demand in mind, or it was not, and its text does not say which.
 */
export function strainsOf(facts: FactIndex, base: FactIndex | undefined): Strain[] {
  const queries = base ? queriesOf(base) : [];
  if (queries.length === 0) return [];
  const histories = historiesOf(facts, true);
  return histories.flatMap((history) =>
    demandsIn(history).flatMap((made) => {
      const strained = queries.filter(
        (query) => isStrained(query, made, history) && isOf(query, history, histories),
      );
      const { stage, demand, table } = made;
      const operation = strained.length > 0 ? operationOf(made, history) : undefined;
      if (!operation) return [];
      const { what, way } = demandInWords(demand, nameOfTable(table));
      return strained.map((query) => ({ query, stage, operation, problem: { kind: "demand", what }, way }));
    }),
  );
}

/** A demand that a migration of the release makes of a table that was there before. */
interface Made {
  demand: Demand;
  stage: Stage;
  table: Table;
}

function demandsIn(history: History): Made[] {
  const [first] = history.stages;
  if (!first) return [];
  const told = new Set<string>();
  return history.stages.flatMap((stage) =>
    tablesIn(stage).flatMap((name) => {
      const before = first.before.table(name);
      const last = history.end().table(name);
      const table = stage.after.table(name);
      if (!before || !table || !last || isReplacing(before, history)) return [];
      const kept = new Set(newDemands(before, first.before, last, history.end()).map(keyOf));
      return newDemands(before, first.before, table, stage.after).flatMap((demand): Made[] => {
        const key = `${table.schema}.${table.name} ${keyOf(demand)}`;
        if (told.has(key) || !kept.has(keyOf(demand))) return [];
        told.add(key);
        return [{ demand, stage, table }];
      });
    }),
  );
}

/** What makes a demand; undefined for a rename, which is told as such. */
function operationOf({ demand, stage, table }: Made, { stages }: History): Operation | undefined {
  const first = stages[0]?.before;
  const before = first?.table(table);
  if (!first || !before) return undefined;
  const operation = operationThat(stage, (schema) => {
    const now = schema.table(table);
    return (
      now !== undefined &&
      newDemands(before, first, now, schema).some((each) => keyOf(each) === keyOf(demand))
    );
  });
  return operation && demands(operation) ? operation : undefined;
}

type Name = Pick<Table, "schema" | "name">;

/** The tables of which a migration may demand more. */
function tablesIn({ migration, after }: Stage): Name[] {
  const found = new Map<string, Name>();
  for (const operation of migration.operations) {
    if (!demands(operation)) continue;
    const changes = operation.kind === "Other" ? (operation.changes ?? []) : [];
    const names =
      "table" in operation
        ? [operation.table]
        : changes.flatMap((change) =>
            change.action === "alterDomain" ? after.catalog.tablesOfType(change.name) : [],
          );
    for (const table of names.map((name) => after.table(name)))
      if (table) found.set(`${table.schema}.${table.name}`, { schema: table.schema, name: table.name });
  }
  return [...found.values()];
}

/** What asks more of rows. What a rename brings to a column's name is told as the rename that it is. */
function demands(operation: Operation): boolean {
  const { kind } = operation;
  if (kind === "CreateIndex") return operation.unique;
  if (kind === "Other") return operation.changes?.some(({ action }) => action === "alterDomain") === true;
  return kind === "AddConstraint" || kind === "SetNotNull" || kind === "AlterColumnType";
}

/** Whether a release may make anew what it takes from a table that is older than the history, or makes the table. */
export function isReplacing({ complete, name }: Table, { stages }: History): boolean {
  if (complete) return false;
  return stages.some(({ migration }) =>
    migration.operations.some(
      (operation) =>
        operation.kind === "DropIndex" ||
        ((operation.kind === "CreateTable" || operation.kind === "DropConstraint") &&
          operation.table.name === name),
    ),
  );
}

function isStrained(query: Query, { demand, stage, table }: Made, { stages }: History): boolean {
  const words = query.words();
  if (!lowerCaseWords(table.name).every((word) => words.has(word))) return false;
  const { after } = stage;
  const mayFail = writesOf(query).some((write) => {
    const written = after.table(write.table);
    if (written?.name !== table.name || written.schema !== table.schema) return false;
    return mayBreak(write, demand, table, after);
  });
  const first = stages[0]?.before;
  if (!mayFail || !first) return false;
  // What is refused whatever its values are is told by others, and what was refused before is of no use.
  const isTold = (schema: Schema): boolean =>
    unprepared(query, schema).length > 0 || refused(query, schema).length > 0;
  return !isTold(first) && !isTold(after);
}

function nameOfTable({ schema, name }: Name): { schema?: string; name: string } {
  return schema === "public" ? { name } : { schema, name };
}
