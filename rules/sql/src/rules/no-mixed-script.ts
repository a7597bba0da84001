import { defineRule } from "../define.ts";
import { flywayRunsOutside } from "../runners/flyway.ts";

/** Flyway refuses a script that holds statements for a transaction and statements that cannot run in one. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/sql"],
    docs: {
      description:
        "Disallow scripts of Flyway that hold CONCURRENTLY, VACUUM and others beside ordinary statements",
      recommended: "warn",
    },
    schema: [],
    messages: {
      mixed:
        'Flyway runs this outside a transaction and the statement in line {{line}} inside one, and it refuses scripts that hold both ("Detected both transactional and non-transactional statements"): the deployment stops here. Give it a script of its own, or say `executeInTransaction=false` in a {{file}}.conf beside this one.',
    },
  },
  create(context) {
    const { sourceCode } = context;
    return {
      Section({ statements }) {
        if (sourceCode.migration?.refusesMixed !== true) return;
        const outside = statements.map(({ range }) => flywayRunsOutside(sourceCode.text.slice(...range)));
        const node = statements[outside.indexOf(true)];
        const other = statements[outside.indexOf(false)];
        if (!node || !other) return;
        const file = context.filename.split(/[/\\]/).at(-1) ?? "";
        context.report({ node, messageId: "mixed", data: { line: String(other.loc.start.line), file } });
      },
    };
  },
});
