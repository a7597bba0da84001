import { displayName } from "@yantra-lint/core";
import { addedAtOnce, bothTables, inShort, isOfNewColumn, isProven, isThere } from "../constraints.ts";
import { defineRule } from "../define.ts";
import type { OperationNodeOf } from "../language/ast.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import { isOutOfSight, tableOf } from "../questions.ts";
import { demandsValue } from "../required-column.ts";

const CHECKED =
  "reads the whole table under an ACCESS EXCLUSIVE lock: every query on {{table}}, reads included, waits until it is done.";
const REFERENCES =
  "reads the whole table under a SHARE ROW EXCLUSIVE lock on {{tables}}: every INSERT, UPDATE and DELETE there waits until it is done.";
const BUILDS =
  "builds its index under an ACCESS EXCLUSIVE lock: every query on {{table}}, reads included, waits until it is done.";
const LATER = "in a later transaction, during which reads and writes go on";
const TWO_STEPS = `and run VALIDATE CONSTRAINT ${LATER}`;
const INDEX_FIRST = "Run CREATE UNIQUE INDEX CONCURRENTLY first, then ADD CONSTRAINT … {{kind}} USING INDEX.";

/** A new constraint is checked against all rows under a lock, unless it is added NOT VALID. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/sql"],
    docs: {
      description:
        "Require constraints on a table that may hold rows to be added without reading it under a lock",
      recommended: "error",
      phase: "expand",
      reversible: true,
    },
    schema: [],
    messages: {
      foreignKey: `ADD FOREIGN KEY ({{columns}}) on {{table}} ${REFERENCES} Add it NOT VALID, ${TWO_STEPS}.`,
      foreignKeyOfNewColumn: `ADD FOREIGN KEY ({{columns}}) on {{table}} ${REFERENCES} The column is new: write REFERENCES {{referenced}} into its ADD COLUMN, which then reads nothing.`,
      check: `ADD CHECK ({{expression}}) on {{table}} ${CHECKED} Add it NOT VALID, ${TWO_STEPS}.`,
      notNull: `ADD NOT NULL {{columns}} on {{table}} ${CHECKED} Add it NOT VALID, ${TWO_STEPS}.`,
      index: `ADD {{kind}} ({{columns}}) on {{table}} ${BUILDS} ${INDEX_FIRST}`,
      columnCheck: `ADD COLUMN {{columns}} with CHECK ({{expression}}) on {{table}} ${CHECKED} Add the column without it, then the constraint with ADD CONSTRAINT … NOT VALID, ${TWO_STEPS}.`,
      columnReferences: `ADD COLUMN {{columns}} with DEFAULT and REFERENCES on {{table}} ${REFERENCES} Leave the DEFAULT out, and it reads nothing; or add the constraint afterwards, NOT VALID, ${TWO_STEPS}.`,
      columnIndex: `ADD COLUMN {{columns}} {{kind}} on {{table}} ${BUILDS} Add the column alone. ${INDEX_FIRST}`,
      checkValidatedAtOnce: `VALIDATE CONSTRAINT {{constraint}} reads the whole table while its transaction still holds the ACCESS EXCLUSIVE lock of ADD CONSTRAINT: every query on {{table}}, reads included, waits until it is done. Validate it ${LATER}.`,
      foreignKeyValidatedAtOnce: `VALIDATE CONSTRAINT {{constraint}} reads the whole table while its transaction still holds the SHARE ROW EXCLUSIVE lock of ADD CONSTRAINT on {{tables}}: every INSERT, UPDATE and DELETE there waits until it is done. Validate it ${LATER}.`,
    },
  },
  create(context) {
    const code = context.sourceCode;
    const report = (operation: OfTable, messageId: string, data: Record<string, string>): void => {
      context.report({ node: operation, messageId, data: { table: displayName(operation.table), ...data } });
    };
    return {
      AddConstraint(operation) {
        const { constraint, table } = operation;
        const { type, references, usingIndex, expression = "" } = constraint;
        if (!constraint.validated || !isInSight(code, operation)) return;
        const columns = constraint.columns.join(", ");
        if (references) {
          const messageId = isOfNewColumn(code, operation) ? "foreignKeyOfNewColumn" : "foreignKey";
          const tables = bothTables(table, references.table);
          report(operation, messageId, { columns, tables, referenced: displayName(references.table) });
        } else if (type === "check") report(operation, "check", { expression: inShort(expression) });
        else if (type === "notNull") {
          if (!isProven(code, operation)) report(operation, "notNull", { columns });
        } else if (type !== "foreignKey" && type !== "exclude" && usingIndex === undefined) {
          // An exclusion constraint takes no index that was built before: there is no way out to name.
          report(operation, "index", { columns, kind: KINDS[type] });
        }
      },
      AddColumn(operation) {
        const { column, table } = operation;
        // What demands a value runs on an empty table only, and no-required-column-without-default tells it.
        if (demandsValue(column) || isThere(code, operation) || !isInSight(code, operation)) return;
        const { name: columns, checks, references, unique, primaryKey } = column;
        const [expression] = checks;
        if (expression !== undefined) {
          report(operation, "columnCheck", { columns, expression: inShort(expression) });
        }
        if (references && column.default !== undefined) {
          report(operation, "columnReferences", { columns, tables: bothTables(table, references.table) });
        }
        if (unique || primaryKey) {
          report(operation, "columnIndex", { columns, kind: KINDS[primaryKey ? "primaryKey" : "unique"] });
        }
      },
      ValidateConstraint(operation) {
        const added = isInSight(code, operation) ? addedAtOnce(code, operation) : undefined;
        if (!added) return;
        const { constraint, table } = operation;
        if (added.references) {
          const tables = bothTables(table, added.references.table);
          report(operation, "foreignKeyValidatedAtOnce", { constraint, tables });
        } else report(operation, "checkValidatedAtOnce", { constraint });
      },
    };
  },
});

const KINDS = { unique: "UNIQUE", primaryKey: "PRIMARY KEY" };

type OfTable =
  OperationNodeOf<"AddConstraint"> | OperationNodeOf<"AddColumn"> | OperationNodeOf<"ValidateConstraint">;

/** Whether others use the table. Partitioned ones are left out: before version 18 they take no NOT VALID. */
function isInSight(code: SqlSourceCode, operation: OfTable): boolean {
  const answer = code.catalogBefore(operation).table(operation.table);
  return !isOutOfSight(answer, operation) && !tableOf(answer)?.partitioned;
}
