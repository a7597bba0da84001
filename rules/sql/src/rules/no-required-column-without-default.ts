import { displayName, quotedName } from "@yantra-lint/core";
import { defineRule } from "../define.ts";
import type { OperationNodeOf } from "../language/ast.ts";
import { isSameName, nameBeforeFile } from "../later.ts";
import { madeHere, tableOf } from "../questions.ts";
import { demandsValue, isEmptied, isMadeAnew, shutsOutInserts } from "../required-column.ts";

const INSERTS =
  "unless a trigger fills it, the INSERTs of the release before this one, which do not name the column, fail";

/** A column that demands a value shuts out the release that is still running and does not know it. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/sql"],
    docs: {
      description: "Disallow adding a column that is NOT NULL and has no default",
      recommended: "error",
      phase: "contract",
      reversible: true,
    },
    schema: [],
    messages: {
      required: `{{table}}.{{column}} is added NOT NULL and without a default: the statement fails when {{table}} has rows, and when it has none, ${INSERTS} from then on. Give it a DEFAULT, or add it without NOT NULL, ship a release that fills it, and set NOT NULL in a later migration.`,
      requiredOfEmptied: `{{table}}.{{column}} is added NOT NULL and without a default: this migration empties {{table}} before, so the statement succeeds, but ${INSERTS} from then on, and so they do after a rollback. Give it a DEFAULT, or add it without NOT NULL, ship a release that fills it, and set NOT NULL in a later migration.`,
      requiredAnew:
        "{{table}}.{{column}} is added NOT NULL and without a default: the statement fails when {{table}} has rows, and the migration stops there. Give it a DEFAULT, or add it without NOT NULL, ship a release that fills it, and set NOT NULL in a later migration.",
      madeRequired: `{{table}}.{{column}}, which this migration adds, becomes NOT NULL and has no default: ${INSERTS} from then on, and so they do after a rollback. Give it a DEFAULT, or leave it without NOT NULL, ship a release that fills it, and set NOT NULL in a later migration.`,
      defaultDropped: `{{table}}.{{column}}, which this migration adds, is NOT NULL and loses its default: ${INSERTS} from then on, and so they do after a rollback. Keep the default until a release that fills the column has shipped, and drop it in a later migration.`,
    },
  },
  create(context) {
    const code = context.sourceCode;
    const judge =
      (messageId: "madeRequired" | "defaultDropped") =>
      (operation: OperationNodeOf<"SetNotNull"> | OperationNodeOf<"DropDefault">): void => {
        if (!shutsOutInserts(code, operation)) return;
        const data = { table: displayName(operation.table), column: quotedName(operation.column) };
        context.report({ node: operation, messageId, data });
      };
    return {
      AddColumn(operation) {
        const { column, ifNotExists } = operation;
        if (!demandsValue(column)) return;
        const table = tableOf(code.catalogBefore(operation).table(operation.table));
        if (table?.temporary || madeHere(table?.created)) return;
        if (ifNotExists && table?.columns.has(column.name)) return;
        const data = { table: displayName(operation.table), column: quotedName(column.name) };
        // no-rename-table tells of the name: the running release's INSERTs fail for that already.
        const named = isSameName(nameBeforeFile(code, operation, operation.table), operation.table);
        const emptied = isEmptied(code, operation);
        const anew = !named || isMadeAnew(code, operation);
        if (anew && emptied) return;
        const messageId = anew ? "requiredAnew" : emptied ? "requiredOfEmptied" : "required";
        context.report({ node: operation, messageId, data });
      },
      SetNotNull: judge("madeRequired"),
      DropDefault: judge("defaultDropped"),
    };
  },
});
