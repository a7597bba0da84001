import { displayName } from "@yantra-lint/core";
import type { SqlRuleContext } from "../define.ts";
import { defineRule } from "../define.ts";
import type { OperationNodeOf } from "../language/ast.ts";
import { tokenize } from "../language/scanner.ts";
import { isOutOfSight, tableOf } from "../questions.ts";
import { howToLeaveTransaction } from "../runners/index.ts";

const BLOCKED =
  "CREATE INDEX on {{table}} holds a SHARE lock while it reads the whole table: every INSERT, UPDATE and DELETE waits until the index is built.";

/** CREATE INDEX blocks all writes to the table for as long as the build takes. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/sql"],
    docs: {
      description: "Require CONCURRENTLY for an index on a table that may hold rows",
      recommended: "error",
      phase: "expand",
      reversible: true,
    },
    hasSuggestions: true,
    schema: [],
    messages: {
      blocksWrites: `${BLOCKED} Use CREATE INDEX CONCURRENTLY.`,
      inTransaction: `${BLOCKED} Use CREATE INDEX CONCURRENTLY; it cannot run in a transaction, so {{how}}.`,
      addConcurrently:
        "Build it with CONCURRENTLY, if this migration has not run yet and runs outside a transaction.",
    },
  },
  create(context) {
    return {
      CreateIndex(operation) {
        if (operation.concurrently || operation.only || isHarmless(context, operation)) return;
        const { transaction, range } = operation;
        const table = displayName(operation.table);
        const index = tokenize(context.sourceCode.text, ...range).find(
          (token) => token.end - token.start === 5,
        );
        const at = index?.end ?? range[0];
        context.report({
          node: operation,
          ...(transaction === null
            ? { messageId: "blocksWrites", data: { table } }
            : { messageId: "inTransaction", data: { table, how: wayOut(context, operation) } }),
          // Not a fix: the migration may have run already, and some runners refuse one that changed since.
          suggest:
            typeof transaction === "number"
              ? []
              : [
                  {
                    messageId: "addConcurrently",
                    fix: (fixer) => fixer.insertTextAfterRange([at, at], " CONCURRENTLY"),
                  },
                ],
        });
      },
    };
  },
});

/**
 * Tables that nobody sees yet, partitioned ones, whose index cannot be built concurrently, materialized views, which
 * nobody writes to, and an index that is there already.
 */
function isHarmless({ sourceCode }: SqlRuleContext, operation: OperationNodeOf<"CreateIndex">): boolean {
  const catalog = sourceCode.catalogBefore(operation);
  const answer = catalog.table(operation.table);
  if (isOutOfSight(answer, operation) || tableOf(answer)?.partitioned) return true;
  if (catalog.view(operation.table)?.kind === "materializedView") return true;
  const { ifNotExists, name, table } = operation;
  return ifNotExists && name !== undefined && catalog.hasIndex({ ...table, name });
}

function wayOut({ sourceCode }: SqlRuleContext, operation: OperationNodeOf<"CreateIndex">): string {
  const section = operation.parent.parent;
  if (section.transactional === false) return "move it out of BEGIN … COMMIT";
  const runner = sourceCode.migration?.runner ?? "plain";
  return howToLeaveTransaction(runner) ?? "give it a migration of its own that runs outside one";
}
