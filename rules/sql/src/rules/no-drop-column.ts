import { displayName, quotedName } from "@yantra-lint/core";
import { defineRule } from "../define.ts";
import type { OperationNodeOf } from "../language/ast.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import { isSameName, nameBeforeFile, operationsAfter, operationsBefore } from "../later.ts";
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
        "{{table}}.{{column}} is dropped while the release before this one still runs: its queries that name the column fail, a rollback fails with them, and {{lost}}. Ship a release that no longer uses the column first; then drop it in a later migration, with `-- @yantra-phase contract after=<that release>` above the statement.",
      replaced:
        "{{table}}.{{column}} is dropped and made anew: what it held is gone unless this migration has copied it, {{change}} Change the column in place, or add one with a name of its own, ship a release that uses only that, and drop the old one in a later migration, with `-- @yantra-phase contract after=<that release>` above the statement.",
    },
  },
  create(context) {
    const code = context.sourceCode;
    return {
      DropColumn(operation) {
        const answer = code.catalogBefore(operation).table(operation.table);
        const table = tableOf(answer);
        if (table?.temporary || madeHere(table?.created)) return;
        const column = table?.columns.get(operation.column);
        if (madeHere(column?.added)) return;
        const certainlyMissing = answer.state === "known" && answer.table.columnsComplete && !column;
        if (operation.ifExists && (answer.state === "absent" || certainlyMissing)) return;
        if (contractAfter(code, operation) !== undefined) return;
        // The running release knows the table and the column by the names that they had before this file.
        const name = nameBeforeFile(code, operation, operation.table);
        const former = columnBeforeFile(code, operation);
        const data = { table: displayName(name), column: quotedName(former) };
        const again = former === operation.column ? makerAfter(code, operation) : undefined;
        if (again) {
          const change = CHANGES[typeOf(code, again, column?.type)];
          context.report({ node: operation, messageId: "replaced", data: { ...data, change } });
        } else {
          const lost = isCopied(code, operation) ? "what was not copied is gone" : "the data are gone";
          context.report({ node: operation, messageId: "dropped", data: { ...data, lost } });
        }
      },
    };
  },
});

/** The name that the column had before the file renamed it. */
function columnBeforeFile(code: SqlSourceCode, dropped: OperationNodeOf<"DropColumn">): string {
  const renames = operationsBefore(code, dropped).filter(
    (earlier): earlier is OperationNodeOf<"RenameColumn"> =>
      earlier.type === "RenameColumn" && isSameName(earlier.table, dropped.table),
  );
  return renames.reduceRight((name, rename) => (rename.to === name ? rename.column : name), dropped.column);
}

const CHANGES = {
  same: "and a rollback does not bring it back.",
  other:
    "a rollback does not bring it back, and queries of the release before this one fail where the type of the new column does not fit.",
  unknown:
    "and a rollback does not bring it back. It cannot be told from the migrations here whether the new column has the type of the old one: where that does not fit, queries of the release before this one fail.",
};

/** What later gives the table a column of that name: ADD COLUMN, or RENAME COLUMN to it. */
function makerAfter(
  code: SqlSourceCode,
  dropped: OperationNodeOf<"DropColumn">,
): OperationNodeOf<"AddColumn"> | OperationNodeOf<"RenameColumn"> | undefined {
  return operationsAfter(code, dropped).find(
    (later): later is OperationNodeOf<"AddColumn"> | OperationNodeOf<"RenameColumn"> =>
      ((later.type === "AddColumn" && later.column.name === dropped.column) ||
        (later.type === "RenameColumn" && later.to === dropped.column)) &&
      isSameName(later.table, dropped.table),
  );
}

/** Whether the column that takes the name has the type of the old one. */
function typeOf(
  code: SqlSourceCode,
  again: OperationNodeOf<"AddColumn"> | OperationNodeOf<"RenameColumn">,
  type: string | undefined,
): keyof typeof CHANGES {
  const table = tableOf(code.catalogBefore(again).table(again.table));
  const now = again.type === "AddColumn" ? again.column.type : table?.columns.get(again.column)?.type;
  if (now === undefined || type === undefined) return "unknown";
  return now === type ? "same" : "other";
}

/** Whether an earlier statement of the file reads the column to write it elsewhere. */
function isCopied(code: SqlSourceCode, dropped: OperationNodeOf<"DropColumn">): boolean {
  const { table, column } = dropped;
  return operationsBefore(code, dropped).some(
    (earlier) =>
      earlier.type === "WriteData" &&
      earlier.verb !== "delete" &&
      (isSameName(earlier.table, table) || earlier.reads?.includes(table.name) === true) &&
      (earlier.reads?.includes(column) === true ||
        earlier.sets?.some(({ from }) => from.includes(column)) === true),
  );
}
