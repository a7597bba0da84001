import { displayName, type QualifiedName, quotedName } from "@yantra-lint/core";
import type { SqlRuleContext } from "../define.ts";
import { defineRule } from "../define.ts";
import type { OperationNode, OperationNodeOf } from "../language/ast.ts";
import { nameOf } from "../language/lowered.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import { areAtOnce, isSameName, madeLater, nameBeforeFile, operationsBefore } from "../later.ts";
import { contractAfter, madeHere, tableOf } from "../questions.ts";
import { listed } from "../release.ts";
import { changesBeside } from "../renamed-table.ts";
import { isUpdatableViewOf } from "../views.ts";

const FAILS =
  "{{from}} becomes {{to}} while the release before this one still asks for {{from}}: its queries fail, and a rollback fails with them.";
const VIEW =
  "make a view under the old name in the same transaction, CREATE VIEW {{from}} AS SELECT * FROM {{to}}, which takes reads and writes{{refused}}";
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
      renamedWithColumns: `${FAILS} To keep both releases working, make a view under the old name in the same transaction, CREATE VIEW {{from}} AS SELECT … FROM {{to}}, that gives each column the name it had before and takes reads and writes{{refused}}; ${LATER}.`,
      renamedWithRequired: `${FAILS} A view under the old name does not help as it is: an INSERT through it leaves out {{columns}}, where this release neither takes NULL nor has a default. Keep a default there until no release writes to {{from}} any more; then a view in the same transaction, CREATE VIEW {{from}} AS SELECT … FROM {{to}} with the columns of before, takes reads and writes{{refused}}; ${LATER}.`,
      renamedAndChanged: `${FAILS} Make a table of the new name beside it instead, keep both filled, ship a release that uses {{to}} only, and ${LATER.replace("drop it", "drop the old one")}.`,
      renamedView: `${FAILS} Make a second {{what}} under the new name instead, and ${LATER.replace("drop it", "drop the old one")}.`,
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
        judge(context, operation, table, to, view && WHAT[view.kind]);
      },
      Other(operation) {
        if (!("RenameStmt" in operation.raw)) return;
        const { renameType, relation, newname = "" } = operation.raw.RenameStmt;
        if (renameType !== "OBJECT_VIEW" && renameType !== "OBJECT_MATVIEW") return;
        const name = nameOf(relation);
        if (madeHere(code.catalogBefore(operation).view(name)?.created)) return;
        judge(
          context,
          operation,
          name,
          newname,
          renameType === "OBJECT_VIEW" ? WHAT.view : WHAT.materializedView,
        );
      },
    };
  },
});

const WHAT = { view: "view", materializedView: "materialized view" } as const;

function judge(
  context: SqlRuleContext,
  operation: OperationNode,
  from: QualifiedName,
  to: string,
  what?: string,
): void {
  const code = context.sourceCode;
  if (contractAfter(code, operation) !== undefined) return;
  const again = madeLater(code, operation, from);
  const data = { from: displayName(from), to: displayName({ ...from, name: to }) };
  if (!again && what !== undefined)
    return context.report({ node: operation, messageId: "renamedView", data: { ...data, what } });
  if (!again) {
    const { required, refused, ...changes } = changesBeside(code, operation, from, to);
    const messageId = changes.dropsColumns
      ? "renamedAndChanged"
      : required.length > 0
        ? "renamedWithRequired"
        : changes.renamesColumns
          ? "renamedWithColumns"
          : "renamed";
    const but = refused.length > 0 ? `, but for ${listed(refused)}, which PostgreSQL refuses then` : "";
    const more = { columns: listed(required.map(quotedName)), refused: but };
    return context.report({ node: operation, messageId, data: { ...data, ...more } });
  }
  if (!areAtOnce(operation, again)) return context.report({ node: operation, messageId: "gap", data });
  if (what === undefined && again.type === "CreateView" && !isUpdatableViewOf(again, { ...from, name: to })) {
    context.report({ node: operation, messageId: "notUpdatable", data });
  }
}

/** The other half of a swap: an earlier rename of the file has made the name free for the table that replaces it. */
function isOtherHalf(code: SqlSourceCode, operation: OperationNodeOf<"RenameTable">): boolean {
  const name = { ...operation.table, name: operation.to };
  return operationsBefore(code, operation).some(
    (earlier) => earlier.type === "RenameTable" && isSameName(earlier.table, name),
  );
}
