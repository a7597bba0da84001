import type { Range } from "@yantra-lint/core";
import type { DoStmt, DropStmt, Node, RenameStmt } from "libpg-query";
import { readDoBlock } from "../bodies/do-block.ts";
import { lowerAlterTable } from "./lower-alter-table.ts";
import { lowerIndex } from "./lower-index.ts";
import { objectChanges } from "./lower-objects.ts";
import { lowerCreateTableAs, lowerSelect, lowerView } from "./lower-query.ts";
import { lowerSet, lowerTransaction } from "./lower-session.ts";
import { lowerCreateTable } from "./lower-table.ts";
import { lowerCopy, lowerDelete, lowerInsert, lowerUpdate, write } from "./lower-writes.ts";
import { lowered, type Lowered, nameFromList, nameOf, other } from "./lowered.ts";
import type { StatementSource } from "./statement-text.ts";

/** The operations of one parsed statement, in order. A statement that is not modelled gives one `Other`. */
export function lower(node: Node, source: StatementSource): Lowered[] {
  const { range } = source;
  if ("AlterTableStmt" in node) return lowerAlterTable(node.AlterTableStmt, source, node);
  if ("CreateStmt" in node) return lowerCreateTable(node.CreateStmt, source, node);
  if ("IndexStmt" in node) return [lowerIndex(node.IndexStmt, source, node)];
  if ("InsertStmt" in node) return lowerInsert(node.InsertStmt, range, node);
  if ("UpdateStmt" in node) return lowerUpdate(node.UpdateStmt, range, node);
  if ("DeleteStmt" in node) return lowerDelete(node.DeleteStmt, range, node);
  if ("MergeStmt" in node)
    return write(node.MergeStmt.relation, "merge", node.MergeStmt.withClause, range, node);
  if ("SelectStmt" in node) return lowerSelect(node.SelectStmt, range, node);
  if ("DropStmt" in node) return lowerDrop(node.DropStmt, source, node);
  if ("RenameStmt" in node) return [lowerRename(node.RenameStmt, source, node)];
  if ("TransactionStmt" in node) return [lowerTransaction(node.TransactionStmt, range, node)];
  if ("VariableSetStmt" in node) return [lowerSet(node.VariableSetStmt, range, node)];
  if ("CopyStmt" in node) return [lowerCopy(node.CopyStmt, range, node)];
  if ("CreateTableAsStmt" in node) return lowerCreateTableAs(node.CreateTableAsStmt, range, node);
  if ("ViewStmt" in node) return [lowerView(node.ViewStmt, range, node)];
  if ("TruncateStmt" in node) {
    return (node.TruncateStmt.relations ?? []).flatMap((relation) =>
      "RangeVar" in relation ? write(relation.RangeVar, "truncate", undefined, range, node) : [],
    );
  }
  if ("AlterObjectSchemaStmt" in node && node.AlterObjectSchemaStmt.objectType === "OBJECT_TABLE") {
    const { relation, newschema } = node.AlterObjectSchemaStmt;
    return [lowered("SetSchema", { table: nameOf(relation), to: newschema ?? "" }, range, node)];
  }
  if ("DoStmt" in node) return lowerDo(node.DoStmt, source, node);
  // What CREATE SCHEMA makes at once is not followed.
  const parts = "CreateSchemaStmt" in node && (node.CreateSchemaStmt.schemaElts ?? []).length > 0;
  const mentions = parts ? lowerCaseWords(source.text.slice(...range)) : undefined;
  return [
    other(node, range, mentions, takesAway(node) ? source.line : undefined, objectChanges(node, source)),
  ];
}

/** A DO block: what its statements do; what is put together as it runs may do anything to what the block names. */
function lowerDo(statement: DoStmt, source: StatementSource, raw: Node): Lowered[] {
  const { range } = source;
  const block = readDoBlock(statement, source, lower);
  if (!block || block.dynamic) {
    return [...(block?.operations ?? []), other(raw, range, lowerCaseWords(source.text.slice(...range)))];
  }
  return block.operations.length > 0 ? block.operations : [other(raw, range)];
}

