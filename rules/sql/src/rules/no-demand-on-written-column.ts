import { defineWorkspaceRule } from "@yantra-lint/core";
import { refusalsOf } from "../queries/referred.ts";
import { byOperation, changeOf, locationOf, placesOf, relatedTo, usesInWords } from "../queries/report.ts";
import { strainsOf } from "../queries/strained.ts";
import { confirmedAfter, listed } from "../release.ts";

/** Values that the running release takes from elsewhere may not meet a new demand: only an earlier release can see to it. */
export default defineWorkspaceRule({
  meta: {
    type: "problem",
    docs: {
      description:
        "Disallow demands on columns that the running release fills with values nobody has limited",
      recommended: "warn",
      phase: "contract",
      reversible: true,
      supersedes: ["yantra/sql/no-mixed-phases"],
    },
    schema: [],
    messages: {
      strained:
        "{{change}}, and the running release writes there what its text does not limit: {{uses}}. From the moment this migration has run PostgreSQL refuses {{reason}}; and it does so again when the code alone is rolled back. Ship a release first that {{way}}, and demand it in a later one. If an earlier release does so already, write `-- @yantra-phase contract after=<release>` above the statement.",
      likely:
        "{{change}}, and what looks like a query writes there what its text does not limit: {{uses}}. If a running release sends it, PostgreSQL refuses, from the moment this migration has run, {{reason}}; also when the code alone is rolled back. Ship a release first that {{way}}, and demand it in a later one. If an earlier release does so already, write `-- @yantra-phase contract after=<release>` above the statement.",
      refers:
        "From now on {{keys}}, and the running release {{does}} such rows: {{uses}}. As soon as a row refers to one of them, and the new release writes such, PostgreSQL refuses {{reason}}; and it does so again when the code alone is rolled back. Give the foreign key {{action}}, or ship a release first that takes the rows of {{from}} away itself, and write some in a later one. If an earlier release does so already, write `-- @yantra-phase contract after=<release>` above the statement.",
      likelyRefers:
        "From now on {{keys}}, and what looks like a query {{does}} such rows: {{uses}}. If a running release sends it, PostgreSQL refuses, as soon as a row refers to one of them, and the new release writes such, {{reason}}; also when the code alone is rolled back. Give the foreign key {{action}}, or ship a release first that takes the rows of {{from}} away itself, and write some in a later one. If an earlier release does so already, write `-- @yantra-phase contract after=<release>` above the statement.",
    },
  },
  check({ facts, base, report }) {
    for (const { operation, stage, all, queries, certain } of byOperation(strainsOf(facts, base))) {
      if (confirmedAfter(facts, { operation, migration: stage.migration }) !== undefined) continue;
      const places = placesOf(queries, facts);
      report({
        messageId: certain ? "strained" : "likely",
        data: {
          change: changeOf(operation),
          uses: usesInWords(places),
          reason: listedOnce(all, ({ problem }) => problem.what),
          way: listedOnce(all, ({ way }) => way),
        },
        location: locationOf(stage, operation),
        related: relatedTo(places, "may be refused once this has run."),
      });
    }
    for (const { operation, stage, all, queries, certain, from } of byOperation(refusalsOf(facts, base))) {
      if (confirmedAfter(facts, { operation, migration: stage.migration }) !== undefined) continue;
      const places = placesOf(queries, facts);
      report({
        messageId: certain ? "refers" : "likelyRefers",
        data: {
          keys: listedOnce(all, ({ key }) => key),
          does: listedOnce(all, ({ does }) => does),
          uses: usesInWords(places),
          reason: listedOnce(all, ({ problem }) => problem.what),
          action: listedOnce(all, ({ action }) => action),
          from,
        },
        location: locationOf(stage, operation),
        related: relatedTo(places, "may be refused once rows refer to its own."),
      });
    }
  },
});

/** The words for each, the same ones once. */
function listedOnce<T>(all: readonly T[], words: (each: T) => string): string {
  return listed([...new Set(all.map(words))]);
}
