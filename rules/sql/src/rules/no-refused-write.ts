import { defineWorkspaceRule } from "@yantra-lint/core";
import { reportsOf } from "../queries/break-reports.ts";
import { refused } from "../queries/writes.ts";

/** What the running release writes must still be allowed when the migration has run. */
export default defineWorkspaceRule({
  meta: {
    type: "problem",
    docs: {
      description: "Disallow demands that rows of the running release cannot meet",
      recommended: "error",
      uncertain: ["likely"],
      phase: "contract",
      reversible: true,
      supersedes: ["yantra/sql/no-required-column-without-default", "yantra/sql/no-demand-on-written-column"],
    },
    schema: [],
    messages: {
      refused:
        "{{change}}, and the running release writes rows that do not fit: {{uses}}. From the moment this migration has run PostgreSQL refuses {{them}} ({{reason}}), and it does so again when the code alone is rolled back.{{annotation}} Ship a release whose writes fit first, or keep a default that fills the column, and demand it in a later release.",
      standing:
        "{{change}}, and the code writes rows that do not fit: {{uses}}. Once this migration has run PostgreSQL refuses {{them}} ({{reason}}).{{annotation}} Change the code and ship it first, or keep a default that fills the column, and demand it in a later release.",
      likely:
        "{{change}}, and what looks like a query writes rows that do not fit: {{uses}}. If a running release sends it, PostgreSQL refuses it from the moment this migration has run ({{reason}}), also when the code alone is rolled back.{{annotation}} Ship a release whose writes fit first, and demand it in a later release.",
    },
  },
  check({ facts, base, report }) {
    for (const { state, ...told } of reportsOf(facts, base, refused))
      report({ ...told, messageId: state === "running" ? "refused" : state });
  },
});
