import { displayName, type QualifiedName, quotedName } from "@yantra-lint/core";
import type { Node } from "libpg-query";
import {
  addedAtOnce,
  holdsAlready,
  inShort,
  isOfNewColumn,
  isProven,
  isThere,
  nullableOf,
} from "../constraints.ts";
import { defineRule } from "../define.ts";
import type { OperationNodeOf } from "../language/ast.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import { waitingReads } from "../held-locks.ts";
import { isSameName } from "../later.ts";
import { andCommit } from "../lock-duration.ts";
import { isOverSoon, tableOf } from "../questions.ts";
import { insteadOfUnprotected } from "../replaced-index.ts";
import { demandsValue } from "../required-column.ts";
import { rewriteOf } from "../table-rewrite.ts";
import { wayOutOfTransaction } from "../transaction-exit.ts";

const CHECKED =
  "reads the whole table under an ACCESS EXCLUSIVE lock: every query on {{table}}, reads included, waits until it is done{{commit}}.";
const REFERENCES =
  "reads the whole table under a SHARE ROW EXCLUSIVE lock on {{tables}}: every INSERT, UPDATE and DELETE there waits until it is done{{commit}}.";
const BUILDS =
  "builds its index under an ACCESS EXCLUSIVE lock: every query on {{table}}, reads included, waits until it is done{{commit}}.";
const LATER = "in a later transaction, during which reads and writes go on";
const TWO_STEPS = `and run VALIDATE CONSTRAINT ${LATER}`;
const ROWS_FIRST = `Put right the rows that break it, for every UPDATE of one fails from then on, whatever it sets; then add it NOT VALID, ${TWO_STEPS}.`;
const INDEX =
  "build it with CREATE UNIQUE INDEX CONCURRENTLY{{nulls}}{{how}}, then ADD CONSTRAINT … {{kind}} USING INDEX";
const COLUMN_REFERENCES =
  "{{reads}}ADD COLUMN {{columns}} with DEFAULT and REFERENCES on {{table}} reads the whole table under an ACCESS EXCLUSIVE lock: every query on {{table}}, reads included, waits until it is done{{commit}}{{others}}.";

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
      foreignKey: `{{reads}}ADD FOREIGN KEY ({{columns}}) on {{table}} ${REFERENCES} Add it NOT VALID, ${TWO_STEPS}.`,
      foreignKeyOfNewColumn: `{{reads}}ADD FOREIGN KEY ({{columns}}) on {{table}} ${REFERENCES} The column is new: write REFERENCES {{referenced}} into its ADD COLUMN, which then reads nothing.`,
      check: `ADD CHECK ({{expression}}) on {{table}} ${CHECKED} ${ROWS_FIRST}`,
      checkThatHolds: `ADD CHECK ({{expression}}) on {{table}} ${CHECKED} Its rows pass for certain, since they passed what was demanded of them before: add it NOT VALID, ${TWO_STEPS}.`,
      notNull: `ADD NOT NULL {{columns}} on {{table}} ${CHECKED} ${ROWS_FIRST}`,
      index: `ADD {{kind}}{{nulls}} ({{columns}}) on {{table}} ${BUILDS} Instead, ${INDEX}.{{replaced}}`,
      primaryKeyScans: `ADD PRIMARY KEY USING INDEX {{index}} on {{table}} makes {{columns}} NOT NULL, and for that ${CHECKED} Before it, in migrations of their own: ADD CONSTRAINT … CHECK ({{proof}}) NOT VALID, then VALIDATE CONSTRAINT, which PostgreSQL takes for proof.`,
      exclude: `ADD EXCLUDE on {{table}} ${BUILDS} PostgreSQL takes no index for it that was built before: add it while the table is small, or make a table with the constraint beside it and move the rows there in batches.`,
      columnCheck: `ADD COLUMN {{columns}} with CHECK ({{expression}}) on {{table}} ${CHECKED} Add the column without it, then the constraint with ADD CONSTRAINT … NOT VALID, ${TWO_STEPS}.`,
      columnReferences: `${COLUMN_REFERENCES} Leave the DEFAULT out, and it reads nothing; or add the column without REFERENCES, then the constraint with ADD FOREIGN KEY … NOT VALID, ${TWO_STEPS}.`,
      columnReferencesNotNull: `${COLUMN_REFERENCES} Add the column without REFERENCES, then the constraint with ADD FOREIGN KEY … NOT VALID, ${TWO_STEPS}.`,
      columnIndex: `ADD COLUMN {{columns}} {{kind}}{{nulls}} on {{table}} ${BUILDS} Add the column alone; in later migrations fill it and ${INDEX}.`,
      checkValidatedAtOnce: `VALIDATE CONSTRAINT {{constraint}} reads the whole table while its transaction still holds the ACCESS EXCLUSIVE lock of ADD CONSTRAINT: every query on {{table}}, reads included, waits until it is done{{commit}}. Validate it ${LATER}.`,
      foreignKeyValidatedAtOnce: `{{reads}}VALIDATE CONSTRAINT {{constraint}} reads the whole table while its transaction still holds the SHARE ROW EXCLUSIVE lock of ADD CONSTRAINT on {{tables}}: every INSERT, UPDATE and DELETE there waits until it is done{{commit}}. Validate it ${LATER}.`,
    },
  },
  create(context) {
    const code = context.sourceCode;
    const report = (operation: OfTable, messageId: string, data: Record<string, string>): void => {
      const always = { table: displayName(operation.table), commit: andCommit(code, operation) };
      context.report({ node: operation, messageId, data: { ...always, ...data } });
    };
    return {
      AddConstraint(operation) {
        const { constraint } = operation;
        const { type, references, usingIndex, expression = "" } = constraint;
        if (!constraint.validated || !isInSight(code, operation)) return;
        const columns = constraint.columns.map(quotedName).join(", ");
        if (references) {
          const messageId = isOfNewColumn(code, operation) ? "foreignKeyOfNewColumn" : "foreignKey";
          const ofTables = keyWords(code, operation, references.table);
          report(operation, messageId, { columns, referenced: displayName(references.table), ...ofTables });
        } else if (type === "check") {
          const messageId = holdsAlready(code, operation) ? "checkThatHolds" : "check";
          report(operation, messageId, { expression: inShort(expression) });
        } else if (type === "notNull") {
          if (!isProven(code, operation)) report(operation, "notNull", { columns });
        } else if (type === "exclude") report(operation, "exclude", {});
        else if (type !== "foreignKey" && usingIndex === undefined) {
          const replaced = insteadOfUnprotected(code, operation);
          report(operation, "index", { columns, replaced, ...indexWords(code, operation, type) });
        } else if (type === "primaryKey" && usingIndex !== undefined) {
          const nullable = nullableOf(code, operation, usingIndex);
          if (nullable.length === 0) return;
          const proof = nullable.map((column) => `${quotedName(column)} IS NOT NULL`).join(" AND ");
          report(operation, "primaryKeyScans", {
            index: quotedName(usingIndex),
            columns: nullable.map(quotedName).join(", "),
            proof,
          });
        }
      },
      AddColumn(operation) {
        const { column, table } = operation;
        // What demands a value runs on an empty table only, and no-required-column-without-default tells it.
        if (demandsValue(column) || isThere(code, operation) || !isInSight(code, operation)) return;
        const { name, checks, references, unique, primaryKey } = column;
        const columns = quotedName(name);
        const [expression] = checks;
        if (expression !== undefined) {
          report(operation, "columnCheck", { columns, expression: inShort(expression) });
        }
        if (references && column.default !== undefined) {
          const referenced = isOverSoon(code.catalogBefore(operation).table(references.table), operation);
          const others =
            referenced || isSameName(references.table, table)
              ? ""
              : `, and so does every INSERT, UPDATE and DELETE on ${displayName(references.table)}, which is under a SHARE ROW EXCLUSIVE lock`;
          const messageId = column.notNull ? "columnReferencesNotNull" : "columnReferences";
          const reads = others === "" ? "" : waitingReads(code, operation, [references.table]);
          report(operation, messageId, { columns, others, reads });
        }
        // no-table-rewrite tells of a column that writes the table and its indexes anew.
        if ((unique || primaryKey) && !rewriteOf(operation, code.catalogBefore(operation))) {
          const type = primaryKey ? "primaryKey" : "unique";
          report(operation, "columnIndex", { columns, ...indexWords(code, operation, type) });
        }
      },
      ValidateConstraint(operation) {
        const added = isInSight(code, operation) ? addedAtOnce(code, operation) : undefined;
        if (!added) return;
        const { constraint } = operation;
        if (added.references) {
          const ofTables = keyWords(code, operation, added.references.table);
          report(operation, "foreignKeyValidatedAtOnce", { constraint, ...ofTables });
        } else report(operation, "checkValidatedAtOnce", { constraint });
      },
    };
  },
});

