import { displayName } from "@yantra-lint/core";
import { defineRule } from "../define.ts";
import { lostOnTheWay } from "../lost-data.ts";
import { listed } from "../release.ts";
import { isRiskSaid } from "../risk-annotation.ts";
import { differencesOf } from "../rollback.ts";
import { dropsSeveralConcurrently } from "../transaction-block.ts";
import { droppedInUse, mayMeetRows } from "../way-down-stops.ts";
import { nameOfRunner } from "../ways-down.ts";

/** A way down that leads elsewhere is found out on the night it is needed. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/sql"],
    docs: {
      description: "Enforce that a down migration leads back to the schema from before",
      recommended: "warn",
      reversible: false,
    },
    schema: [],
    messages: {
      differs:
        "This way down does not lead back: after it, {{differences}}. {{runner}} then takes the migration for undone: the code from before meets a schema that it does not know, and the next deployment runs the migration on it. Undo the rest here, or say why it cannot be: `-- @yantra-risk high -- <reason>`.",
      loses:
        "This way down drops {{lost}} and makes it anew, empty: the data from before the migration are gone, though the migration has not touched them. Change it in place, or copy what it holds before.",
      stops:
        "This way down stops here as soon as {{table}} has rows, and the rollback with it: {{column}} is added NOT NULL and without a default, so PostgreSQL has no value for them (`contains null values`). Give it a DEFAULT, or add it without NOT NULL, fill it, and set NOT NULL then.",
      stopsAtSeveral:
        "This way down stops here, and the rollback with it: PostgreSQL drops CONCURRENTLY one index at a time (`DROP INDEX CONCURRENTLY does not support dropping multiple objects`). Give each index a statement of its own.",
      stopsAtUse:
        "This way down stops here, and the rollback with it: {{user}} still uses {{what}}, and PostgreSQL drops nothing that is in use (`other objects depend on it`). Let go first what the way up made last.",
    },
  },
  down: true,
  create(context) {
    const code = context.sourceCode;
    // What comes behind the first stop does not run.
    let stopped = false;
    return {
      File({ sections }) {
        const section = sections.find(
          ({ direction, statements }) => direction === "down" && statements.length > 0,
        );
        const [node] = section?.statements ?? [];
        const way = node && code.wayBack();
        if (!node || !way || way.isRisky || isRiskSaid(code.comments)) return;
        const differences = differencesOf(way);
        if (differences.length > 0) {
          const data = {
            differences: inClauses(differences),
            runner: sentence(nameOfRunner(code.migration?.runner ?? "plain")),
          };
          context.report({ node, messageId: "differs", data });
        }
        const lost = lostOnTheWay(way);
        if (lost.length > 0) context.report({ node, messageId: "loses", data: { lost: listed(lost) } });
      },
      AddColumn(operation) {
        if (stopped || operation.direction !== "down" || !mayMeetRows(code, operation)) return;
        stopped = true;
        const data = { table: displayName(operation.table), column: operation.column.name };
        context.report({ node: operation, messageId: "stops", data });
      },
      Statement(statement) {
        if (stopped || statement.parent.direction !== "down") return;
        const inUse = droppedInUse(code, statement);
        stopped = inUse !== undefined || dropsSeveralConcurrently(statement);
        if (inUse) context.report({ node: statement, messageId: "stopsAtUse", data: inUse });
        else if (stopped) context.report({ node: statement, messageId: "stopsAtSeveral" });
      },
    };
  },
});

/** Up to four, else the first three: each has a verb of its own, and some an "and". */
function inClauses(differences: readonly string[]): string {
  if (differences.length <= 4) return differences.join("; ");
  return [...differences.slice(0, 3), `and ${differences.length - 3} more`].join("; ");
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
