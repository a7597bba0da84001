import { displayName } from "@yantra-lint/core";
import { defineRule } from "../define.ts";
import type { OperationNode, SectionNode } from "../language/ast.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import { type BlockingLock, blockingLocks } from "../locks/blocking.ts";
import { TimeoutState } from "../lock-timeout.ts";
import { commentsAbove, isOutOfSight } from "../questions.ts";

const MAX_SECONDS = 10;
const QUEUE =
  "for as long as an older transaction {{uses}} {{table}}, the statement waits, and all {{queue}} on {{table}} queue up behind it";

/** Further timeouts, and what each of them limits. */
const ALSO = {
  statement_timeout: { what: "how long the statement may run" },
  idle_in_transaction_session_timeout: {
    what: "how long its transaction may stay open when the runner hangs or is cut off",
  },
  transaction_timeout: { what: "how long its transaction may take" },
};

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
          also: {
            type: "array",
            items: { enum: Object.keys(ALSO) },
            uniqueItems: true,
            description: "Further settings that have to limit what others may be asked to share.",
          },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ max: MAX_SECONDS, also: [] }],
    messages: {
      missing: `This asks for a lock on {{table}} ({{mode}}) and nothing limits the wait: ${QUEUE}. Put \`{{set}}\` before it, so that it gives up, and let the migration be tried again.`,
      noEffect: `SET LOCAL holds until its transaction ends, and this one stands outside any, so it has no effect. The lock on {{table}} ({{mode}}) in line {{line}} is waited for without limit: ${QUEUE}. Write \`{{set}}\`.`,
      off: `The setting lock_timeout = 0 takes away every limit, and line {{line}} asks for a lock on {{table}} ({{mode}}): ${QUEUE}. Set it to a few seconds, so that the statement gives up, and let the migration be tried again.`,
      tooLong: `This lets line {{line}} wait up to {{value}} for its lock on {{table}} ({{mode}}): ${QUEUE}. Set it to {{max}} seconds at most, so that the statement gives up, and let the migration be tried again.`,
      alsoMissing:
        "This asks for a lock on {{table}} ({{mode}}), and nothing limits {{what}}: all {{queue}} on {{table}} wait for it, until somebody notices. Put `{{set}}` before it, and let the migration be tried again.",
      insert: "Put `{{set}}` before the statement, if this migration has not run yet.",
    },
  },
  create(context) {
    const { sourceCode } = context;
    const max = maxOf(context.options[0]);
    const also = alsoOf(context.options[0]);
    return {
      Section(section) {
        for (const name of also) {
          const without = firstLock(sourceCode, section, (state, operation) =>
            state.isLimited(name, operation) ? undefined : {},
          );
          if (!without) continue;
          const { operation, lock } = without;
          const set = `SET ${typeof operation.transaction === "number" ? "LOCAL " : ""}${name} = '30s';`;
          const { what } = ALSO[name];
          const data = { table: displayName(lock.table), mode: lock.mode, what, queue: queueOf(lock), set };
          context.report({ node: operation, messageId: "alsoMissing", data });
        }
        const found = firstLock(sourceCode, section, (state, operation) =>
          state.unlimited(operation, max * 1000),
        );
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
            queue: queueOf(lock),
            set,
            line: String(operation.loc.start.line),
            value: node?.value ?? "",
            max: String(max),
          },
          // Not a fix: the migration may have run already, and some runners refuse one that changed since.
          suggest:
            kind === "missing" && !("DoStmt" in operation.parent.raw)
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

function queueOf({ mode }: BlockingLock): string {
  return mode === "ACCESS EXCLUSIVE" ? "queries" : "INSERTs, UPDATEs and DELETEs";
}

interface Found {
  operation: OperationNode;
  lock: BlockingLock;
}

/** The first operation of a section that asks for a lock that others can meet, and that `lack` says something of. */
function firstLock<Lack extends object>(
  code: SqlSourceCode,
  { statements }: SectionNode,
  lack: (state: TimeoutState, operation: OperationNode) => Lack | undefined,
): (Found & Lack) | undefined {
  const state = new TimeoutState(code);
  for (const statement of statements) {
    if (statement.type !== "Statement") {
      state.passText({
        range: statement.type === "InvalidStatement" ? statement.statementRange : statement.range,
      });
      continue;
    }
    for (const operation of statement.operations) {
      const lacking = lack(state, operation);
      const lock = lacking && visibleLock(code, operation);
      if (lock) return { ...lacking, operation, lock };
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

function alsoOf(options: unknown): (keyof typeof ALSO)[] {
  const also: unknown =
    typeof options === "object" && options !== null && "also" in options ? options.also : undefined;
  return Array.isArray(also) ? also.filter(isTimeout) : [];
}

function isTimeout(name: unknown): name is keyof typeof ALSO {
  return typeof name === "string" && name in ALSO;
}
