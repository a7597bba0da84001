import { defineRule } from "../define.ts";

/** A statement that PostgreSQL cannot parse stops the deployment when it is reached, not before. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/sql"],
    docs: {
      description: "Disallow SQL that PostgreSQL cannot parse",
      recommended: "error",
    },
    schema: [],
    messages: {
      syntax:
        "PostgreSQL 18 refuses this statement ({{reason}}): the migration stops here in the middle of the deployment. Correct it before it ships.",
      nul: "A NUL character ends the text for PostgreSQL: what follows never runs, and nothing says so. Save the file as UTF-8 without NUL.",
    },
  },
  // A rollback that cannot run is worse than none.
  down: true,
  create(context) {
    return {
      InvalidStatement(statement) {
        context.report({
          node: statement,
          messageId: statement.problem,
          ...(statement.problem === "syntax" ? { data: { reason: statement.message } } : {}),
        });
      },
    };
  },
});
