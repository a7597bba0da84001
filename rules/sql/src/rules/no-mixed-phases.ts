import { defineWorkspaceRule } from "@yantra-lint/core";
import { type Mix, mixesOf } from "../preparation.ts";
import { confirmedAfter, isNotNullBefore, listed, placeOf, releasesOf, whereIs } from "../release.ts";

/** Expand and contract of one column in one release leave no moment at which both releases can run. */
export default defineWorkspaceRule({
  meta: {
    type: "problem",
    docs: {
      description: "Disallow preparing a column and putting a demand on it in one release",
      recommended: "warn",
      phase: "contract",
    },
    schema: [],
    messages: {
      added:
        "This release adds {{columns}} ({{where}}), and {{words}} leaves neither NULL nor a default there: the release before this one still runs and does not know of it, so its INSERTs into {{table}} fail, after a rollback too. Keep a default, or allow NULL until a release that writes the column has shipped, and make the demand in a migration of a later one.",
      prepared:
        "{{words}} relies on {{relies}} of {{columns}} that this same release makes ({{what}} {{where}}): the release before this one still runs and writes as it did, so {{refused}}, after a rollback too. Make the demand in a migration of a later release; if a release that meets it has shipped already, say so above the statement: `-- @yantra-phase contract after=<that release>`.",
    },
  },
  check({ facts, base, only, report }) {
    for (const { steps } of releasesOf({ facts, base, only })) {
      for (const mix of mixesOf(steps, (step) => isNotNullBefore(facts, step))) {
        const { kind, words, table, columns, what, demand, preparation } = mix;
        if (kind === "prepared" && confirmedAfter(facts, demand) !== undefined) continue;
        const names = listed(columns);
        report({
          messageId: kind,
          data: { words, table, columns: names, what, where: whereIs(preparation, demand), ...inWords(mix) },
          location: placeOf(demand),
          related: [{ ...placeOf(preparation), message: `${names}: ${what} here.` }],
        });
      }
    }
  },
});

/** What the demand rests on, and what becomes of the rows that the running release writes. */
function inWords({ what, unique, open }: Mix): { relies: string; refused: string } {
  const row = unique ? "a duplicate" : "a row of the old kind";
  return {
    relies: what === "SET DEFAULT" ? "a default" : "a clean-up",
    refused: open
      ? `${row} that comes in between fails the migration, and one that comes afterwards is refused`
      : `${row} that comes afterwards is refused`,
  };
}
