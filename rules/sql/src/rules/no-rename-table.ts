import { displayName, type QualifiedName } from "@yantra-lint/core";
import type { SqlRuleContext } from "../define.ts";
import { defineRule } from "../define.ts";
import type { OperationNode, OperationNodeOf } from "../language/ast.ts";
import { nameOf } from "../language/lowered.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import {
  areAtOnce,
  isSameName,
  madeLater,
  nameBeforeFile,
  operationsBefore,
  operationsWith,
} from "../later.ts";
import { contractAfter, madeHere, tableOf } from "../questions.ts";
import { demandsValue } from "../required-column.ts";
import { isUpdatableViewOf } from "../views.ts";

const FAILS =
  "{{from}} becomes {{to}} while the release before this one still asks for {{from}}: its queries fail, and a rollback fails with them.";
const VIEW =
  "make a view under the old name in the same transaction, CREATE VIEW {{from}} AS SELECT * FROM {{to}}, which takes reads and writes";
const LATER =
  "drop it in a later migration, with `-- @yantra-phase contract after=<the release that asks for {{to}}>` above the statement";

/** The names that PostgreSQL gives to sequences and indexes. */
const OTHER_NAMES = /_(?:seq|pkey|idx)$/;

/** A renamed table or view is gone for the release that is still running. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/sql"],
    docs: {
      description: "Disallow renaming a table or a view that the running release may use",
      recommended: "error",
      phase: "contract",
      reversible: true,
    },
    schema: [],
    messages: {
      renamed: `${FAILS} To keep both releases working, ${VIEW}; ${LATER}.`,
      renamedWithColumns: `${FAILS} To keep both releases working, make a view under the old name in the same transaction, CREATE VIEW {{from}} AS SELECT … FROM {{to}}, that gives each column the name it had before; ${LATER}.`,
      renamedAndChanged: `${FAILS} Make a table of the new name beside it instead, keep both filled, ship a release that uses {{to}} only, and ${LATER.replace("drop it", "drop the old one")}.`,
      renamedView: `${FAILS} Make a second view under the new name instead, and ${LATER.replace("drop it", "drop the old one")}.`,
      gap: `${FAILS} A later statement makes {{from}} again, but not in the same transaction: until then every query of it fails, for good if the migration stops in between. Put both statements into one transaction.`,
      notUpdatable: `${FAILS} The view that takes the name can be read, but PostgreSQL refuses INSERT, UPDATE and DELETE on it. Let it be a plain SELECT of columns FROM {{to}}, without joins, grouping, DISTINCT or LIMIT.`,
    },
  },
  create(context) {
    const code = context.sourceCode;
    return {
      RenameTable(operation) {
        const { table, to, ifExists } = operation;
        const catalog = code.catalogBefore(operation);
        const view = catalog.view(table);
        const answer = catalog.table(table);
        // ALTER TABLE renames indexes, sequences and views too.
        if (catalog.hasIndex(table) || (answer.state !== "known" && OTHER_NAMES.test(table.name))) return;
        if (ifExists && answer.state === "absent" && !view) return;
        const known = tableOf(answer);
        if (known?.temporary || madeHere(known?.created) || madeHere(view?.created)) return;
        if (!isSameName(nameBeforeFile(code, operation, table), table)) return;
        if (isOtherHalf(code, operation)) return;
        judge(context, operation, table, to, view !== undefined);
      },
      Other(operation) {
        if (!("RenameStmt" in operation.raw)) return;
        const { renameType, relation, newname = "" } = operation.raw.RenameStmt;
        if (renameType !== "OBJECT_VIEW" && renameType !== "OBJECT_MATVIEW") return;
        const name = nameOf(relation);
        if (madeHere(code.catalogBefore(operation).view(name)?.created)) return;
        judge(context, operation, name, newname, true);
      },
    };
  },
});

function judge(
  context: SqlRuleContext,
  operation: OperationNode,
  from: QualifiedName,
  to: string,
  isView: boolean,
): void {
  const code = context.sourceCode;
  if (contractAfter(code, operation) !== undefined) return;
  const again = madeLater(code, operation, from);
  const data = { from: displayName(from), to: displayName({ ...from, name: to }) };
  if (!again) {
    const messageId = isView ? "renamedView" : RENAMED[changeOf(code, operation, from, to)];
    return context.report({ node: operation, messageId, data });
  }
  if (!areAtOnce(operation, again)) return context.report({ node: operation, messageId: "gap", data });
  if (!isView && again.type === "CreateView" && !isUpdatableViewOf(again, { ...from, name: to })) {
    context.report({ node: operation, messageId: "notUpdatable", data });
  }
}

const RENAMED = { none: "renamed", names: "renamedWithColumns", more: "renamedAndChanged" } as const;

/** What else the file does to the columns of the table: a view makes up for new names, not for what is gone. */
function changeOf(
  code: SqlSourceCode,
  operation: OperationNode,
  from: QualifiedName,
  to: string,
): keyof typeof RENAMED {
  const others = operationsWith(code, operation).filter(
    (other) =>
      "table" in other && (isSameName(other.table, from) || isSameName(other.table, { ...from, name: to })),
  );
  const isMore = others.some(
    (other) => other.type === "DropColumn" || (other.type === "AddColumn" && demandsValue(other.column)),
  );
  if (isMore) return "more";
  return others.some(({ type }) => type === "RenameColumn") ? "names" : "none";
}

/** The other half of a swap: an earlier rename of the file has made the name free for the table that replaces it. */
function isOtherHalf(code: SqlSourceCode, operation: OperationNodeOf<"RenameTable">): boolean {
  const name = { ...operation.table, name: operation.to };
  return operationsBefore(code, operation).some(
    (earlier) => earlier.type === "RenameTable" && isSameName(earlier.table, name),
  );
}
