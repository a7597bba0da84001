import { displayName, type QualifiedName, quotedName } from "@yantra-lint/core";
import { isThere } from "../constraints.ts";
import { defineRule } from "../define.ts";
import type { OperationNode } from "../language/ast.ts";
import { nameOf } from "../language/lowered.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import { isSerial } from "../language/types.ts";
import { andCommit } from "../lock-duration.ts";
import { isOverSoon } from "../questions.ts";
import { listed } from "../release.ts";
import { demandsValue } from "../required-column.ts";
import { type Rewrite, rewriteOf } from "../table-rewrite.ts";

const WAITS = "every query on {{table}}, reads included, waits until it is done{{commit}}";
const REWRITES = `rewrites the whole table and its indexes under an ACCESS EXCLUSIVE lock: ${WAITS}.`;
const BATCHES = "and let a later migration fill the old rows in batches";
const ALONE =
  "Add the column without the default{{without}}; then ALTER COLUMN … SET DEFAULT, which holds for new rows,";
const SEQUENCE =
  "Add a plain column, give it nextval() of a sequence by ALTER COLUMN … SET DEFAULT, which holds for new rows,";
const MAINTENANCE = "Leave it to pg_repack, which locks the table for moments, or to a maintenance window.";

/** A statement that writes all rows anew locks everybody out until the last one is written. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/sql"],
    docs: {
      description: "Disallow statements that write a table anew while nobody can use it",
      recommended: "error",
      uncertain: ["unlessStable"],
      phase: "expand",
      reversible: true,
    },
    schema: [],
    messages: {
      volatile: `ADD COLUMN {{column}} with a default that calls {{function}}(), and so gives each row a value of its own, ${REWRITES} ${ALONE} ${BATCHES}{{then}}.`,
      unlessStable: `It cannot be told from the migrations here whether {{function}}() is STABLE or IMMUTABLE. If it is neither, ADD COLUMN {{column}} with a default that calls it ${REWRITES} ${ALONE} ${BATCHES}{{then}}.`,
      serial: `ADD COLUMN {{column}} of a serial type ${REWRITES} ${SEQUENCE} ${BATCHES}{{then}}.`,
      identity: `ADD COLUMN {{column}} as an identity ${REWRITES} ${SEQUENCE} ${BATCHES}; it can become an identity when it is NOT NULL.`,
      stored: `ADD COLUMN {{column}} GENERATED … STORED ${REWRITES} Make it VIRTUAL, which PostgreSQL 18 computes when it is read, or add a plain column that a trigger fills, ${BATCHES}{{then}}.`,
      domain: `ADD COLUMN {{column}} of {{domain}}, a domain with constraints, ${REWRITES} Add it with the type under the domain, and what the domain asks as a CHECK of the table that is NOT VALID; VALIDATE CONSTRAINT in a later migration lets reads and writes go on.`,
      expression: `SET EXPRESSION of the stored column {{column}} ${REWRITES} Add a column with the new expression beside it, VIRTUAL on PostgreSQL 18 or filled by a trigger, and drop this one when no release reads it any more.`,
      command: `{{command}} writes {{table}} and its indexes anew under an ACCESS EXCLUSIVE lock: ${WAITS}. ${MAINTENANCE}`,
      copied: `{{command}} copies {{table}} to another disk under an ACCESS EXCLUSIVE lock: ${WAITS}. ${MAINTENANCE}`,
    },
  },
  create(context) {
    const code = context.sourceCode;
    return {
      // All commands of one ALTER TABLE share one rewrite, and one finding tells of those that need the same way out.
      Statement({ operations }) {
        const found = operations.flatMap((operation) => {
          const rewrite = rewriteOf(operation, code.catalogBefore(operation));
          return rewrite && isRewritten(code, operation) ? [{ operation, rewrite }] : [];
        });
        const [first] = found;
        if (!first) return;
        const { operation, rewrite } = first;
        const alike = found.filter(({ rewrite: other }) => isAlike(rewrite, other));
        const table = tableOfRewrite(operation);
        const demands = demandsOf(alike.map((each) => each.operation));
        const data = {
          ...rewrite,
          table: table ? displayName(table) : "each table",
          column: listed(alike.map((each) => columnOf(each.rewrite))),
          commit: andCommit(code, operation),
          without: demands.map((demand) => ` and without ${demand}`).join(""),
          then:
            demands.length > 0
              ? `; ${demands.join(" and ")} ${demands.length > 1 ? "are" : "is"} for a migration after that, when no row lacks a value any more`
              : "",
        };
        context.report({ node: operation, messageId: rewrite.kind, data });
      },
    };
  },
});

/** The table that an operation names; VACUUM FULL and CLUSTER may name none, and mean all. */
function tableOfRewrite(operation: OperationNode): QualifiedName | undefined {
  if ("table" in operation) return operation.table;
  const { raw, altered } = operation;
  if (altered) return nameOf(altered.relation);
  if ("ClusterStmt" in raw) return raw.ClusterStmt.relation && nameOf(raw.ClusterStmt.relation);
  const [relation] = "VacuumStmt" in raw ? (raw.VacuumStmt.rels ?? []) : [];
  return relation && "VacuumRelation" in relation ? nameOf(relation.VacuumRelation.relation) : undefined;
}

/** Whether rows may be there, and others may want them. */
function isRewritten(code: SqlSourceCode, operation: OperationNode): boolean {
  if (operation.type === "AddColumn") {
    // What demands a value runs on an empty table only, and no-required-column-without-default tells it.
    if (demandsValue(operation.column) || isThere(code, operation)) return false;
  }
  const table = tableOfRewrite(operation);
  const catalog = code.catalogBefore(operation);
  return !table || (!catalog.view(table) && !isOverSoon(catalog.table(table), operation));
}

/** What columns ask of their rows that they do not meet before they are filled. */
function demandsOf(operations: readonly OperationNode[]): string[] {
  const columns = operations.flatMap((operation) =>
    operation.type === "AddColumn" ? [operation.column] : [],
  );
  const demands = columns.flatMap(({ notNull, primaryKey, unique, type }) => [
    ...(primaryKey ? ["PRIMARY KEY"] : notNull || isSerial(type) ? ["NOT NULL"] : []),
    ...(unique ? ["UNIQUE"] : []),
  ]);
  return [...new Set(demands)];
}

function isAlike(one: Rewrite, other: Rewrite): boolean {
  const [by, of] = [one, other].map((rewrite) =>
    "function" in rewrite ? rewrite.function : "domain" in rewrite ? rewrite.domain : "",
  );
  return one.kind === other.kind && by === of;
}

function columnOf(rewrite: Rewrite): string {
  return "column" in rewrite ? quotedName(rewrite.column) : "";
}
