import { displayName } from "@yantra-lint/core";
import { defineRule } from "../define.ts";
import type { OperationNode, SectionNode } from "../language/ast.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import { type BlockingLock, blockingLocks } from "../locks.ts";
import { TimeoutState, type Unlimited } from "../lock-timeout.ts";
import { commentsAbove, isOutOfSight } from "../questions.ts";

const MAX_SECONDS = 10;
const QUEUE =
  "for as long as an older transaction {{uses}} {{table}}, the statement waits, and all {{queue}} on {{table}} queue up behind it";

/** A statement that waits for its lock makes everybody wait who comes after it. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/sql"],
    docs: {
      description: "Require lock_timeout before a statement whose lock blocks others",
      recommended: false,
      reversible: true,
    },
    hasSuggestions: true,
    schema: [
      {
        type: "object",
        properties: {
          max: {
            type: "number",
            minimum: 0.1,
            description: "The longest wait in seconds that others may be asked to share.",
          },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ max: MAX_SECONDS }],
    messages: {
      missing: `This asks for a lock on {{table}} ({{mode}}) and nothing limits the wait: ${QUEUE}. Put \`{{set}}\` before it, so that it gives up, and let the migration be tried again.`,
      noEffect: `SET LOCAL holds until its transaction ends, and this one stands outside any, so it has no effect. The lock on {{table}} ({{mode}}) in line {{line}} is waited for without limit: ${QUEUE}. Write \`{{set}}\`.`,
      off: `The setting lock_timeout = 0 takes away every limit, and line {{line}} asks for a lock on {{table}} ({{mode}}): ${QUEUE}. Set it to a few seconds, so that the statement gives up, and let the migration be tried again.`,
      tooLong: `This lets line {{line}} wait up to {{value}} for its lock on {{table}} ({{mode}}): ${QUEUE}. Set it to {{max}} seconds at most, so that the statement gives up, and let the migration be tried again.`,
      insert: "Put `{{set}}` before the statement, if this migration has not run yet.",
    },
  },
  create(context) {
    const { sourceCode } = context;
    const max = maxOf(context.options[0]);
    return {
      Section(section) {
        const found = firstLock(sourceCode, section, max * 1000);
        if (!found) return;
        const { operation, lock, kind, node } = found;
        const all = lock.mode === "ACCESS EXCLUSIVE";
        const set = `SET ${typeof operation.transaction === "number" ? "LOCAL " : ""}lock_timeout = '5s';`;
        const at = placeBefore(sourceCode, operation);
        context.report({
          node: node ?? operation,
          messageId: kind,
          data: {
            table: displayName(lock.table),
            mode: lock.mode,
            uses: all ? "uses" : "writes to",
            queue: all ? "queries" : "INSERTs, UPDATEs and DELETEs",
            set,
            line: String(operation.loc.start.line),
            value: node?.value ?? "",
            max: String(max),
          },
          // Not a fix: the migration may have run already, and some runners refuse one that changed since.
          suggest:
            kind === "missing"
              ? [
                  {
                    messageId: "insert",
                    data: { set },
                    fix: (fixer) => fixer.insertTextAfterRange([at, at], `${set}\n`),
                  },
                ]
              : [],
        });
      },
    };
  },
});

interface Found extends Unlimited {
  operation: OperationNode;
  lock: BlockingLock;
}

/** The first operation of a section that may wait too long for a lock that others can meet. */
function firstLock(code: SqlSourceCode, { statements }: SectionNode, max: number): Found | undefined {
  const state = new TimeoutState(code);
  for (const statement of statements) {
    if (statement.type !== "Statement") {
      state.passText({
        range: statement.type === "InvalidStatement" ? statement.statementRange : statement.range,
      });
      continue;
    }
    for (const operation of statement.operations) {
      const unlimited = state.unlimited(operation, max);
      const lock = unlimited && visibleLock(code, operation);
      if (lock) return { ...unlimited, operation, lock };
      state.pass(operation);
    }
  }
  return undefined;
}

function visibleLock(code: SqlSourceCode, operation: OperationNode): BlockingLock | undefined {
  const catalog = code.catalogBefore(operation);
  return blockingLocks(operation, catalog).find(({ table }) => {
    const answer = catalog.table(table);
    // What the history does not tell of may be there all the same, unless the statement itself allows for that.
    const gone = answer.state === "absent" && "ifExists" in operation && operation.ifExists;
    return !gone && !isOutOfSight(answer, operation);
  });
}

/** Before the statement, and before the comments right above it that speak to us or to ESLint. */
function placeBefore(code: SqlSourceCode, { parent }: OperationNode): number {
  const [start] = parent.parent.range;
  const speaking = commentsAbove(code, parent).filter(
    ({ range, text }) => range[0] >= start && /@yantra-|eslint-/.test(text),
  );
  return Math.min(parent.range[0], ...speaking.map(({ range }) => range[0]));
}

function maxOf(options: unknown): number {
  const max = typeof options === "object" && options !== null && "max" in options ? options.max : undefined;
  return typeof max === "number" ? max : MAX_SECONDS;
}
