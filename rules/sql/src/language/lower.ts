import type { ObjectChange, OperationDetails, Range } from "@yantra-lint/core";
import type {
  CopyStmt,
  CreateTableAsStmt,
  DeleteStmt,
  DoStmt,
  DropStmt,
  IndexStmt,
  InsertStmt,
  IntoClause,
  Node,
  RenameStmt,
  SelectStmt,
  TransactionStmt,
  UpdateStmt,
  VariableSetStmt,
  WithClause,
} from "libpg-query";
import { readDoBlock } from "../bodies/do-block.ts";
import { columnsIn, contains, sourcesIn } from "./expressions.ts";
import { afterName, lowerAlterTable } from "./lower-alter-table.ts";
import { figuredName } from "./column-name.ts";
import { objectChanges } from "./lower-objects.ts";
import { lowerCreateTable } from "./lower-table.ts";
import { lowered, type Lowered, nameFromList, nameOf, strings } from "./lowered.ts";
import { queryShape } from "./query-shape.ts";
import { Kind } from "./scanner.ts";
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
  if ("ViewStmt" in node) {
    const { view, query, aliases, replace } = node.ViewStmt;
    const shape = queryShape(query);
    const details: OperationDetails["CreateView"] = {
      name: nameOf(view),
      materialized: false,
      ...(replace ? { replace } : {}),
      ...(view?.relpersistence === "t" ? { temporary: true } : {}),
      ...(shape ? { query: shape } : {}),
      ...(aliases ? { columnNames: strings(aliases) } : {}),
    };
    return [lowered("CreateView", details, range, node)];
  }
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
  const mentions = parts ? wordsOf(source.text.slice(...range)) : undefined;
  return [
    other(node, range, mentions, takesAway(node) ? source.line : undefined, objectChanges(node, source)),
  ];
}

/** A DO block: what its statements do; what is put together as it runs may do anything to what the block names. */
function lowerDo(statement: DoStmt, source: StatementSource, raw: Node): Lowered[] {
  const { range } = source;
  const block = readDoBlock(statement, source, lower);
  if (!block || block.dynamic) {
    return [...(block?.operations ?? []), other(raw, range, wordsOf(source.text.slice(...range)))];
  }
  return block.operations.length > 0 ? block.operations : [other(raw, range)];
}

function other(
  node: Node,
  range: Range,
  mentions?: string[],
  what?: string,
  changes: ObjectChange[] = [],
): Lowered {
  const details = {
    tag: Object.keys(node)[0] ?? "",
    ...(mentions ? { mentions } : {}),
    ...(what === undefined ? {} : { what }),
    ...(changes.length > 0 ? { changes } : {}),
  };
  return lowered("Other", details, range, node);
}

/** DROP of whatever kind, REVOKE, and ALTER TYPE … RENAME VALUE. */
function takesAway(node: Node): boolean {
  if ("GrantStmt" in node) return node.GrantStmt.is_grant !== true;
  if ("AlterEnumStmt" in node) return node.AlterEnumStmt.oldVal !== undefined;
  return (Object.keys(node)[0] ?? "").startsWith("Drop");
}

/** The words of a text, each once, in lower case: whatever it may name. */
export function wordsOf(text: string): string[] {
  return [...new Set(text.toLowerCase().match(/[a-z_\u0080-\uffff][\w$\u0080-\uffff]*/g))];
}

function lowerIndex(index: IndexStmt, source: StatementSource, raw: Node): Lowered {
  const details: OperationDetails["CreateIndex"] = {
    table: nameOf(index.relation),
    columns: indexColumns(index, source),
    unique: index.unique ?? false,
    concurrently: index.concurrent ?? false,
    ifNotExists: index.if_not_exists ?? false,
    only: index.relation?.inh !== true,
    ...(index.idxname === undefined ? {} : { name: index.idxname }),
    ...indexDetails(index, source),
  };
  return lowered("CreateIndex", details, source.range, raw);
}