/** DROP of whatever kind, REVOKE, and ALTER TYPE … RENAME VALUE. */
function takesAway(node: Node): boolean {
  if ("GrantStmt" in node) return node.GrantStmt.is_grant !== true;
  if ("AlterEnumStmt" in node) return node.AlterEnumStmt.oldVal !== undefined;
  return (Object.keys(node)[0] ?? "").startsWith("Drop");
}

/** The words of a text, each once, in lower case: whatever it may name. */
export function lowerCaseWords(text: string): string[] {
  return [...new Set(text.toLowerCase().match(/[a-z_\u0080-\uffff][\w$\u0080-\uffff]*/g))];
}

function lowerDrop(drop: DropStmt, source: StatementSource, raw: Node): Lowered[] {
  const ifExists = drop.missing_ok ?? false;
  const cascade = drop.behavior === "DROP_CASCADE";
  const objects = drop.objects ?? [];
  const range = source.range;
  const names = objects.length > 1 ? droppedNames(objects.length, source) : [];
  switch (drop.removeType) {
    case "OBJECT_TABLE":
    case "OBJECT_FOREIGN_TABLE":
      return objects.map((object, index) =>
        lowered("DropTable", { table: nameFromList(object), ifExists, cascade }, names[index] ?? range, raw),
      );
    case "OBJECT_INDEX":
      return objects.map((object) =>
        lowered(
          "DropIndex",
          { name: nameFromList(object), concurrently: drop.concurrent ?? false, ifExists },
          range,
          raw,
        ),
      );
    case "OBJECT_VIEW":
    case "OBJECT_MATVIEW": {
      const materialized = drop.removeType === "OBJECT_MATVIEW";
      return objects.map((object, index) =>
        lowered(
          "DropView",
          { name: nameFromList(object), materialized, ifExists, cascade },
          names[index] ?? range,
          raw,
        ),
      );
    }
    case "OBJECT_SCHEMA":
      return [
        other(
          raw,
          range,
          lowerCaseWords(source.text.slice(...range)),
          source.line,
          objectChanges(raw, source),
        ),
      ];
    default:
      return [other(raw, range, undefined, source.line, objectChanges(raw, source))];
  }
}

/** Where each name of `DROP … a, b CASCADE` stands; empty when the names cannot be told apart. */
function droppedNames(count: number, source: StatementSource): Range[] {
  const end = source.tokens.length;
  const parts = source.list(0, end);
  if (parts.length !== count) return [];
  return parts.map(([from, to], index) => {
    const last = index === count - 1 && ["CASCADE", "RESTRICT"].includes(source.word(to - 1)) ? to - 1 : to;
    // The first part holds the verb too: a name is its last word, or words joined by dots.
    let first = index === 0 ? last - 1 : from;
    while (source.word(first - 1) === ".") first -= 2;
    return source.rangeOf(first, last);
  });
}

function lowerRename(rename: RenameStmt, source: StatementSource, raw: Node): Lowered {
  const { range } = source;
  const table = nameOf(rename.relation);
  const to = rename.newname ?? "";
  const subject = rename.subname ?? "";
  const ofTable = rename.relationType === "OBJECT_TABLE" || rename.relationType === "OBJECT_FOREIGN_TABLE";
  switch (rename.renameType) {
    case "OBJECT_TABLE":
    case "OBJECT_FOREIGN_TABLE":
      return lowered("RenameTable", { table, to, ifExists: rename.missing_ok ?? false }, range, raw);
    case "OBJECT_COLUMN":
      if (!ofTable) return other(raw, range, undefined, undefined, objectChanges(raw, source));
      return lowered("RenameColumn", { table, column: subject, to }, range, raw);
    case "OBJECT_TABCONSTRAINT":
      return lowered("RenameConstraint", { table, constraint: subject, to }, range, raw);
    default:
      return other(raw, range, undefined, undefined, objectChanges(raw, source));
  }
}
