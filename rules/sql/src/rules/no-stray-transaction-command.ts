import { defineRule } from "../define.ts";
import type { OperationNodeOf, SectionNode } from "../language/ast.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import { runnerName } from "../runners/index.ts";

type Command = OperationNodeOf<"Transaction">;

const WARNS =
  "{{Runner}} has begun a transaction already{{shared}}, so PostgreSQL answers this BEGIN with a warning and begins none";
const AFTER =
  "what was done up to there stays whatever fails afterwards, and the record that {{runner}} writes of the migration is no part of it";

/** BEGIN and COMMIT in a migration whose transaction is the runner's, and BEGIN without an end. */
export default defineRule({
  down: true,
  meta: {
    type: "problem",
    languages: ["yantra/sql"],
    docs: {
      description:
        "Disallow BEGIN, COMMIT and ROLLBACK that meet the runner's own transaction, or that nothing ends",
      recommended: "warn",
    },
    schema: [],
    messages: {
      nested: `${WARNS}. The {{end}} in line {{line}} then ends that of {{runner}}: ${AFTER}{{others}}. Leave both out.`,
      useless: `${WARNS}: what looks like a transaction of its own is none. Leave it out.`,
      commits: `This COMMIT ends the transaction that {{runner}} has begun{{shared}}: ${AFTER}{{others}}. Leave it out, and give what must commit first a migration of its own.`,
      undoes:
        "This ROLLBACK undoes all that stands before it and ends the transaction that {{runner}} has begun{{shared}}. {{Runner}} then records the migration as run, so what was undone is never done again. Leave it out.",
      unclosed:
        "Nothing ends this transaction. It stays open after the migration, with all locks it has taken, and PostgreSQL undoes it when the connection closes, unless something that {{runner}} does later happens to commit it. Put COMMIT behind the last statement that belongs to it.",
    },
  },
  create(context) {
    return {
      Section(section) {
        const runner = runnerName(context.sourceCode.migration?.runner ?? "plain");
        const data = {
          runner,
          Runner: runner.charAt(0).toUpperCase() + runner.slice(1),
          shared: section.span === "run" ? ", one for all pending migrations" : "",
          others:
            section.span === "run" ? ", and the migrations that run after it have no transaction at all" : "",
        };
        for (const { messageId, node, end } of strays(context.sourceCode, section)) {
          const more = end ? { end: nameOf(end), line: String(end.loc.start.line) } : {};
          context.report({ node, messageId, data: { ...data, ...more } });
        }
      },
    };
  },
});

interface Stray {
  messageId: "nested" | "useless" | "commits" | "undoes" | "unclosed";
  node: Command;
  end?: Command;
}

/** Follows whose transaction is open. Of a runner that is not known, only what nothing ends is told. */
function strays({ steps }: SqlSourceCode, section: SectionNode): Stray[] {
  const found: Stray[] = [];
  const runs = section.transactional === true && section.span !== "query";
  let runners = runs;
  let own: Command | undefined;
  let nested: Command | undefined;
  for (const { node, section: place } of steps) {
    // A COMMIT in the body of a procedure is none of the file's.
    if (place !== section || node?.type !== "Transaction" || !("TransactionStmt" in node.raw)) continue;
    if (node.verb === "begin") {
      if (runners) nested ??= node;
      else own ??= node;
    } else if (node.verb === "commit" || node.verb === "rollback") {
      // AND CHAIN begins the next one at once, which the runner then ends.
      if (node.raw.TransactionStmt.chain) continue;
      if (runners && nested) found.push({ messageId: "nested", node: nested, end: node });
      else if (runners) found.push({ messageId: node.verb === "commit" ? "commits" : "undoes", node });
      runners = false;
      own = nested = undefined;
    }
  }
  if (nested) found.push({ messageId: "useless", node: nested });
  // What was not read may hold the end.
  const allRead = section.statements.every(({ type }) => type === "Statement");
  if (own && allRead) found.push({ messageId: "unclosed", node: own });
  return found;
}

function nameOf({ verb }: Command): string {
  return verb === "rollback" ? "ROLLBACK" : "COMMIT";
}