/** An index's columns as its default name has them (`ChooseIndexColumnNames`, PostgreSQL 18, indexcmds.c). */
function nameParts({ indexParams = [], indexIncludingParams = [] }: IndexStmt): string[] {
  const parts: string[] = [];
  for (const node of [...indexParams, ...indexIncludingParams]) {
    if (!("IndexElem" in node)) continue;
    const own = node.IndexElem.name ?? figuredName(node.IndexElem.expr) ?? "expr";
    let part = own;
    for (let i = 1; parts.includes(part); i += 1) part = `${own}${i}`;
    parts.push(part);
  }
  return parts;
}

function indexDetails(index: IndexStmt, source: StatementSource): Partial<OperationDetails["CreateIndex"]> {
  const { indexParams = [], indexIncludingParams = [], whereClause, accessMethod } = index;
  const include = indexIncludingParams.flatMap((node) =>
    "IndexElem" in node && node.IndexElem.name !== undefined ? [node.IndexElem.name] : [],
  );
  const expressions = indexParams.flatMap((node) => ("IndexElem" in node ? [node.IndexElem.expr] : []));
  const uses = columnsIn([...expressions, whereClause]);
  return {
    ...(index.idxname === undefined || include.length > 0 || expressions.some(Boolean)
      ? { nameParts: nameParts(index) }
      : {}),
    ...(include.length > 0 ? { include } : {}),
    ...(uses.length > 0 ? { uses } : {}),
    ...(whereClause ? { predicate: predicateText(index, source) } : {}),
    ...(accessMethod === undefined || accessMethod === "btree" ? {} : { method: accessMethod }),
  };
}

/** The text after the WHERE that stands outside of parentheses. */
function predicateText(index: IndexStmt, source: StatementSource): string {
  let at = source.indexFrom(source.at(index.relation?.location));
  while (at < source.tokens.length && source.word(at) !== "WHERE")
    at = source.kind(at) === Kind.OpenParen ? source.closing(at) + 1 : at + 1;
  return source.slice(at + 1, source.tokens.length);
}

/** Names of columns; an expression as its SQL text. */
function indexColumns(index: IndexStmt, source: StatementSource): string[] {
  const elements = (index.indexParams ?? []).flatMap((node) => ("IndexElem" in node ? [node.IndexElem] : []));
  const names = elements.map((element) => element.name);
  if (names.every((name) => name !== undefined)) return names;
  let open = afterName(source, source.at(index.relation?.location));
  while (open < source.tokens.length && source.kind(open) !== Kind.OpenParen) open += 1;
  const parts = source.list(open + 1, source.closing(open));
  return names.map((name, i) => name ?? source.slice(...(parts[i] ?? [0, 0])));
}

/** More literal rows than this are no handful. */
const FEW_ROWS = 1000;

function lowerInsert(insert: InsertStmt, range: Range, raw: Node): Lowered[] {
  const select =
    insert.selectStmt && "SelectStmt" in insert.selectStmt ? insert.selectStmt.SelectStmt : undefined;
  // Literal rows read nothing, and there may be thousands of them.
  const reads = select?.valuesLists ? [] : sourcesIn([insert.selectStmt, insert.withClause]);
  const details: OperationDetails["WriteData"] = {
    table: nameOf(insert.relation),
    verb: "insert",
    rows: rowsOf(select),
    ...(reads.length > 0 ? { reads } : {}),
  };
  return [...writesInWith(insert.withClause, range, raw), lowered("WriteData", details, range, raw)];
}

/** VALUES with a handful of rows, DEFAULT VALUES, and a SELECT of one row of plain values are few. */
function rowsOf(select: SelectStmt | undefined): "few" | "unknown" {
  if (!select) return "few";
  if (select.valuesLists) return select.valuesLists.length <= FEW_ROWS ? "few" : "unknown";
  const single = select.op === "SETOP_NONE" && !select.fromClause && !contains(select.targetList, "FuncCall");
  return single ? "few" : "unknown";
}