const KINDS = { unique: "UNIQUE", primaryKey: "PRIMARY KEY" };

type OfTable =
  OperationNodeOf<"AddConstraint"> | OperationNodeOf<"AddColumn"> | OperationNodeOf<"ValidateConstraint">;

/** What messages say of the tables of a foreign key that others use. */
function keyWords(
  code: SqlSourceCode,
  operation: OfTable,
  referenced: QualifiedName,
): { tables: string; reads: string } {
  const { table } = operation;
  const answer = code.catalogBefore(operation).table(referenced);
  const used = isOverSoon(answer, operation) || isSameName(referenced, table) ? [table] : [table, referenced];
  return { tables: used.map(displayName).join(" and "), reads: waitingReads(code, operation, used) };
}

/** What messages say of the index of a constraint. */
function indexWords(
  code: SqlSourceCode,
  operation: OperationNodeOf<"AddConstraint"> | OperationNodeOf<"AddColumn">,
  type: keyof typeof KINDS,
): { kind: string; nulls: string; how: string } {
  const how =
    operation.transaction === null
      ? ""
      : ` (it cannot run in a transaction, so ${wayOutOfTransaction(code, operation, { stays: true })})`;
  return { kind: KINDS[type], nulls: isNullsNotDistinct(operation.raw) ? " NULLS NOT DISTINCT" : "", how };
}

/** UNIQUE NULLS NOT DISTINCT (PostgreSQL 15), as a constraint of the table or of the column that is added. */
function isNullsNotDistinct(raw: Node): boolean {
  const definition = "AlterTableCmd" in raw ? raw.AlterTableCmd.def : undefined;
  if (!definition) return false;
  const constraints = "ColumnDef" in definition ? (definition.ColumnDef.constraints ?? []) : [definition];
  return constraints.some((node) => "Constraint" in node && node.Constraint.nulls_not_distinct === true);
}

/** Whether others use the table. Partitioned ones are left out: before version 18 they take no NOT VALID. */
function isInSight(code: SqlSourceCode, operation: OfTable): boolean {
  const answer = code.catalogBefore(operation).table(operation.table);
  return !isOverSoon(answer, operation) && !tableOf(answer)?.partitioned;
}
