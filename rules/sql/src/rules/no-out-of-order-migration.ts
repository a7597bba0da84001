import { defineWorkspaceRule, type Location, type MigrationFact } from "@yantra-lint/core";
import { compareVersions } from "../release.ts";
import { memoryOf } from "../runners/index.ts";

const BEFORE =
  "This migration is new, and its version {{version}} is before {{last}} ({{path}}), which the base has already";
const RENAME = "Give it a version behind {{last}}";

/** A branch that was merged late brings a migration from before what production has run. */
export default defineWorkspaceRule({
  meta: {
    type: "problem",
    docs: {
      description: "Disallow adding a migration before one that the base already has",
      recommended: "error",
    },
    schema: [
      {
        type: "object",
        properties: {
          late: {
            type: "boolean",
            description: "Report it too where the runner runs such a migration late.",
          },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ late: false }],
    messages: {
      refuses: `${BEFORE}. {{runner}} refuses to migrate a database that has run the later one, so the deployment stops there{{allow}}. ${RENAME}.`,
      skips: `${BEFORE}. {{runner}} never runs it on a database that has run the later one, and says nothing: tests pass, and production lacks what it makes. ${RENAME}.`,
      runs: `${BEFORE}. {{runner}} runs it late on databases that have run the later one, and before it on new ones: what it finds there differs, so tests prove nothing for production. ${RENAME}.`,
    },
  },
  check({ facts, options, report }) {
    const changes = facts.of("changedFile");
    const added = new Set(changes.flatMap(({ status, path }) => (status === "added" ? [path] : [])));
    if (added.size === 0) return;
    const moved = new Set(changes.flatMap(({ status, path }) => (status === "renamed" ? [path] : [])));
    const late = wantsLate(options[0]);
    const lasts = new Map<string, MigrationFact>();
    const fresh: MigrationFact[] = [];
    for (const migration of facts.of("migration")) {
      const { direction, version, stream, path, runner } = migration;
      // Flyway's repeatable scripts have none; a changelog has its own order.
      if (direction !== "up" || version === "" || memoryOf(runner).grows) continue;
      if (added.has(path)) {
        fresh.push(migration);
        continue;
      }
      const last = lasts.get(stream);
      if (!moved.has(path) && (!last || compareVersions(comparable(migration), comparable(last)) > 0))
        lasts.set(stream, migration);
    }
    const reported = new Set<string>();
    for (const migration of fresh) {
      const last = lasts.get(migration.stream);
      if (last?.runner !== migration.runner || reported.has(migration.path)) continue;
      const { title, late: fate, allowLate } = memoryOf(migration.runner);
      if (fate === undefined || (fate === "runs" && !late)) continue;
      if (compareVersions(comparable(migration), comparable(last)) >= 0) continue;
      reported.add(migration.path);
      const data = {
        version: migration.version,
        last: last.version,
        path: last.path,
        runner: title,
        ...(fate === "refuses" ? { allow: allowLate ? `, unless it runs with \`${allowLate}\`` : "" } : {}),
      };
      report({ messageId: fate, data, location: placeOf(migration) });
    }
  },
});

/** Flyway parts the numbers of a version with either. */
function comparable({ runner, version }: MigrationFact): string {
  return runner === "flyway" ? version.replaceAll("_", ".") : version;
}

function wantsLate(option: unknown): boolean {
  return typeof option === "object" && option !== null && "late" in option && option.late === true;
}

function placeOf({ path, startLine, startColumn, endLine, endColumn }: MigrationFact): Location {
  return { path, startLine, startColumn, endLine, endColumn };
}