function write(
  relation: Parameters<typeof nameOf>[0],
  verb: OperationDetails["WriteData"]["verb"],
  clause: WithClause | undefined,
  range: Range,
  raw: Node,
): Lowered[] {
  return [
    ...writesInWith(clause, range, raw),
    lowered("WriteData", { table: nameOf(relation), verb, rows: "unknown" }, range, raw),
  ];
}

function lowerDelete(remove: DeleteStmt, range: Range, raw: Node): Lowered[] {
  const { whereClause, usingClause } = remove;
  const reads = [...columnsIn(whereClause), ...sourcesIn([whereClause, usingClause])];
  const details: OperationDetails["WriteData"] = {
    table: nameOf(remove.relation),
    verb: "delete",
    rows: "unknown",
    ...(whereClause || usingClause ? { reads: [...new Set(reads)] } : {}),
  };
  return [...writesInWith(remove.withClause, range, raw), lowered("WriteData", details, range, raw)];
}

function lowerUpdate(update: UpdateStmt, range: Range, raw: Node): Lowered[] {
  const set = (update.targetList ?? []).flatMap((node) => ("ResTarget" in node ? [node.ResTarget] : []));
  const sets = set.map(({ name = "", val }) => ({ column: name, from: columnsIn(val) }));
  const empty = nullColumns(update.whereClause);
  const reads = sourcesIn({ ...update, relation: undefined });
  const details: OperationDetails["WriteData"] = {
    table: nameOf(update.relation),
    verb: "update",
    rows: "unknown",
    overwrites: sets.map(({ column }) => column).filter((column) => !empty.includes(column)),
    sets,
    ...(reads.length > 0 ? { reads } : {}),
  };
  return [...writesInWith(update.withClause, range, raw), lowered("WriteData", details, range, raw)];
}

/** Columns that a condition demands to be NULL. */
function nullColumns(condition: Node | undefined): string[] {
  if (!condition) return [];
  if ("BoolExpr" in condition && condition.BoolExpr.boolop === "AND_EXPR") {
    return (condition.BoolExpr.args ?? []).flatMap((part) => nullColumns(part));
  }
  if (!("NullTest" in condition) || condition.NullTest.nulltesttype !== "IS_NULL") return [];
  const { arg } = condition.NullTest;
  return arg && "ColumnRef" in arg ? strings(arg.ColumnRef.fields).slice(-1) : [];
}

/** WITH x AS (INSERT … | UPDATE … | DELETE …). */
function writesInWith(clause: WithClause | undefined, range: Range, raw: Node): Lowered[] {
  return (clause?.ctes ?? []).flatMap((cte) => {
    const query = "CommonTableExpr" in cte ? cte.CommonTableExpr.ctequery : undefined;
    if (!query) return [];
    if ("InsertStmt" in query) return lowerInsert(query.InsertStmt, range, raw);
    if ("UpdateStmt" in query) return lowerUpdate(query.UpdateStmt, range, raw);
    if ("DeleteStmt" in query) return lowerDelete(query.DeleteStmt, range, raw);
    return [];
  });
}

function lowerSelect(select: SelectStmt, range: Range, raw: Node): Lowered[] {
  if (select.intoClause) return createFromQuery(select.intoClause, raw, false, range, raw);
  const [target] = select.targetList ?? [];
  const call = target && "ResTarget" in target ? target.ResTarget.val : undefined;
  if (call && "FuncCall" in call && strings(call.FuncCall.funcname).at(-1) === "set_config") {
    const [name = "", value = "", local = ""] = (call.FuncCall.args ?? []).map(constant);
    return [
      lowered("SetParameter", { name: name.toLowerCase(), value, local: /^t/i.test(local) }, range, raw),
    ];
  }
  const writes = writesInWith(select.withClause, range, raw);
  return writes.length > 0 ? writes : [other(raw, range)];
}

