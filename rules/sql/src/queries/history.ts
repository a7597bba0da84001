import {
  DEFAULT_SETTINGS,
  type FactIndex,
  type MigrationFact,
  type Operation,
  type QualifiedName,
} from "@yantra-lint/core";
import type { Catalog } from "../catalog/catalog.ts";
import { fold } from "../catalog/fold.ts";
import { lowerCaseWords } from "../language/lower.ts";
import { upMigrations } from "../release.ts";
import { type Gone, goneAfter, NOTHING_GONE, Schema } from "./schema.ts";

/** A migration between the schemas before and after it. */
export interface Stage {
  migration: MigrationFact;
  before: Schema;
  after: Schema;
}

/** What is to be judged of one stream: the migrations that the change adds, or, without a base, all of them. */
export interface History {
  stream: string;
  stages: readonly Stage[];
  /** After all its migrations; worked out when asked for, where there is nothing to judge. */
  end(): Schema;
}

/** The streams, when one of them has migrations to judge. `released`: there is a base, whose migrations have run. */
export function historiesOf(facts: FactIndex, released: boolean): readonly History[] {
  const known = HISTORIES.get(facts);
  if (known?.released === released) return known.histories;
  const found = foldedHistories(facts, released);
  HISTORIES.set(facts, { released, histories: found });
  return found;
}

/** Worked out once for a run's facts. */
const HISTORIES = new WeakMap<FactIndex, { released: boolean; histories: readonly History[] }>();

function foldedHistories(facts: FactIndex, released: boolean): History[] {
  const added = new Set(
    facts.of("changedFile").flatMap(({ status, path }) => (status === "added" ? [path] : [])),
  );
  const isJudged = ({ path }: MigrationFact): boolean => !released || added.has(path);
  const ups = facts.of("migration").filter(({ direction }) => direction === "up");
  if (!ups.some(isJudged)) return [];
  return [...new Set(ups.map(({ stream }) => stream))].map((stream) => {
    const migrations = upMigrations(facts, stream);
    const earlier = migrations.filter((each) => !isJudged(each));
    if (earlier.length < migrations.length) {
      const stages = stagesOf(earlier, migrations.filter(isJudged));
      return { stream, stages, end: () => lastOf(stages) };
    }
    let end: Schema | undefined;
    return { stream, stages: [], end: () => (end ??= lastOf(stagesOf([], migrations))) };
  });
}

function lastOf(stages: readonly Stage[]): Schema {
  return stages.at(-1)?.after ?? new Schema(fold.initial(DEFAULT_SETTINGS), NOTHING_GONE, []);
}

function stagesOf(earlier: readonly MigrationFact[], judged: readonly MigrationFact[]): Stage[] {
  const schemas = schemasIn([...earlier, ...judged]);
  let catalog = fold.initial(DEFAULT_SETTINGS);
  let gone = NOTHING_GONE;
  const advance = (migration: MigrationFact): Schema => {
    catalog = after(catalog, migration, migration.operations.length);
    gone = migration.operations.reduce(goneAfter, gone);
    return schemaAt(catalog, gone, schemas);
  };
  for (const migration of earlier) advance(migration);
  let before = schemaAt(catalog, gone, schemas);
  return judged.map((migration) => {
    const stage = { migration, before, after: advance(migration) };
    before = stage.after;
    return stage;
  });
}

function schemaAt(catalog: Catalog, gone: Gone, schemas: readonly string[]): Schema {
  return new Schema(catalog.atFileStart(), gone, schemas);
}

function after(catalog: Catalog, migration: MigrationFact, count: number): Catalog {
  const part = { ...migration, operations: migration.operations.slice(0, count) };
  return fold.apply(catalog, [part], { path: migration.path, kind: { name: "migration" } });
}

/** Schemas that migrations name, beside the default one. */
function schemasIn(migrations: readonly MigrationFact[]): readonly string[] {
  const found = new Set<string>();
  for (const { operations } of migrations) {
    for (const operation of operations) {
      if ("table" in operation && operation.table.schema !== undefined) found.add(operation.table.schema);
      if (operation.kind === "SetParameter" && operation.name === "search_path") {
        for (const name of operation.value.split(",")) found.add(name.trim().replaceAll('"', ""));
      }
    }
  }
  found.delete("public");
  found.delete("");
  return [...found];
}

/** The operation of a migration after which something holds that did not hold before it, the last one of them. */
export function operationThat(stage: Stage, holds: (schema: Schema) => boolean): Operation | undefined {
  const { migration, before, after: last } = stage;
  let gone = before.gone;
  const states = migration.operations.map((operation, index) => {
    gone = goneAfter(gone, operation);
    return last.with(after(before.catalog.aside(), migration, index + 1).atFileStart(), gone);
  });
  const index = states.findLastIndex((state, at) => holds(state) && !holds(states[at - 1] ?? before));
  return migration.operations[index];
}

/** The words of the relations, types and functions that a stage may take from a query. */
export function wordsTaken({ migration, before }: Stage): ReadonlySet<string>[] {
  const names = new Set<string>();
  const relation = (name: QualifiedName): void => {
    if (names.has(name.name)) return;
    names.add(name.name);
    for (const { kind, name: view } of before.catalog.dependentsOf(name)) {
      if (kind === "view" || kind === "materializedView") relation(view);
    }
  };
  for (const operation of migration.operations) takenBy(operation, before, names, relation);
  return [...names].map((name) => new Set(lowerCaseWords(name)));
}

function takenBy(
  operation: Operation,
  { catalog }: Schema,
  names: Set<string>,
  relation: (name: QualifiedName) => void,
): void {
  switch (operation.kind) {
    case "DropTable":
    case "RenameTable":
    case "SetSchema":
    case "DropColumn":
    case "RenameColumn":
    case "AlterColumnType":
    case "AddColumn":
    case "SetNotNull":
    case "DropDefault":
    case "AddConstraint":
    case "DropConstraint":
    case "RenameConstraint":
      return relation(operation.table);
    case "CreateView":
    case "DropView":
      return relation(operation.name);
    case "DropIndex": {
      const table = catalog.tableOfIndex(operation.name);
      return table && relation(table);
    }
    case "Other":
      for (const change of operation.changes ?? []) {
        if (change.action === "renameEnumValue") names.add(change.value);
        else if (change.action === "drop" || change.action === "rename" || change.action === "setSchema")
          relation(change.name);
        else if (change.action === "renameViewColumn") relation(change.name);
        else if (change.action === "alterDomain") catalog.tablesOfType(change.name).forEach(relation);
      }
      return;
    default:
  }
}
