import { defineRule } from "../define.ts";
import { Again } from "../repeatable.ts";

/** IF NOT EXISTS takes the INVALID index that a failed CREATE INDEX CONCURRENTLY leaves for the one that was wanted. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/sql"],
    docs: {
      description: "Disallow CREATE INDEX CONCURRENTLY IF NOT EXISTS without DROP INDEX IF EXISTS before it",
      recommended: false,
      reversible: true,
    },
    schema: [],
    messages: {
      passedOver:
        "When CREATE INDEX CONCURRENTLY fails, it leaves an INVALID index behind, which no query uses and every write keeps up. The next try meets IF NOT EXISTS, passes over it and succeeds, so nobody learns that index {{index}} is of no use. Put `DROP INDEX CONCURRENTLY IF EXISTS {{index}};` before it.",
    },
  },
  create(context) {
    return {
      Section({ span, statements }) {
        // Where all is sent as one query, what cannot run in a transaction stands alone: nothing can go before it.
        if (span === "query") return;
        const again = new Again();
        for (const statement of statements) {
          if (statement.type !== "Statement") continue;
          again.after(statement.raw);
          const index = again.passedOver(statement.raw);
          if (index === undefined) continue;
          context.report({ node: statement, messageId: "passedOver", data: { index } });
        }
      },
    };
  },
});
