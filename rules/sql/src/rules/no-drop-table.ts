import { displayName, type QualifiedName } from "@yantra-lint/core";
import type { Catalog } from "../catalog/catalog.ts";
import { defineRule } from "../define.ts";
import type { OperationNode, OperationNodeOf } from "../language/ast.ts";
import { strings } from "../language/lowered.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import { untilCommit } from "../lock-duration.ts";
import { isRebuilt } from "../rebuild.ts";
import { listed } from "../release.ts";
import { areAtOnce, isSameName, madeLater, nameBeforeFile, operationsWith } from "../later.ts";
import { contractAfter, madeHere, tableOf } from "../questions.ts";

const DROPPED =
  "{{table}} is dropped while the release before this one still runs: its queries of the table fail, a rollback fails with them, and the data are gone.";
const CONFIRM = "with `-- @yantra-phase contract after=<that release>` above the statement";
const TWO_RELEASES = `Ship a release that no longer uses the table first; then drop it in a later migration, ${CONFIRM}.`;

/** Dropping a table or a view breaks the release that is still running; the rows of a table never come back. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/sql"],
    docs: {
      description:
        "Disallow dropping a table, a view, a schema or a database before the contract phase is confirmed",
      recommended: "error",
      uncertain: ["schemaUnknown"],
      phase: "contract",
      reversible: false,
    },
    schema: [],
    messages: {
      dropped: `${DROPPED} ${TWO_RELEASES}`,
      droppedWithReferences: `${DROPPED} And because of its foreign keys it takes an ACCESS EXCLUSIVE lock on {{referenced}} too, for which all queries there wait{{until}}. ${TWO_RELEASES}`,
      foreignTable: `DROP FOREIGN TABLE takes away {{table}} while the release before this one still runs: its queries of the table fail, and a rollback fails with them; the rows stay where the foreign server has them. ${TWO_RELEASES}`,
      replaced: `{{table}} is dropped and another relation takes its name: what this migration has not copied is gone, writes of the release before this one that come between copy and drop are too, and a rollback brings nothing back. Keep the old table under another name, and drop it in a later migration, ${CONFIRM}.`,
      replacedAfter: `{{table}} is dropped, and another relation takes its name afterwards: what this migration has not copied is gone, and a rollback brings nothing back. Keep the old table under another name, and drop it in a later migration, ${CONFIRM}.`,
      view: `{{command}} takes away {{view}}, and nothing here makes a view of that name again: queries of the release before this one that read there fail, and a rollback fails with them. Ship a release without such queries first; then make {{command}} a later migration, ${CONFIRM}.`,
      database: `DROP DATABASE takes away {{database}} with everything in it: whatever still runs on it fails, a rollback fails with it, and the data are gone. Ship a release that no longer uses it first; then drop it in a later migration, ${CONFIRM}.`,
      schema: `The schema {{schema}} is dropped with everything in it: the release before this one fails at each query of its tables, a rollback fails with it, and the data are gone. Ship a release that no longer uses them first; then drop the schema in a later migration, ${CONFIRM}.`,
      schemaUnknown: `It cannot be told from the migrations here what the schema {{schema}} holds, and CASCADE takes all of it: if the release before this one uses any of its tables, its queries of them fail, a rollback fails with them, and the data are gone. Ship a release that uses none of them first; then drop the schema in a later migration, ${CONFIRM}.`,
    },
  },
  create(context) {
    const code = context.sourceCode;
    return {
      DropTable(operation) {
        const answer = code.catalogBefore(operation).table(operation.table);
        const table = tableOf(answer);
        if (table?.temporary || madeHere(table?.created)) return;
        if (operation.ifExists && answer.state === "absent") return;
        if (contractAfter(code, operation) !== undefined) return;
        const before = nameBeforeFile(code, operation, operation.table);
        const referenced = referencedBy(code, operation);
        const data = { table: displayName(before) };
        const again = madeLater(code, operation, before);
        if (isForeign(operation)) {
          // The rows are not in it: what takes its name may have them all.
          if (again && areAtOnce(operation, again)) return;
          context.report({ node: operation, messageId: "foreignTable", data });
        } else if (again || isTaken(code, operation, before)) {
          if (again && isRebuilt(code, operation, again)) return;
          const after = again && again.type !== "RenameTable";
          context.report({ node: operation, messageId: after ? "replacedAfter" : "replaced", data });
        } else if (referenced.length > 0) {
          const messageId = "droppedWithReferences";
          context.report({
            node: operation,
            messageId,
            data: { ...data, referenced: listed(referenced), until: untilCommit(code, operation) },
          });
        } else context.report({ node: operation, messageId: "dropped", data });
      },
      Statement({ operations }) {
        for (const operation of operations) {
          const database = databaseDroppedBy(operation);
          if (database === undefined || contractAfter(code, operation) !== undefined) continue;
          context.report({ node: operation, messageId: "database", data: { database } });
        }
        const missed = operations.flatMap((operation) =>
          operation.type === "DropView" && isMissed(code, operation) ? [operation] : [],
        );
        const [node] = missed;
        if (!node) return;
        const { materialized } = node;
        const alike = missed.filter((other) => other.materialized === materialized);
        const view = listed(alike.map(({ name }) => displayName(name)));
        const command = materialized ? "DROP MATERIALIZED VIEW" : "DROP VIEW";
        context.report({ node, messageId: "view", data: { command, view } });
      },
      Other(operation) {
        if (contractAfter(code, operation) !== undefined) return;
        for (const schema of schemasDroppedBy(operation)) {
          const made = operationsWith(code, operation).some((other) => schemaMadeBy(other) === schema);
          const holds = code.catalogBefore(operation).holdsRelations(schema);
          if (made || holds === false) continue;
          const messageId = holds === "unknown" ? "schemaUnknown" : "schema";
          context.report({ node: operation, messageId, data: { schema } });
        }
      },
    };
  },
});

function isForeign({ raw }: OperationNode): boolean {
  return "DropStmt" in raw && raw.DropStmt.removeType === "OBJECT_FOREIGN_TABLE";
}

/** Whether the running release may read a view that is dropped and not made again. */
function isMissed(code: SqlSourceCode, operation: OperationNodeOf<"DropView">): boolean {
  const catalog = code.catalogBefore(operation);
  const view = catalog.view(operation.name);
  if (madeHere(view?.created) || madeLater(code, operation, operation.name)) return false;
  if (operation.ifExists && !view && isKnownMissing(catalog, operation.name)) return false;
  return contractAfter(code, operation) === undefined;
}

