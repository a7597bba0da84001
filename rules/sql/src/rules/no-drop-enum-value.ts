import type { Node } from "libpg-query";
import type { Enum } from "../catalog/catalog.ts";
import { defineRule } from "../define.ts";
import { enumsOfChange } from "../enum-values.ts";
import type { OperationNodeOf } from "../language/ast.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import { isSameName, operationsBefore } from "../later.ts";
import { shortName } from "../names.ts";
import { contractAfter, madeHere } from "../questions.ts";
import { columnName, listed } from "../release.ts";

/** An enum is made anew without values, and columns take its type: what is written there may be none of it any more. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/sql"],
    docs: {
      description: "Disallow taking values out of an enum",
      recommended: "error",
      phase: "contract",
      reversible: true,
    },
    schema: [],
    messages: {
      dropped:
        '{{type}} loses {{lost}}, and the release before this one may still write that to {{columns}} and ask for it: such queries fail with "invalid input value for enum" from the moment this has run, and a rollback of the code fails with them.{{rows}} Ship a release that does without first, move the rows, and take the value out in a later release; or leave it in the type, where it does no harm.',
    },
  },
  create(context) {
    const code = context.sourceCode;
    /** By the type that columns had before the file: one is made anew for all of them at once. */
    const losses = new Map<string, Loss>();
    return {
      AlterColumnType(operation) {
        const loss = lossBy(code, operation);
        if (!loss) return;
        const { schema, name } = loss.type;
        const known = losses.get(`${schema}.${name}`);
        if (known) known.operations.push(operation);
        else losses.set(`${schema}.${name}`, loss);
      },
      "File:exit"() {
        for (const { type, lost, operations } of losses.values()) {
          const [first] = operations;
          if (!first) continue;
          const columns = listed(operations.map(({ table, column }) => columnName(table, column)));
          const values = listed(lost.map((value) => `'${value}'`));
          const rows = operations.every((operation) => fitsRows(code, operation))
            ? ""
            : ` A row that holds ${lost.length > 1 ? "one of them" : "it"} makes this migration fail.`;
          const data = { type: shortName(type), lost: values, columns, rows };
          context.report({ node: first, messageId: "dropped", data });
        }
      },
    };
  },
});

type AlterColumnType = OperationNodeOf<"AlterColumnType">;

/** What columns lose that took the values of an enum before the file. */
interface Loss {
  type: Enum;
  lost: string[];
  operations: AlterColumnType[];
}

/** Undefined where nothing is lost, where it is not known which values there were, and where no release knows them. */
function lossBy(code: SqlSourceCode, operation: AlterColumnType): Loss | undefined {
  const enums = enumsOfChange(code, operation);
  if (!enums) return undefined;
  const { before: type, now, table, column } = enums;
  if (madeHere(table.created) || madeHere(column.added) || madeHere(type.created)) return undefined;
  const lost = type.values.filter((value) => !now.values.includes(value));
  if (lost.length === 0 || contractAfter(code, operation) !== undefined) return undefined;
  return { type, lost, operations: [operation] };
}

/** Whether the file sees to rows that hold what is lost: it writes the column or empties the table, or USING maps them. */
function fitsRows(code: SqlSourceCode, operation: AlterColumnType): boolean {
  const { table, column, raw } = operation;
  const definition = "AlterTableCmd" in raw ? raw.AlterTableCmd.def : undefined;
  const using = definition && "ColumnDef" in definition ? definition.ColumnDef.raw_default : undefined;
  if (using && !isCast(using)) return true;
  return operationsBefore(code, operation).some(
    (earlier) =>
      earlier.type === "WriteData" &&
      isSameName(earlier.table, table) &&
      (earlier.verb === "delete" ||
        earlier.verb === "truncate" ||
        earlier.sets?.some((set) => set.column === column) === true),
  );
}

/** Whether an expression is a column, cast from type to type. */
function isCast(node: Node): boolean {
  if ("TypeCast" in node) return node.TypeCast.arg !== undefined && isCast(node.TypeCast.arg);
  return "ColumnRef" in node;
}
