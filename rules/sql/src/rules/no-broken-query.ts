import { defineWorkspaceRule } from "@yantra-lint/core";
import { unprepared } from "../queries/broken.ts";
import { reportsOf } from "../queries/break-reports.ts";

/** The running release sends its queries while the migration runs, and until the last of its processes is gone. */
export default defineWorkspaceRule({
  meta: {
    type: "problem",
    docs: {
      description: "Disallow migrations after which PostgreSQL refuses queries of the running release",
      recommended: "error",
      uncertain: ["likely"],
      phase: "contract",
      reversible: false,
      supersedes: [
        "yantra/sql/no-drop-column",
        "yantra/sql/no-drop-table",
        "yantra/sql/no-drop-unique-constraint",
        "yantra/sql/no-rename-column",
        "yantra/sql/no-rename-table",
      ],
    },
    schema: [],
    messages: {
      broken:
        "{{change}}, and the running release depends on how it was: {{uses}}. From the moment this migration has run PostgreSQL refuses {{them}} ({{reason}}), and it does so again when the code alone is rolled back.{{annotation}} Ship a release that does without it first, and migrate in a later one.",
      standing:
        "{{change}}, and the code still depends on how it was: {{uses}}. Once this migration has run PostgreSQL refuses {{them}} ({{reason}}).{{annotation}} Change the code and ship it first, and migrate in a later release.",
      likely:
        "{{change}}, and what looks like a query depends on how it was: {{uses}}. If a running release sends it, PostgreSQL refuses it from the moment this migration has run ({{reason}}), also when the code alone is rolled back.{{annotation}} Ship a release that does without it first, and migrate in a later one.",
    },
  },
  check({ facts, base, report }) {
    for (const { state, ...told } of reportsOf(facts, base, unprepared))
      report({ ...told, messageId: state === "running" ? "broken" : state });
  },
});