/** Whether an earlier statement has given the name that the table had before this file to another relation. */
function isTaken(code: SqlSourceCode, dropped: OperationNodeOf<"DropTable">, before: QualifiedName): boolean {
  if (isSameName(before, dropped.table)) return false;
  const catalog = code.catalogBefore(dropped);
  return tableOf(catalog.table(before))?.complete === true || catalog.view(before) !== undefined;
}

/** The tables that the foreign keys of a table point to, without those that the same statement drops. */
function referencedBy(code: SqlSourceCode, operation: OperationNodeOf<"DropTable">): string[] {
  const { table, parent } = operation;
  const catalog = code.catalogBefore(operation);
  const others = (tableOf(catalog.table(table))?.constraints ?? [])
    .flatMap(({ references }) => (references ? [references.table] : []))
    .filter(
      (other) =>
        !parent.operations.some((drop) => drop.type === "DropTable" && isSameName(drop.table, other)),
    );
  return [...new Set(others.map(displayName))];
}

/** IF EXISTS of a view that a complete history does not know. */
function isKnownMissing(catalog: Catalog, name: QualifiedName): boolean {
  return catalog.table(name).state === "absent";
}

/** The schemas of DROP SCHEMA … CASCADE; without CASCADE it refuses one that holds anything. */
function schemasDroppedBy({ raw }: OperationNodeOf<"Other">): string[] {
  if (!("DropStmt" in raw)) return [];
  const { removeType, behavior, objects } = raw.DropStmt;
  return removeType === "OBJECT_SCHEMA" && behavior === "DROP_CASCADE" ? strings(objects) : [];
}

function databaseDroppedBy({ raw }: OperationNode): string | undefined {
  return "DropdbStmt" in raw ? raw.DropdbStmt.dbname : undefined;
}

/** The schema of CREATE SCHEMA: one that the same file makes, or makes again. */
function schemaMadeBy(operation: { raw: OperationNodeOf<"Other">["raw"] }): string | undefined {
  return "CreateSchemaStmt" in operation.raw ? operation.raw.CreateSchemaStmt.schemaname : undefined;
}
