import { defineRule } from "../define.ts";
import type { OperationNode, SectionNode, StatementNode } from "../language/ast.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import { Again, type Once } from "../repeatable.ts";
import { runnerName } from "../runners/index.ts";

const STARTS_AGAIN =
  "No transaction holds this migration together. When a later statement fails, this one stays, and the next try starts at the top again";

/** A migration without a transaction fails halfway, and is tried again from its beginning. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/sql"],
    docs: {
      description: "Require that a migration without a transaction can be run a second time",
      recommended: "warn",
    },
    schema: [],
    messages: {
      refused: `${STARTS_AGAIN}: PostgreSQL then refuses {{what}}, so {{runner}} stops here on every try until somebody repairs the schema by hand. {{how}}, or give the statements migrations of their own.`,
      doubled: `${STARTS_AGAIN} and does it a second time: {{what}}. {{how}}, or give the statements migrations of their own.`,
    },
  },
  create(context) {
    return {
      Section(section) {
        const found = firstOnce(context.sourceCode, section);
        if (!found) return;
        const { node, once } = found;
        const runner = runnerName(context.sourceCode.migration?.runner ?? "plain");
        const { messageId, what, how } = once;
        const data = messageId === "refused" ? { what, how, runner } : { what, how };
        context.report({ node, messageId, data });
      },
    };
  },
});

/** The first statement that stays when a later one fails, and cannot be run a second time. One is enough to stop. */
function firstOnce(
  { steps }: SqlSourceCode,
  section: SectionNode,
): { node: StatementNode; once: Once } | undefined {
  if (section.transactional !== false) return undefined;
  const operations = steps.flatMap(({ node, section: place }) => (node && place === section ? [node] : []));
  const units = operations.map(unitOf);
  const last = units.findLast((unit) => unit !== undefined);
  const again = new Again();
  for (const [index, operation] of operations.entries()) {
    const once = again.once(operation.parent.raw);
    const stays = units[index] !== undefined && units[index] !== last;
    if (once && stays) return { node: operation.parent, once };
    again.after(operation.parent.raw);
  }
  return undefined;
}

/** What commits together with an operation: its transaction, or else its statement; settings are nothing to repeat. */
function unitOf({ type, transaction, statement }: OperationNode): string | undefined {
  if (type === "Transaction" || type === "SetParameter") return undefined;
  return typeof transaction === "number" ? `transaction ${transaction}` : `statement ${statement}`;
}
