import type { QualifiedName } from "@yantra-lint/core";
import { defineRule } from "../define.ts";
import { exclusiveLockBefore, exclusiveLocksOf } from "../held-locks.ts";
import type { OperationNode } from "../language/ast.ts";
import { isSameName } from "../later.ts";
import { shortName } from "../names.ts";

/** Whoever holds one table and waits for the next makes everybody wait for both, or gets into a deadlock. */
export default defineRule({
  meta: {
    type: "suggestion",
    languages: ["yantra/sql"],
    docs: {
      description: "Disallow ACCESS EXCLUSIVE locks on several tables in one transaction",
      recommended: false,
      phase: "expand",
      reversible: true,
    },
    schema: [],
    messages: {
      several:
        "This asks for an ACCESS EXCLUSIVE lock on {{table}} while its transaction still holds the one on {{held}} from line {{line}}: until an older transaction is done with {{table}}, every query on {{held}} waits as well, and one that uses {{table}} first and then {{held}} ends in a deadlock. Change each table in a migration of its own.",
    },
  },
  create(context) {
    const code = context.sourceCode;
    /** One finding for a transaction: it falls apart into as many as there are tables. */
    const told = new Set<OperationNode["transaction"]>();
    return {
      Statement({ operations }) {
        for (const operation of operations) {
          if (told.has(operation.transaction)) continue;
          const held = exclusiveLockBefore(code, operation);
          const isHeld = (table: QualifiedName): boolean =>
            held?.tables.some((other) => isSameName(other, table)) === true;
          const table = held && exclusiveLocksOf(code, operation).find((wanted) => !isHeld(wanted));
          const [first] = held?.tables ?? [];
          if (!held || !table || !first) continue;
          told.add(operation.transaction);
          const data = {
            table: shortName(table),
            held: shortName(first),
            line: String(held.by.loc.start.line),
          };
          context.report({ node: operation, messageId: "several", data });
        }
      },
    };
  },
});
