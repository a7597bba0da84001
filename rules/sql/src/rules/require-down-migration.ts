import {
  defineWorkspaceRule,
  type FactIndex,
  irreversibleOperations,
  type Location,
  type MigrationFact,
  type Operation,
  phaseOf,
} from "@yantra-lint/core";
import { listed } from "../release.ts";
import { memoryOf, wayDownOf } from "../runners/index.ts";

const STUCK =
  "a rollback either stops here or leaves the schema as it is while {{runner}} takes it for undone, and the next deployment runs the migration a second time, on a schema that has it already";
const SAY = "say why there is none: `-- @yantra-risk high -- <reason>`";

/** A migration without a way down is where a rollback of the schema ends. */
export default defineWorkspaceRule({
  meta: {
    type: "suggestion",
    docs: {
      description: "Require a down migration where the runner has them",
      recommended: "warn",
      reversible: false,
    },
    schema: [],
    messages: {
      missing: `This migration has no way down: ${STUCK}. Write it {{where}}, or ${SAY}.`,
      empty: `The way down of this migration is empty: ${STUCK}. Undo there what this does, or ${SAY}, or in a comment there.`,
      lost: `The way down of this migration is empty: ${STUCK}. What {{lost}} loses cannot come back, but the columns and tables can, so that the code before finds them; or ${SAY}, or in a comment there.`,
    },
  },
  check({ facts, report }) {
    for (const stream of streamsOf(facts)) {
      const described = stream.filter(({ down }) => isReal(down));
      for (const migration of stream) {
        const { up, down } = migration;
        const where = wayDownOf(up.runner, up.path);
        if (where === undefined || isReal(down)) continue;
        // Who writes no ways down has decided so for all of them.
        const others = stream.length - 1;
        if (others > 0 && described.length * 2 < others) continue;
        if (isExplained(facts, migration)) continue;
        if (down && !leavesTraces(up.operations)) continue;
        const lost = irreversibleOperations(up.operations).map(({ what }) => what);
        report({
          messageId: !down ? "missing" : lost.length > 0 ? "lost" : "empty",
          data: { where, runner: nameOf(up.runner), lost: listed([...new Set(lost)]) },
          location: regionOf(up),
          related: down ? [{ ...regionOf(down), message: "The way down is empty." }] : [],
        });
      }
    }
  },
});

interface Pair {
  up: MigrationFact;
  down: MigrationFact | undefined;
}

/** The up migrations of each stream with their ways down: a section of the same file, or a file of the same version. */
function streamsOf(facts: FactIndex): Pair[][] {
  const migrations = facts.of("migration");
  const streams = new Map<string, Map<string, Pair>>();
  const downs = new Map<string, MigrationFact[]>();
  for (const down of migrations) {
    if (down.direction !== "down") continue;
    for (const key of new Set([down.path, versionKey(down)]))
      downs.set(key, [...(downs.get(key) ?? []), down]);
  }
  for (const up of migrations) {
    // Flyway's repeatable scripts and others without a version have no way down.
    if (up.direction !== "up" || up.version === "") continue;
    const pairs = streams.get(up.stream) ?? new Map<string, Pair>();
    streams.set(up.stream, pairs);
    const own = [...(downs.get(up.path) ?? []), ...(downs.get(versionKey(up)) ?? [])];
    const before = pairs.get(up.path)?.up;
    const joined = before ? { ...before, operations: [...before.operations, ...up.operations] } : up;
    pairs.set(up.path, { up: joined, down: own.find(isReal) ?? own[0] });
  }
  return [...streams.values()].map((pairs) => [...pairs.values()]);
}

function versionKey({ stream, version }: MigrationFact): string {
  return `${stream}\0${version}`;
}

function isReal(down: MigrationFact | undefined): boolean {
  return down !== undefined && down.operations.length > 0;
}

/** What `diesel migration generate`, `sqlx migrate add` and others write into a new file, and their directives. */
const TEMPLATE =
  /^(?:\+|This file should undo anything in|Add down migration script here|SQL in section 'Down' is)/;

function isExplained(facts: FactIndex, { up, down }: Pair): boolean {
  if (down?.comment !== undefined && !TEMPLATE.test(down.comment)) return true;
  return facts
    .of("annotation")
    .some(
      ({ name, value, path }) =>
        name === "risk" && value === "high" && (path === up.path || path === down?.path),
    );
}

/** Whether there is anything to undo: rows that were written, and an enum's new value, are rightly left alone. */
function leavesTraces(operations: readonly Operation[]): boolean {
  return operations.some((operation) => {
    if (operation.kind === "Other" && operation.tag === "AlterEnumStmt") return false;
    const phase = phaseOf(operation);
    return phase === "expand" || phase === "contract";
  });
}

function nameOf(runner: string): string {
  const { title } = memoryOf(runner);
  return title === "The runner" ? "the runner" : title;
}

function regionOf({ path, startLine, startColumn, endLine, endColumn }: MigrationFact): Location {
  return { path, startLine, startColumn, endLine, endColumn };
}
