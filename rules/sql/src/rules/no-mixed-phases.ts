import { defineWorkspaceRule } from "@yantra-lint/core";
import { mixesOf } from "../preparation.ts";
import { confirmedAfter, listed, placeOf, releasesOf, whereIs } from "../release.ts";

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
        "{{words}} relies on what this release does to {{columns}} only now ({{what}} {{where}}): the release before this one still runs and writes as it did, so a row of the old kind that comes in between fails the migration, and one that comes afterwards is refused, after a rollback too. Make the demand in a migration of a later release; if a release that meets it has shipped already, say so above the statement: `-- @yantra-phase contract after=<that release>`.",
    },
  },
  check({ facts, report }) {
    for (const { steps } of releasesOf(facts)) {
      for (const { kind, words, table, columns, what, demand, preparation } of mixesOf(steps)) {
        if (kind === "prepared" && confirmedAfter(facts, demand) !== undefined) continue;
        const names = listed(columns);
        report({
          messageId: kind,
          data: { words, table, columns: names, what, where: whereIs(preparation, demand) },
          location: placeOf(demand),
          related: [{ ...placeOf(preparation), message: `${names}: ${what} here.` }],
        });
      }
    }
  },
});
