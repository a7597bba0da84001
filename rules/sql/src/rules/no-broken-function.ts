import { type QualifiedName, quotedName } from "@yantra-lint/core";
import { type BrokenFunction, functionsBrokenBy, type Lost } from "../bodies/broken.ts";
import { defineRule } from "../define.ts";
import type { OperationNode } from "../language/ast.ts";
import { isSameName, madeLater, operationsAfter } from "../later.ts";
import { shortName } from "../names.ts";

/**
 * Files that run later are not seen here. In most runners each is a transaction of its own: a function that a later
 * one replaces fails in between all the same. Where all pending migrations share one, nobody notices.
 */
const OF_THE_RUN = " (when one does so in the same run, which is one transaction here, nothing fails)";

/** A function's body is text to PostgreSQL: what it uses can be dropped, and nobody notices until it is called. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/sql"],
    docs: {
      description: "Disallow dropping or renaming what a function still uses",
      recommended: "error",
    },
    schema: [],
    messages: {
      called:
        "The function {{function}}, made in {{file}}, still uses {{lost}}, which is {{change}} here. PostgreSQL does not look into its body, so that the migration goes through; then every call that comes to that statement fails with `{{error}}`, until a migration replaces the function{{later}}. Replace it in this migration with CREATE OR REPLACE FUNCTION, or drop it.",
      fired:
        "The trigger function {{function}}, made in {{file}}, still uses {{lost}}, which is {{change}} here. PostgreSQL does not look into its body, so that the migration goes through; then {{statements}} fails with `{{error}}`, in every release, until a migration replaces the function{{later}}. Replace it in this migration with CREATE OR REPLACE FUNCTION, or drop the trigger.",
    },
  },
  create(context) {
    const code = context.sourceCode;
    function report(operation: OperationNode, lost: Lost, change: string): void {
      for (const broken of functionsBrokenBy(code, operation, lost)) {
        const { name, schema, created } = broken.function;
        const data = {
          function: shortName({ schema, name }),
          file: created.file.now ? "this file" : created.file.path,
          lost:
            lost.column === undefined
              ? `table ${shortName(lost.table)}`
              : `${shortName(lost.table)}.${quotedName(lost.column)}`,
          change,
          error: errorOf(broken, lost),
          later: operation.parent.parent.span === "run" ? OF_THE_RUN : "",
        };
        if (broken.triggers.length === 0) context.report({ node: operation, messageId: "called", data });
        else {
          const statements = statementsOf(broken);
          context.report({ node: operation, messageId: "fired", data: { ...data, statements } });
        }
      }
    }
    return {
      DropColumn(operation) {
        const { table, column } = operation;
        if (!isColumnMadeLater(operation, table, column)) report(operation, { table, column }, "dropped");
      },
      RenameColumn(operation) {
        const { table, column, to } = operation;
        if (isColumnMadeLater(operation, table, column)) return;
        report(operation, { table, column }, `renamed to ${quotedName(to)}`);
      },
      DropTable(operation) {
        const { table } = operation;
        if (!madeLater(code, operation, table)) report(operation, { table }, "dropped");
      },
      RenameTable(operation) {
        const { table, to } = operation;
        if (!madeLater(code, operation, table)) report(operation, { table }, `renamed to ${quotedName(to)}`);
      },
    };

    function isColumnMadeLater(operation: OperationNode, table: QualifiedName, column: string): boolean {
      return operationsAfter(code, operation).some(
        (later) =>
          ((later.type === "AddColumn" && later.column.name === column) ||
            (later.type === "RenameColumn" && later.to === column)) &&
          isSameName(later.table, table),
      );
    }
  },
});

/** What the server says (measured on 18: bodies/uses.test.ts). */
function errorOf({ row }: BrokenFunction, { table, column }: Lost): string {
  if (row !== undefined) return `record "${row}" has no field "${column}"`;
  return column === undefined
    ? `relation "${table.schema === undefined ? "" : `${table.schema}.`}${table.name}" does not exist`
    : `column "${column}" does not exist`;
}

/** `every INSERT or UPDATE of orders that fires it`. */
function statementsOf({ triggers }: BrokenFunction): string {
  const events = [...new Set(triggers.flatMap(({ events: each }) => each))].map((event) =>
    event.toUpperCase(),
  );
  const tables = [...new Set(triggers.map(({ table }) => shortName(table)))];
  return `every ${joined(events)} of ${joined(tables)} that fires it`;
}

function joined(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
