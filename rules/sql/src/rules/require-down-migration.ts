import {
  defineWorkspaceRule,
  type FactIndex,
  irreversibleOperations,
  type Operation,
  phaseOf,
} from "@yantra-lint/core";
import { listed } from "../release.ts";
import { wayDownOf } from "../runners/index.ts";
import { isReal, isSaidToBeRisky, nameOfRunner, type Pair, pairsOf, regionOf } from "../ways-down.ts";

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
    for (const stream of pairsOf(facts)) {
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
          data: { where, runner: nameOfRunner(up.runner), lost: listed([...new Set(lost)]) },
          location: regionOf(up),
          related: down ? [{ ...regionOf(down), message: "The way down is empty." }] : [],
        });
      }
    }
  },
});

/** What `diesel migration generate`, `sqlx migrate add` and others write into a new file, and their directives. */
const TEMPLATE =
  /^(?:\+|This file should undo anything in|Add down migration script here|SQL in section 'Down' is)/;

function isExplained(facts: FactIndex, pair: Pair): boolean {
  const { down } = pair;
  if (down?.comment !== undefined && !TEMPLATE.test(down.comment)) return true;
  return isSaidToBeRisky(facts, pair);
}

/** Whether there is anything to undo: rows that were written, and an enum's new value, are rightly left alone. */
function leavesTraces(operations: readonly Operation[]): boolean {
  return operations.some((operation) => {
    if (operation.kind === "Other" && operation.tag === "AlterEnumStmt") return false;
    const phase = phaseOf(operation);
    return phase === "expand" || phase === "contract";
  });
}
