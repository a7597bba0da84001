import {
  type ChangedFile,
  type ChangedMigration,
  type FactIndex,
  irreversibleOperations,
  type MigrationFact,
  phaseOfMigration,
} from "@yantra-lint/core";

/**
 * The migrations a change adds, edits or takes away. Edits of comments are none; neither are down migrations on
 * their own, which no deployment runs.
 */
export function changedMigrations(
  files: readonly ChangedFile[],
  before: FactIndex,
  after: FactIndex,
): ChangedMigration[] {
  const old = byPath(before.of("migration"));
  const own = byPath(after.of("migration"));
  const downs = new Set(after.of("migration").filter(isDown).map(identity));
  return files.flatMap((file): ChangedMigration[] => {
    if (file.status === "modified" && file.edit.kind === "comment") return [];
    const facts = own.get(file.path) ?? old.get(file.previousPath ?? file.path) ?? [];
    const ups = facts.filter((fact) => !isDown(fact));
    const [first] = ups;
    if (!first) return [];
    const operations = ups.flatMap((fact) => fact.operations);
    const hasDown = downs.size > 0 ? ups.every((fact) => downs.has(identity(fact))) : undefined;
    return [
      {
        path: file.path,
        line: file.status === "deleted" ? 1 : first.startLine,
        status: file.status,
        phase: phaseOfMigration(operations),
        irreversible: irreversibleOperations(operations).map(({ what }) => what),
        ...(hasDown === undefined ? {} : { hasDown }),
      },
    ];
  });
}

function isDown(fact: MigrationFact): boolean {
  return fact.direction === "down";
}

function identity({ stream, version }: MigrationFact): string {
  return JSON.stringify([stream, version]);
}

function byPath(facts: readonly MigrationFact[]): Map<string, MigrationFact[]> {
  const result = new Map<string, MigrationFact[]>();
  for (const fact of facts) {
    const list = result.get(fact.path);
    if (list) list.push(fact);
    else result.set(fact.path, [fact]);
  }
  return result;
}
