import { defineRule } from "../define.ts";
import type { OperationNode } from "../language/ast.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import { howToLeaveTransaction, memoryOf } from "../runners/index.ts";
import { dropsSeveralConcurrently, refusedInTransaction } from "../transaction-block.ts";

const REFUSED =
  "PostgreSQL refuses {{command}} inside a transaction block, so this migration fails, and every later one waits behind it";

/** dbmate's and sqlx's way out, which does not help where several statements stand behind it. */
const ASKS_FOR_NONE = /^-- (?:no-transaction\b|migrate:up\b.*\btransaction:false\b)/m;

/** CREATE INDEX CONCURRENTLY and its like are refused inside a transaction: the deployment stops there. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/sql"],
    docs: {
      description: "Disallow CONCURRENTLY, VACUUM and others where the migration runs in a transaction",
      recommended: "error",
    },
    schema: [],
    messages: {
      byRunner: `${REFUSED}. {{runner}} runs it in a transaction; to leave that, {{how}}.`,
      byQuery: `${REFUSED}. This one asks for no transaction, but {{runner}} sends its statements as one query, and PostgreSQL runs those in one transaction: give each statement a migration of its own.`,
      byBegin: `${REFUSED}. The migration has begun a transaction itself: move the statement out of BEGIN … COMMIT.`,
      byBlock: `${REFUSED}. What stands between StatementBegin and StatementEnd is sent as one query, which makes it one transaction: take the statement out of there.`,
      several:
        "PostgreSQL drops CONCURRENTLY one index at a time and refuses this statement, in a transaction or not (`DROP INDEX CONCURRENTLY does not support dropping multiple objects`): the migration fails, and every later one waits behind it. Give each index a statement of its own.",
      inBody:
        "{{command}} is refused inside a DO block, with or without a transaction around it: PostgreSQL says `{{command}} cannot be executed from a function`, or that it cannot run inside a transaction block, and the migration stops there. Take the statement out of the block, into a migration that runs outside a transaction.",
    },
  },
  create(context) {
    const check = (operation: OperationNode): void => {
      const command = refusedInTransaction(operation);
      if (command === undefined) return;
      if (dropsSeveralConcurrently(operation.parent)) return;
      if ("DoStmt" in operation.parent.raw)
        return context.report({ node: operation, messageId: "inBody", data: { command } });
      // Nobody knows of "unknown"; null is outside.
      if (typeof operation.transaction !== "number") return;
      const runner = context.sourceCode.migration?.runner ?? "plain";
      if (begunBefore(context.sourceCode, operation)) {
        context.report({ node: operation, messageId: "byBegin", data: { command } });
      } else if (operation.parent.parent.transactional === true) {
        const { title } = memoryOf(runner);
        if (ASKS_FOR_NONE.test(context.sourceCode.text))
          return context.report({ node: operation, messageId: "byQuery", data: { command, runner: title } });
        const data = { command, runner: title, how: wayOut(runner) };
        context.report({ node: operation, messageId: "byRunner", data });
      } else {
        context.report({ node: operation, messageId: "byBlock", data: { command } });
      }
    };
    return {
      Statement(statement) {
        if (dropsSeveralConcurrently(statement)) context.report({ node: statement, messageId: "several" });
      },
      CreateIndex: check,
      DropIndex: check,
      Other: check,
    };
  },
});

/** Whether the text itself begins the transaction, outside one of the runner's. */
function begunBefore({ steps }: SqlSourceCode, { transaction, parent, index }: OperationNode): boolean {
  if (parent.parent.transactional === true && transaction === firstOf(steps, parent.parent)) return false;
  return steps.some(
    ({ node }) =>
      node?.type === "Transaction" &&
      node.verb === "begin" &&
      node.transaction === transaction &&
      node.index < index,
  );
}

/** The transaction that the runner has begun: that of the section's first operation. */
function firstOf(
  steps: SqlSourceCode["steps"],
  section: OperationNode["parent"]["parent"],
): OperationNode["transaction"] | undefined {
  return steps.find((step) => step.section === section && step.node)?.node?.transaction;
}

function wayOut(runner: string): string {
  return howToLeaveTransaction(runner) ?? "give it a migration of its own that runs outside one";
}
