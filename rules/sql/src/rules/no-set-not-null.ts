import { displayName } from "@yantra-lint/core";
import type { Table } from "../catalog/table.ts";
import { defineRule } from "../define.ts";
import type { OperationNodeOf } from "../language/ast.ts";
import { isOutOfSight, tableOf } from "../questions.ts";
import { shutsOutInserts } from "../required-column.ts";

const LOCKED =
  "SET NOT NULL on {{table}}.{{column}} reads the whole table under an ACCESS EXCLUSIVE lock: every query on {{table}}, reads included, waits until it is done.";

/** SET NOT NULL scans the table under the strongest lock, unless a valid CHECK proves the column to be full. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/sql"],
    docs: {
      description: "Disallow SET NOT NULL that has to scan the table",
      recommended: "error",
      phase: "contract",
      reversible: true,
    },
    schema: [],
    messages: {
      scans: `${LOCKED} In three steps nothing waits: ADD CONSTRAINT … CHECK ({{column}} IS NOT NULL) NOT VALID; in a later transaction VALIDATE CONSTRAINT; then SET NOT NULL, which PostgreSQL 12 and later prove by the check.`,
      notValidated: `${LOCKED} The constraint {{constraint}} would prove the column, but it is NOT VALID: run VALIDATE CONSTRAINT {{constraint}} in a transaction of its own first.`,
      sameStatement: `${LOCKED} {{constraint}} is validated by this same ALTER TABLE, which is too late to prove the column: make VALIDATE CONSTRAINT {{constraint}} a statement of its own, in an earlier transaction.`,
    },
  },
  create(context) {
    return {
      SetNotNull(operation) {
        // All commands of one ALTER TABLE share one scan (measured on 18.6): only what stood before it is proof.
        const [first = operation] = operation.parent.operations;
        const answer = context.sourceCode.catalogBefore(first).table(operation.table);
        const table = tableOf(answer);
        const { column } = operation;
        if (isOutOfSight(answer, operation) || table?.columns.get(column)?.notNull) return;
        // What is worse is told by no-required-column-without-default: the column cannot stay NOT NULL.
        if (shutsOutInserts(context.sourceCode, operation)) return;
        const proofs = proofsOf(table, column);
        if (proofs.some((constraint) => constraint.validated)) return;
        const constraint = proofs.find(({ name }) => name !== undefined)?.name;
        const data = { table: displayName(operation.table), column };
        if (constraint === undefined) return context.report({ node: operation, messageId: "scans", data });
        const messageId = validates(operation, constraint) ? "sameStatement" : "notValidated";
        context.report({ node: operation, messageId, data: { ...data, constraint } });
      },
    };
  },
});

/** The constraints that, once valid, prove a column to hold no NULL. */
function proofsOf(table: Table | undefined, column: string): Table["constraints"] {
  return (table?.constraints ?? []).filter(
    (constraint) =>
      constraint.provesNotNull.includes(column) ||
      (constraint.type === "notNull" && constraint.columns.includes(column)),
  );
}

function validates({ parent }: OperationNodeOf<"SetNotNull">, constraint: string): boolean {
  return parent.operations.some(
    (other) => other.type === "ValidateConstraint" && other.constraint === constraint,
  );
}
