import { defineWorkspaceRule } from "@yantra-lint/core";
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
          reason: listed([...new Set(all.map(({ problem }) => problem.what))]),
          way: listed([...new Set(all.map(({ way }) => way))]),
        },
        location: locationOf(stage, operation),
        related: relatedTo(places, "may be refused once this has run."),
      });
    }
  },
});
