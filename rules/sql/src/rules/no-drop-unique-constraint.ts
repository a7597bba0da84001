import { type QualifiedName, quotedName } from "@yantra-lint/core";
import type { Table } from "../catalog/table.ts";
import { defineRule } from "../define.ts";
import type { OperationNode, OperationNodeOf } from "../language/ast.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import { isSameName, operationsAfter, operationsWith } from "../later.ts";
import { keysInWords, shortName } from "../names.ts";
import { contractAfter, madeHere, tableOf } from "../questions.ts";

/** What is unique is asked for: ON CONFLICT needs it, and so do lookups that expect one row. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/sql"],
    docs: {
      description:
        "Disallow dropping a unique constraint or index that nothing over the same columns replaces",
      recommended: "warn",
      phase: "contract",
      reversible: false,
    },
    schema: [],
    messages: {
      dropped:
        "{{what}} of {{table}} is dropped, and nothing in this migration or before it is unique over the same columns: where the release before this one sends INSERT … ON CONFLICT ({{columns}}), PostgreSQL refuses it, after a rollback too, and rows that come twice from now on keep the key from being made again{{reads}}. Build CREATE UNIQUE INDEX CONCURRENTLY over these columns first; or, when no release relies on them being unique, say so with `-- @yantra-phase contract after=<that release>` above the statement.",
    },
  },
  create(context) {
    const code = context.sourceCode;
    const check = (operation: Drop): void => {
      const key = keyOf(code, operation);
      if (!key || isUnknownToOthers(code, operation, key) || isReplaced(code, operation, key)) return;
      if (contractAfter(code, operation) !== undefined) return;
      const { table, columns, what } = key;
      const isServed = [...keysOf(table), ...table.indexes].some(
        (other) => other.name !== key.name && other.columns[0] === columns[0],
      );
      const data = {
        what,
        table: shortName(table),
        columns: keysInWords(columns),
        reads: isServed ? "" : "; queries that pick rows by them lose its index",
      };
      context.report({ node: operation, messageId: "dropped", data });
    };
    return { DropConstraint: check, DropIndex: check };
  },
});

type Drop = OperationNodeOf<"DropConstraint"> | OperationNodeOf<"DropIndex">;

/** What makes columns unique. */
interface Key {
  name?: string | undefined;
  columns: readonly string[];
}

/** The unique constraints and indexes of all rows, as far as the history tells. */
function keysOf({ constraints, indexes }: Table): Key[] {
  return [
    ...constraints.filter(({ type }) => type === "unique" || type === "primaryKey"),
    ...indexes.filter(({ unique, valid, predicate }) => unique && valid && predicate === undefined),
  ];
}

/** The key that an operation drops; undefined when it is none, or the history does not tell. */
function keyOf(code: SqlSourceCode, operation: Drop): (Key & { table: Table; what: string }) | undefined {
  const catalog = code.catalogBefore(operation);
  const isIndex = operation.type === "DropIndex";
  const of = isIndex ? catalog.tableOfIndex(operation.name) : operation.table;
  const table = of && tableOf(catalog.table(of));
  if (!table || catalog.view(of)) return undefined;
  const name = isIndex ? operation.name.name : operation.constraint;
  const key = keysOf(table).find((known) => known.name === name);
  if (!key) return undefined;
  const isPrimary = table.constraints.some((known) => known.name === name && known.type === "primaryKey");
  const kind = isIndex ? `The unique index ${quotedName(name)}` : isPrimary ? "PRIMARY KEY" : "UNIQUE";
  return { ...key, table, what: `${kind} (${keysInWords(key.columns)})` };
}

/** Whether no other release knows the key: the table, one of its columns or the key itself is new, or goes too. */
function isUnknownToOthers(
  code: SqlSourceCode,
  operation: Drop,
  { table, columns, name }: Key & { table: Table },
): boolean {
  if (table.temporary || madeHere(table.created)) return true;
  if (columns.some((column) => madeHere(table.columns.get(column)?.added))) return true;
  return operationsWith(code, operation).some((other) => {
    if (!("table" in other) || !isSameName(other.table, table)) return false;
    switch (other.type) {
      case "DropTable":
        return true;
      case "AddConstraint":
        return other.constraint.name === name && other.index < operation.index;
      case "CreateIndex":
        return other.name === name && other.index < operation.index;
      case "DropColumn":
      case "RenameColumn":
        return columns.includes(other.column);
      default:
        return false;
    }
  });
}

/** Whether the same columns, or some of them, are unique all the same: by something else, or by what the file makes. */
function isReplaced(
  code: SqlSourceCode,
  operation: Drop,
  { table, columns, name }: Key & { table: Table },
): boolean {
  const isWithin = (others: readonly string[]): boolean =>
    others.length > 0 && others.every((column) => columns.includes(column));
  if (keysOf(table).some((other) => other.name !== name && isWithin(other.columns))) return true;
  return operationsAfter(code, operation).some((later) => {
    const made = keyMadeBy(later);
    return made !== undefined && isSameName(made.table, table) && isWithin(made.columns);
  });
}

function keyMadeBy(later: OperationNode): { table: QualifiedName; columns: readonly string[] } | undefined {
  if (later.type === "CreateIndex" && later.unique && later.predicate === undefined) return later;
  if (later.type !== "AddConstraint") return undefined;
  const { type, columns } = later.constraint;
  return type === "unique" || type === "primaryKey" ? { table: later.table, columns } : undefined;
}
