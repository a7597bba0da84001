import { displayName, quotedName } from "@yantra-lint/core";
import { defineRule } from "../define.ts";
import type { OperationNode, OperationNodeOf } from "../language/ast.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import {
  areAtOnce,
  isSameName,
  madeLater,
  nameBeforeFile,
  operationsAfter,
  operationsBefore,
} from "../later.ts";
import { contractAfter, madeHere, tableOf } from "../questions.ts";

const FAILS =
  "{{table}}.{{from}} becomes {{to}} while the release before this one still asks for {{from}}: its queries that name the column fail, and a rollback fails with them.";

/** A renamed column is gone for the release that is still running. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/sql"],
    docs: {
      description: "Disallow renaming a column that the running release may use",
      recommended: "error",
      phase: "contract",
      reversible: true,
    },
    schema: [],
    messages: {
      renamed: `${FAILS} Add the column {{to}} instead, keep both filled (by the application or a trigger), copy the old values in batches, ship a release that uses {{to}} only, and drop {{from}} in a later migration, with \`-- @yantra-phase contract after=<that release>\` above the statement.`,
      takesName:
        "{{table}}.{{from}} becomes {{to}}, which was the name of another column until line {{line}}: in the release before this one, queries that name {{from}} fail, and those that name {{to}} now read and write other data, mostly without an error; so they do after a rollback. Leave {{from}} its name, or give it one that no column had, and drop what is no longer used in a migration of a later release.",
      renamedInView: `${FAILS} {{way}}, ship a release that asks for {{to}} only, and take {{from}} away in a later migration, with \`-- @yantra-phase contract after=<that release>\` above the statement.`,
      gap: `${FAILS} A later statement makes a column {{from}} again, but not in the same transaction: until then every query that names it fails, for good if the migration stops in between. Put both statements into one transaction.`,
    },
  },
  create(context) {
    const code = context.sourceCode;
    return {
      RenameColumn(operation) {
        const { table: name, column, to } = operation;
        const catalog = code.catalogBefore(operation);
        const table = tableOf(catalog.table(name));
        if (table?.temporary || madeHere(table?.created) || madeHere(catalog.view(name)?.created)) return;
        if (madeHere(table?.columns.get(column)?.added) || follows(code, operation)) return;
        if (isBehindView(code, operation) || contractAfter(code, operation) !== undefined) return;
        const again = operationsAfter(code, operation).find((later) => makesColumn(later, operation));
        if (again && areAtOnce(operation, again)) return;
        const data = { table: displayName(name), from: quotedName(column), to: quotedName(to) };
        const view = catalog.view(name);
        if (view && !again) {
          const way = wayOf(view.kind === "materializedView", to);
          return context.report({ node: operation, messageId: "renamedInView", data: { ...data, way } });
        }
        const freed = operationsBefore(code, operation).find((earlier) => frees(earlier, operation));
        if (freed && !again) {
          const line = String(freed.loc.start.line);
          return context.report({ node: operation, messageId: "takesName", data: { ...data, line } });
        }
        context.report({ node: operation, messageId: again ? "gap" : "renamed", data });
      },
      Other(operation) {
        const { raw, changes = [] } = operation;
        if (!("RenameStmt" in raw)) return;
        for (const change of changes) {
          if (change.action !== "renameViewColumn") continue;
          const { name, column: from, to } = change;
          if (madeHere(code.catalogBefore(operation).view(name)?.created)) continue;
          if (contractAfter(code, operation) !== undefined || madeLater(code, operation, name)) continue;
          const way = wayOf(raw.RenameStmt.relationType === "OBJECT_MATVIEW", to);
          const data = { table: displayName(name), from: quotedName(from), to: quotedName(to), way };
          context.report({ node: operation, messageId: "renamedInView", data });
        }
      },
    };
  },
});

/** How a view gives a column under both names. */
function wayOf(materialized: boolean, to: string): string {
  return materialized
    ? `Make a second materialized view that calls it ${to} instead`
    : `Let CREATE OR REPLACE VIEW give it under both names instead, ${to} as the last column`;
}

/** Whether an operation has dropped a column of the name that the rename gives. */
function frees(earlier: OperationNode, { table, to }: OperationNodeOf<"RenameColumn">): boolean {
  return earlier.type === "DropColumn" && earlier.column === to && isSameName(earlier.table, table);
}

/**
 * Whether an earlier rename of the file is the one to judge: it gave the column its name, or made the new name free,
 * so that this is the other half of a swap.
 */
function follows(code: SqlSourceCode, operation: OperationNodeOf<"RenameColumn">): boolean {
  const { table, column, to } = operation;
  return operationsBefore(code, operation).some(
    (earlier) =>
      earlier.type === "RenameColumn" &&
      isSameName(earlier.table, table) &&
      (earlier.to === column || earlier.column === to),
  );
}

/**
 * Whether the running release does not ask this table for the column: the same transaction renames the table and
 * makes another relation, such as a view with the old columns, under the old name.
 */
function isBehindView(code: SqlSourceCode, operation: OperationNodeOf<"RenameColumn">): boolean {
  const { table } = operation;
  if (!isSameName(nameBeforeFile(code, operation, table), table)) return true;
  const moved = operationsAfter(code, operation).find(
    (later) => later.type === "RenameTable" && isSameName(later.table, table) && areAtOnce(operation, later),
  );
  const again = moved && madeLater(code, moved, table);
  return again !== undefined && areAtOnce(operation, again);
}

/** Whether an operation gives the table a column of the old name: the other half of a swap. */
function makesColumn(later: OperationNode, { table, column }: OperationNodeOf<"RenameColumn">): boolean {
  return (
    ((later.type === "AddColumn" && later.column.name === column) ||
      (later.type === "RenameColumn" && later.to === column)) &&
    isSameName(later.table, table)
  );
}
