import {
  type AnnotationFact,
  type ChangedFile,
  type ChangedMigration,
  type FactIndex,
  irreversibleOperations,
  type MigrationFact,
  phaseOfMigration,
  type Reliance,
  standingsOf,
} from "@yantra-lint/core";
import { byPath } from "./by-path.ts";

/** The migrations a change adds, edits or takes away; a file that holds both ways counts as up. Edits of comments are none. */
export function changedMigrations(
  files: readonly ChangedFile[],
  before: FactIndex,
  after: FactIndex,
): ChangedMigration[] {
  const old = byPath(before.of("migration"));
  const own = byPath(after.of("migration"));
  const annotations = byPath(after.of("annotation"));
  const downs = new Set(after.of("migration").filter(isDown).map(identity));
  return files.flatMap((file): ChangedMigration[] => {
    if (file.status === "modified" && file.edit.kind === "comment") return [];
    const facts = own.get(file.path) ?? old.get(file.previousPath ?? file.path) ?? [];
    const ups = facts.filter((fact) => !isDown(fact));
    const direction = ups.length > 0 ? "up" : "down";
    const told = direction === "up" ? ups : facts;
    const [first] = told;
    if (!first) return [];
    const operations = told.flatMap((fact) => fact.operations);
    const phase = phaseOfMigration(operations);
    const hasDown =
      direction === "up" && downs.size > 0 ? ups.every((fact) => downs.has(identity(fact))) : undefined;
    return [
      {
        path: file.path,
        line: file.status === "deleted" ? 1 : first.startLine,
        status: file.status,
        direction,
        phase,
        irreversible: irreversibleOperations(operations).map(({ what }) => what),
        ...(hasDown === undefined ? {} : { hasDown }),
        ...(direction === "up" && phase === "contract" && file.status === "added"
          ? { relies: reliances(annotations.get(file.path) ?? [], after) }
          : {}),
      },
    ];
  });
}

/** The releases (no migrations) that a file's contract annotations name, each once, in the order of the text. */
function reliances(annotations: readonly AnnotationFact[], facts: FactIndex): Reliance[] {
  const releases = annotations.flatMap(({ name, value, options }) =>
    name === "phase" && value === "contract" ? (options["after"] ?? []) : [],
  );
  const migrations = new Set(facts.of("migration").map(({ version }) => version));
  const named = [...new Set(releases)].filter((release) => !migrations.has(release));
  return named.map((release) => ({ release, standings: standingsOf(facts, release) }));
}

function isDown(fact: MigrationFact): boolean {
  return fact.direction === "down";
}

function identity({ stream, version }: MigrationFact): string {
  return JSON.stringify([stream, version]);
}
