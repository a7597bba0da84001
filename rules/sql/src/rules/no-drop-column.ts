import { displayName } from "@yantra-lint/core";
import { defineRule } from "../define.ts";
import type { OperationNodeOf } from "../language/ast.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import { contractAfter, madeHere, tableOf } from "../questions.ts";

/** Dropping a column breaks the release that is still running, and no rollback brings the data back. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/sql"],
    docs: {
      description: "Disallow dropping a column before the contract phase is confirmed",
      recommended: "error",
      phase: "contract",
      reversible: false,
    },
    schema: [],
    messages: {
      dropped:
        "{{table}}.{{column}} is dropped while the release before this one still runs: its queries that name the column fail, a rollback fails with them, and the data are gone. Ship a release that no longer uses the column first; then drop it in a later migration, with `-- @yantra-phase contract after=<that release>` above the statement.",
      replaced:
        "{{table}}.{{column}} is dropped and made anew: what it held is gone unless this migration has copied it, a rollback does not bring it back, and where the new column has another type, the queries of the release before this one fail. Change the column in place, or add one with a name of its own, ship a release that uses only that, and drop the old one in a later migration, with `-- @yantra-phase contract after=<that release>` above the statement.",
    },
  },
  create(context) {
    return {
      DropColumn(operation) {
        const answer = context.sourceCode.catalogBefore(operation).table(operation.table);
        const table = tableOf(answer);
        if (table?.temporary || madeHere(table?.created)) return;
        const column = table?.columns.get(operation.column);
        if (madeHere(column?.added)) return;
        const certainlyMissing = answer.state === "known" && answer.table.columnsComplete && !column;
        if (operation.ifExists && (answer.state === "absent" || certainlyMissing)) return;
        if (contractAfter(context.sourceCode, operation) !== undefined) return;
        context.report({
          node: operation,
          messageId: isMadeAnew(context.sourceCode, operation) ? "replaced" : "dropped",
          data: { table: displayName(operation.table), column: operation.column },
        });
      },
    };
  },
});

/** Whether the same file later adds a column of that name to the table, or renames one so. */
function isMadeAnew({ ast }: SqlSourceCode, dropped: OperationNodeOf<"DropColumn">): boolean {
  const name = displayName(dropped.table);
  return ast.sections
    .filter(({ direction }) => direction === dropped.direction)
    .flatMap(({ statements }) => statements)
    .flatMap((statement) => (statement.type === "Statement" ? statement.operations : []))
    .some(
      (operation) =>
        operation.index > dropped.index &&
        ((operation.type === "AddColumn" && operation.column.name === dropped.column) ||
          (operation.type === "RenameColumn" && operation.to === dropped.column)) &&
        displayName(operation.table) === name,
    );
}
