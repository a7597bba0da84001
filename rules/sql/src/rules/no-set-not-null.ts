import { displayName, quotedName } from "@yantra-lint/core";
import type { TableAnswer } from "../catalog/catalog.ts";
import type { Table } from "../catalog/table.ts";
import { defineRule } from "../define.ts";
import type { OperationNodeOf } from "../language/ast.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import { isSameName, operationsBefore } from "../later.ts";
import { andCommit } from "../lock-duration.ts";
import { isOverSoon, tableOf } from "../questions.ts";
import { shutsOutInserts } from "../required-column.ts";

const LOCKED =
  "SET NOT NULL on {{table}}.{{column}} reads the whole table under an ACCESS EXCLUSIVE lock: every query on {{table}}, reads included, waits until it is done{{commit}}.";

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
      scans: `${LOCKED} In three steps nothing waits for a scan: ADD CONSTRAINT … CHECK ({{proof}}) NOT VALID; in a later transaction VALIDATE CONSTRAINT; then SET NOT NULL, which PostgreSQL 12 and later prove by the check.`,
      scansFilled: `${LOCKED} In steps nothing waits for a scan, but only once all rows are filled: before, the check would refuse every UPDATE of a row without a value. So first the rows; behind them ADD CONSTRAINT … CHECK ({{proof}}) NOT VALID; in a later transaction VALIDATE CONSTRAINT; then SET NOT NULL, which PostgreSQL 12 and later prove by the check.`,
      notValidated: `${LOCKED} The constraint {{constraint}} would prove the column, but it is NOT VALID: run VALIDATE CONSTRAINT {{constraint}} in a transaction of its own first.`,
      sameStatement: `${LOCKED} {{constraint}} is validated by this same ALTER TABLE, which is too late to prove the column: make VALIDATE CONSTRAINT {{constraint}} a statement of its own, in an earlier transaction.`,
    },
  },
  create(context) {
    const code = context.sourceCode;
    return {
      // All commands of one ALTER TABLE share one scan (measured on 18.6), and one finding tells of it.
      Statement(statement) {
        const scans = statement.operations.flatMap((operation) =>
          operation.type === "SetNotNull" && isScanned(code, operation) ? [operation] : [],
        );
        const [first] = scans;
        if (!first) return;
        const always = { table: displayName(first.table), commit: andCommit(code, first) };
        const [hasty] = scans.flatMap((operation) => {
          const constraint = unprovenBy(code, operation);
          return constraint === undefined ? [] : [{ operation, constraint }];
        });
        if (hasty && scans.length === 1) {
          const { operation, constraint } = hasty;
          const messageId = validates(operation, constraint) ? "sameStatement" : "notValidated";
          const data = {
            ...always,
            column: quotedName(operation.column),
            constraint: quotedName(constraint),
          };
          return context.report({ node: operation, messageId, data });
        }
        const columns = scans.map(({ column }) => quotedName(column));
        const proof = columns.map((column) => `${column} IS NOT NULL`).join(" AND ");
        const data = { ...always, column: columns.join(` and ${always.table}.`), proof };
        const isFilled = scans.some((operation) => isFilledHere(code, operation));
        context.report({ node: first, messageId: isFilled ? "scansFilled" : "scans", data });
      },
    };
  },
});

type SetNotNull = OperationNodeOf<"SetNotNull">;

/** What stood before the whole statement: only that is proof. */
function answerBefore(code: SqlSourceCode, operation: SetNotNull): TableAnswer {
  const [first = operation] = operation.parent.operations;
  return code.catalogBefore(first).table(operation.table);
}

function isScanned(code: SqlSourceCode, operation: SetNotNull): boolean {
  const answer = answerBefore(code, operation);
  const table = tableOf(answer);
  if (isOverSoon(answer, operation) || table?.columns.get(operation.column)?.notNull) return false;
  // What is worse is told by no-required-column-without-default: the column cannot stay NOT NULL.
  if (shutsOutInserts(code, operation)) return false;
  return !proofsOf(table, operation.column).some((constraint) => constraint.validated);
}

/** Whether the file fills the column, or adds it without a value: then rows have none before it runs. */
function isFilledHere(code: SqlSourceCode, operation: SetNotNull): boolean {
  return operationsBefore(code, operation).some((earlier) => {
    if (!("table" in earlier) || !isSameName(earlier.table, operation.table)) return false;
    if (earlier.type === "WriteData")
      return earlier.sets?.some(({ column }) => column === operation.column) === true;
    return (
      earlier.type === "AddColumn" &&
      earlier.column.name === operation.column &&
      earlier.column.default === undefined &&
      earlier.column.generated === undefined
    );
  });
}

/** The name of the constraint that would prove the column, were it valid. */
function unprovenBy(code: SqlSourceCode, operation: SetNotNull): string | undefined {
  const table = tableOf(answerBefore(code, operation));
  return proofsOf(table, operation.column).find(({ name }) => name !== undefined)?.name;
}

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
