import { defineRule } from "../define.ts";
import { lostOnTheWay } from "../lost-data.ts";
import { listed } from "../release.ts";
import { isRiskSaid } from "../risk-annotation.ts";
import { differencesOf } from "../rollback.ts";
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
    },
  },
  down: true,
  create(context) {
    const code = context.sourceCode;
    return {
      File({ sections }) {
        const section = sections.find(
          ({ direction, statements }) => direction === "down" && statements.length > 0,
        );
        const [node] = section?.statements ?? [];
        const way = node && code.wayBack();
        if (!node || !way || way.isRisky || code.comments.some(isRiskSaid)) return;
        const { up, down, before, after, back } = way;
        const differences = differencesOf(before, after, back, [...up, ...down]);
        if (differences.length > 0) {
          const data = {
            differences: listed(differences),
            runner: sentence(nameOfRunner(code.migration?.runner ?? "plain")),
          };
          context.report({ node, messageId: "differs", data });
        }
        const lost = lostOnTheWay(before, after, back, down);
        if (lost.length > 0) context.report({ node, messageId: "loses", data: { lost: listed(lost) } });
      },
    };
  },
});

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
