import { defineWorkspaceRule } from "@yantra-lint/core";
import { listed, placeOf, releasesOf, whereIs } from "../release.ts";
import { lossesOf } from "../replacement.ts";

/** What a release adds and what it replaces never stand side by side when it drops the old at once. */
export default defineWorkspaceRule({
  meta: {
    type: "problem",
    docs: {
      description: "Disallow dropping a column or table in the release that adds it or its replacement",
      recommended: "error",
      phase: "contract",
      reversible: false,
      supersedes: ["yantra/sql/no-drop-column", "yantra/sql/no-drop-table"],
    },
    schema: [],
    messages: {
      replaced:
        "This release drops {{names}} and adds the replacement, {{added}} ({{where}}): the release before this one still runs and knows only what is dropped, so its queries fail, and a rollback fails with them. Ship a release that writes to both, then one that uses only {{added}}, and drop the old in a migration of a later release.",
      addedAndDropped:
        "This release adds {{names}} ({{where}}) and drops it again: production gets it and loses it in one deployment, with whatever was put into it in between. Leave both out, or drop it in a later release if anything of this one is to use it.",
    },
  },
  check({ facts, base, only, report }) {
    for (const { steps } of releasesOf({ facts, base, only })) {
      for (const { kind, names, drop, others, added, adds } of lossesOf(steps)) {
        report({
          messageId: kind,
          data: { names: listed(names), added, where: whereIs(adds, drop) },
          location: placeOf(drop),
          related: [
            { ...placeOf(adds), message: `${added} is added here.` },
            ...others.map((other, index) => ({
              ...placeOf(other),
              message: `${names[index + 1] ?? ""} is dropped here.`,
            })),
          ],
        });
      }
    }
  },
});