function lowerCreateTableAs(create: CreateTableAsStmt, range: Range, raw: Node): Lowered[] {
  if (create.objtype === "OBJECT_MATVIEW") {
    const shape = queryShape(create.query);
    const details: OperationDetails["CreateView"] = {
      name: nameOf(create.into?.rel),
      materialized: true,
      ...(create.if_not_exists ? { ifNotExists: true } : {}),
      ...(shape ? { query: shape } : {}),
      ...(create.into?.colNames ? { columnNames: strings(create.into.colNames) } : {}),
      ...(create.into?.skipData ? { populated: false } : {}),
    };
    return [lowered("CreateView", details, range, raw)];
  }
  return createFromQuery(create.into ?? {}, create.query, create.if_not_exists ?? false, range, raw);
}

/** CREATE TABLE … AS and SELECT … INTO: a table whose columns and rows are the query's. */
function createFromQuery(
  into: IntoClause,
  query: Node | undefined,
  ifNotExists: boolean,
  range: Range,
  raw: Node,
): Lowered[] {
  const table = nameOf(into.rel);
  const shape = queryShape(query);
  const create = lowered(
    "CreateTable",
    {
      table,
      columns: [],
      constraints: [],
      ifNotExists,
      temporary: into.rel?.relpersistence === "t",
      partitioned: false,
      columnsIncomplete: true,
      ...(shape ? { query: shape } : {}),
      ...(into.colNames ? { columnNames: strings(into.colNames) } : {}),
      ...(into.onCommit === "ONCOMMIT_DROP" ? { onCommitDrop: true } : {}),
    },
    range,
    raw,
  );
  if (into.skipData) return [create];
  const reads = sourcesIn(raw).filter((name) => name !== table.name);
  return [create, lowered("WriteData", { table, verb: "insert", rows: "unknown", reads }, range, raw)];
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
        other(raw, range, wordsOf(source.text.slice(...range)), source.line, objectChanges(raw, source)),
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

const VERBS: Partial<Record<NonNullable<TransactionStmt["kind"]>, OperationDetails["Transaction"]["verb"]>> =
  {
    TRANS_STMT_BEGIN: "begin",
    TRANS_STMT_START: "begin",
    TRANS_STMT_COMMIT: "commit",
    TRANS_STMT_ROLLBACK: "rollback",
    TRANS_STMT_SAVEPOINT: "savepoint",
    TRANS_STMT_RELEASE: "release",
    TRANS_STMT_ROLLBACK_TO: "rollbackTo",
  };

function lowerTransaction(transaction: TransactionStmt, range: Range, raw: Node): Lowered {
  const verb = transaction.kind && VERBS[transaction.kind];
  const { savepoint_name: name } = transaction;
  const details = { ...(name === undefined ? {} : { name }) };
  return verb ? lowered("Transaction", { verb, ...details }, range, raw) : other(raw, range);
}

function lowerSet(set: VariableSetStmt, range: Range, raw: Node): Lowered {
  const local = set.is_local ?? false;
  const name = (set.name ?? "").toLowerCase();
  switch (set.kind) {
    case "VAR_SET_VALUE":
      return lowered(
        "SetParameter",
        { name, value: (set.args ?? []).map(constant).join(", "), local },
        range,
        raw,
      );
    case "VAR_SET_DEFAULT":
    case "VAR_RESET":
      return lowered("SetParameter", { name, value: "default", local }, range, raw);
    default:
      return other(raw, range);
  }
}

/** A constant's text; empty for what is none. */
function constant(node: Node): string {
  if ("TypeCast" in node && node.TypeCast.arg) return constant(node.TypeCast.arg);
  if ("ColumnRef" in node) return strings(node.ColumnRef.fields).join(".");
  if (!("A_Const" in node)) return "";
  const { sval, fval, boolval, ival } = node.A_Const;
  if (sval) return sval.sval ?? "";
  if (fval) return fval.fval ?? "";
  if (boolval) return String(boolval.boolval ?? false);
  return ival ? String(ival.ival ?? 0) : "";
}

function lowerCopy(copy: CopyStmt, range: Range, raw: Node): Lowered {
  if (!copy.is_from) return other(raw, range);
  return lowered("WriteData", { table: nameOf(copy.relation), verb: "copy", rows: "unknown" }, range, raw);
}
