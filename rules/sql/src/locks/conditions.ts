import { displayName, type QualifiedName } from "@yantra-lint/core";
import type { ColumnDef, Constraint, DefElem, Node } from "libpg-query";
import type { OperationNode, OperationNodeOf } from "../language/ast.ts";
import { nameOf, strings } from "../language/lowered.ts";
import { isBuiltIn, typeChange } from "../language/type-change.ts";
import { isSerial } from "../language/types.ts";
import { type Answer, any, type Question } from "./row.ts";
import { constraintNamed, constraintsOver, tableIn } from "./schema.ts";
import { volatileFunctionsIn } from "./volatility.ts";

type Add = Question<OperationNodeOf<"AddColumn">>;
type AddKey = Question<OperationNodeOf<"AddConstraint">>;
type Retype = Question<OperationNodeOf<"AlterColumnType">>;
type Create = Question<OperationNodeOf<"CreateTable">>;

// ADD COLUMN

function columnNode({ raw }: OperationNode): ColumnDef | undefined {
  const def = "AlterTableCmd" in raw ? raw.AlterTableCmd.def : undefined;
  return def && "ColumnDef" in def ? def.ColumnDef : undefined;
}

function columnConstraints(operation: OperationNode): Constraint[] {
  return (columnNode(operation)?.constraints ?? []).flatMap((node) =>
    "Constraint" in node ? [node.Constraint] : [],
  );
}

/** ADD COLUMN IF NOT EXISTS of a column that is there changes nothing beside its lock. */
export function isAdded({ operation, catalog }: Add): Answer {
  if (!operation.ifNotExists) return true;
  const answer = catalog.table(operation.table);
  if (answer.state === "absent") return false;
  if (answer.table.columns.has(operation.column.name)) return false;
  return answer.state === "known" && answer.table.columnsComplete ? true : "unknown";
}

/** A default that may differ from row to row; a constant or stable one is kept beside the table. */
export function hasVolatileDefault({ operation }: Add): Answer {
  return columnConstraints(operation).some(
    ({ contype, raw_expr }) => contype === "CONSTR_DEFAULT" && volatileFunctionsIn(raw_expr).length > 0,
  );
}

export function isSerialColumn({ operation }: Add): Answer {
  return isSerial(operation.column.type);
}

export function isGenerated(as: "stored" | "virtual" | "identity"): (question: Add) => Answer {
  return ({ operation }) => operation.column.generated === as;
}

/** A type that is a domain with constraints has its value computed and checked for every row. */
export function isConstrainedDomain({ operation, catalog }: Add): Answer {
  return domainIsConstrained(operation.column.type, catalog);
}

function domainIsConstrained(type: string, catalog: Add["catalog"]): Answer {
  if (isBuiltIn(type) || type.endsWith("[]")) return false;
  const domain = catalog.domainOf(typeName(type));
  if (domain) {
    return any([domain.checks.length > 0, domain.notNull, domainIsConstrained(domain.base, catalog)]);
  }
  // The catalog knows no other type of that name either when it is an extension's.
  return catalog.enumOf(typeName(type)) ? false : "unknown";
}

function typeName(type: string): { schema?: string; name: string } {
  const [name = type, schema] = type
    .replace(/\(.*\)$/, "")
    .split(".")
    .reverse();
  return schema === undefined ? { name } : { schema, name };
}

export function hasCheck({ operation }: Add): Answer {
  return operation.column.checks.length > 0;
}

export function hasIndex({ operation }: Add): Answer {
  return operation.column.unique || operation.column.primaryKey;
}

export function hasReference({ operation }: Add): Answer {
  return operation.column.references !== undefined;
}

/** Even DEFAULT NULL: `transformAlterTableStmt` skips the check only of columns without any (PostgreSQL 13 on). */
export function hasDefault({ operation }: Add): Answer {
  const { default: value, generated, type } = operation.column;
  return value !== undefined || generated === "stored" || generated === "virtual" || isSerial(type);
}

/** NOT NULL, and nothing that fills the rows: they are read to see whether there are any. */
export function isRequiredWithoutValue({ operation }: Add): Answer {
  const { notNull, default: value, generated, type } = operation.column;
  if (!notNull || isSerial(type) || generated === "stored" || generated === "identity") return false;
  if (value !== undefined) return value.toLowerCase() === "null";
  // The value may be the default of a domain.
  return isBuiltIn(type) || type.endsWith("[]") ? true : "unknown";
}

// Constraints

export function isOfType(
  ...types: OperationNodeOf<"AddConstraint">["constraint"]["type"][]
): (question: AddKey) => Answer {
  return ({ operation }) => types.includes(operation.constraint.type);
}

export function isValidated({ operation }: AddKey): Answer {
  return operation.constraint.validated;
}

export function usesIndex({ operation }: AddKey): Answer {
  return operation.constraint.usingIndex !== undefined;
}

function constraintNode({ raw }: OperationNode): Constraint | undefined {
  const def = "AlterTableCmd" in raw ? raw.AlterTableCmd.def : undefined;
  return def && "Constraint" in def ? def.Constraint : undefined;
}

export function isInherited({ operation }: AddKey): Answer {
  return constraintNode(operation)?.is_no_inherit !== true;
}

/** PRIMARY KEY and NOT NULL read the rows when a column may hold NULL. */
export function hasNullableColumn({ operation, catalog, server }: AddKey): Answer {
  const table = tableIn(catalog, operation.table);
  const { usingIndex, columns } = operation.constraint;
  const index = table?.indexes.find(({ name }) => name === usingIndex);
  if (usingIndex !== undefined && !index) return "unknown";
  return any((index?.columns ?? columns).map((column) => mayHoldNull(table, column, server.version)));
}

function mayHoldNull(table: ReturnType<typeof tableIn>, column: string, version: number): Answer {
  const known = table?.columns.get(column);
  if (known?.notNull) return false;
  const proven = table?.constraints.some(
    ({ validated, provesNotNull }) => validated && provesNotNull.includes(column),
  );
  // PostgreSQL 12: a valid CHECK is proof enough.
  if (proven && version >= 12) return false;
  return known && table?.complete ? true : "unknown";
}

export function columnMayHoldNull({
  operation,
  catalog,
  server,
}: Question<OperationNodeOf<"SetNotNull">>): Answer {
  const table = tableIn(catalog, operation.table);
  const answer = mayHoldNull(table, operation.column, server.version);
  // A table that the history has not made is read unless something proves the column.
  return answer === "unknown" && table?.complete === false ? true : answer;
}

type Named = Question<OperationNodeOf<"ValidateConstraint"> | OperationNodeOf<"DropConstraint">>;

export function isForeignKey({ operation, catalog }: Named): Answer {
  const constraint = constraintNamed(tableIn(catalog, operation.table), operation.constraint);
  return constraint ? constraint.type === "foreignKey" : "unknown";
}

export function isNotYetValid({ operation, catalog }: Named): Answer {
  const constraint = constraintNamed(tableIn(catalog, operation.table), operation.constraint);
  return constraint ? !constraint.validated : true;
}

export function isCascading({ operation }: { operation: OperationNode }): Answer {
  if ("cascade" in operation) return operation.cascade;
  if ("TruncateStmt" in operation.raw) return operation.raw.TruncateStmt.behavior === "DROP_CASCADE";
  return "DropStmt" in operation.raw && operation.raw.DropStmt.behavior === "DROP_CASCADE";
}

/** What IF EXISTS names is there. */
export function isThere({ operation, catalog }: Question<OperationNodeOf<"DropTable">>): Answer {
  if (!operation.ifExists) return true;
  const { state } = catalog.table(operation.table);
  return state === "known" ? true : state === "absent" ? false : "unknown";
}

// ALTER COLUMN TYPE

function change({ operation, catalog }: Retype): ReturnType<typeof typeChange> {
  const from = tableIn(catalog, operation.table)?.columns.get(operation.column)?.type;
  return from === undefined ? "unknown" : typeChange(from, operation.to);
}

/** Whether USING computes anything but the column, or a cast of it to the new type. */
function computes({ operation }: Retype): Answer {
  const expression = columnNode(operation)?.raw_default;
  if (!expression) return false;
  if (isColumn(expression, operation.column)) return false;
  const arg = "TypeCast" in expression ? expression.TypeCast.arg : undefined;
  if (arg && isColumn(arg, operation.column)) return false;
  return "FuncCall" in expression || "A_Expr" in expression || "CaseExpr" in expression ? true : "unknown";
}

function isColumn(node: Node, column: string): boolean {
  return "ColumnRef" in node && strings(node.ColumnRef.fields).at(-1) === column;
}

export function rewritesRows(question: Retype): Answer {
  const { catalog, operation, server } = question;
  const computed = computes(question);
  if (computed === true) return true;
  const plain = ((): Answer => {
    switch (change(question)) {
      case "nothing":
        return false;
      case "rewrite":
        return true;
      case "rewriteUnlessUtc":
        return server.timeZone === undefined ? "unknown" : !isUtc(server.timeZone);
      case "rewriteUnlessDomain": {
        const from = tableIn(catalog, operation.table)?.columns.get(operation.column)?.type ?? "";
        return changesDomain(from, operation.to, catalog);
      }
      default:
        return "unknown";
    }
  })();
  return any([plain, computed]);
}

/** From a domain to its base nothing changes; to a domain nothing either, unless it has constraints. */
function changesDomain(from: string, to: string, catalog: Retype["catalog"]): Answer {
  const source = catalog.domainOf(typeName(from));
  const target = catalog.domainOf(typeName(to));
  if (source?.base === to) return false;
  if (target?.base === from) return domainIsConstrained(to, catalog);
  if (source || target) return "unknown";
  const enums = [from, to].some((type) => catalog.enumOf(typeName(type)));
  return enums ? true : "unknown";
}

function isUtc(zone: string): boolean {
  return /^(?:etc\/)?(?:utc|gmt|uct|zulu|universal|greenwich)(?:[+-]?0)?$/i.test(zone);
}

/** A foreign key is checked anew when its columns no longer have the type they had. */
export function rechecksKey(question: Retype): Answer {
  const { operation, catalog } = question;
  const table = tableIn(catalog, operation.table);
  const valid = constraintsOver(table, operation.column).some(
    ({ type, validated }) => type === "foreignKey" && validated,
  );
  return valid ? rewritesRows(question) : false;
}

/** The checks over a column are made anew with it. */
export function rechecksRows({ operation, catalog }: Retype): Answer {
  return constraintsOver(tableIn(catalog, operation.table), operation.column).some(
    ({ type, validated }) => type === "check" && validated,
  );
}

// Tables, indexes and views

/** IF NOT EXISTS with a table that is there does nothing. */
export function isMade({ operation, catalog }: Create): Answer {
  if (!operation.ifNotExists) return true;
  const { state } = catalog.table(operation.table);
  return state === "absent" ? true : state === "known" ? false : "unknown";
}

export function isPartition({ operation }: Create): Answer {
  return operation.partitionOf !== undefined;
}

export function inherits({ operation }: Create): Answer {
  const parents = "CreateStmt" in operation.raw ? operation.raw.CreateStmt.inhRelations : undefined;
  return operation.partitionOf === undefined && (parents?.length ?? 0) > 0;
}

export function isConcurrent({ operation }: { operation: OperationNode }): Answer {
  if ("concurrently" in operation) return operation.concurrently;
  const { raw } = operation;
  if ("RefreshMatViewStmt" in raw) return raw.RefreshMatViewStmt.concurrent === true;
  if ("ReindexStmt" in raw) return hasOption(raw.ReindexStmt.params, "concurrently");
  const def = "AlterTableCmd" in raw ? raw.AlterTableCmd.def : undefined;
  return def !== undefined && "PartitionCmd" in def && def.PartitionCmd.concurrent === true;
}

export function isBuilt({ operation, catalog }: Question<OperationNodeOf<"CreateIndex">>): Answer {
  const { ifNotExists, name, table } = operation;
  if (ifNotExists && name !== undefined) {
    const schema = tableIn(catalog, table)?.schema;
    if (catalog.hasIndex(schema === undefined ? { name } : { schema, name })) return false;
  }
  return true;
}

/** A partitioned table has no rows itself. */
export function isPlain({ operation, catalog }: Question<OperationNodeOf<"CreateIndex">>): Answer {
  return tableIn(catalog, operation.table)?.partitioned !== true;
}

export function isRecursive({ operation }: Question<OperationNodeOf<"CreateIndex">>): Answer {
  return !operation.only;
}

export function replaces({ operation, catalog }: Question<OperationNodeOf<"CreateView">>): Answer {
  const { raw, name } = operation;
  if (!("ViewStmt" in raw) || raw.ViewStmt.replace !== true) return false;
  return catalog.view(name) ? true : catalog.table(name).state === "absent" ? false : "unknown";
}

export function viewIsThere({ operation, catalog }: Question<OperationNodeOf<"DropView">>): Answer {
  if (!operation.ifExists || catalog.view(operation.name)) return true;
  return catalog.table(operation.name).state === "absent" ? false : "unknown";
}

export function isVerb(
  ...verbs: OperationNodeOf<"WriteData">["verb"][]
): (question: Question<OperationNodeOf<"WriteData">>) => Answer {
  return ({ operation }) => verbs.includes(operation.verb);
}

// Other statements

function hasOption(options: readonly Node[] | undefined, name: string): boolean {
  return (options ?? []).some(
    (node) => "DefElem" in node && node.DefElem.defname === name && isOn(node.DefElem),
  );
}

function isOn({ arg }: DefElem): boolean {
  if (!arg) return true;
  if ("Boolean" in arg) return arg.Boolean.boolval === true;
  return !("String" in arg && /^(?:false|off|0)$/i.test(arg.String.sval ?? ""));
}

/** Storage parameters that need no more than SHARE UPDATE EXCLUSIVE (`reloptions.c`, PostgreSQL 18). */
const LIGHT_PARAMETER =
  /^(?:fillfactor|toast_tuple_target|parallel_workers|vacuum_\w+|autovacuum_\w+|log_autovacuum_\w+)$/;

export function setsHeavyParameter({ operation }: Question): Answer {
  const { raw } = operation;
  const def = "AlterTableCmd" in raw ? raw.AlterTableCmd.def : undefined;
  const options = def && "List" in def ? (def.List.items ?? []) : [];
  return options.some((node) => "DefElem" in node && !LIGHT_PARAMETER.test(node.DefElem.defname ?? ""));
}

export function vacuums(how: "full" | "plain" | "analyze"): (question: Question) => Answer {
  return ({ operation: { raw } }) => {
    if (!("VacuumStmt" in raw)) return false;
    const { options, is_vacuumcmd } = raw.VacuumStmt;
    if (is_vacuumcmd !== true) return how === "analyze";
    return (hasOption(options, "full") ? "full" : "plain") === how;
  };
}

export function reindexes(...kinds: ("table" | "index" | "more")[]): (question: Question) => Answer {
  return ({ operation: { raw } }) => {
    if (!("ReindexStmt" in raw)) return false;
    const { kind } = raw.ReindexStmt;
    if (kind === "REINDEX_OBJECT_TABLE") return kinds.includes("table");
    return kinds.includes(kind === "REINDEX_OBJECT_INDEX" ? "index" : "more");
  };
}

export function drops(...kinds: string[]): (question: Question) => Answer {
  return ({ operation: { raw } }) => "DropStmt" in raw && kinds.includes(raw.DropStmt.removeType ?? "");
}

/** What IF EXISTS names may not be there. */
export function isNamedSurely({ operation: { raw } }: Question): Answer {
  return "DropStmt" in raw && raw.DropStmt.missing_ok === true ? "unknown" : true;
}

export function renames(...kinds: string[]): (question: Question) => Answer {
  return ({ operation: { raw } }) => {
    if (!("RenameStmt" in raw)) return false;
    const { renameType, relationType } = raw.RenameStmt;
    if (renameType !== "OBJECT_COLUMN") return kinds.includes(renameType ?? "");
    return kinds.includes("OBJECT_COLUMN") && relationType !== "OBJECT_INDEX";
  };
}

/** ALTER VIEW, INDEX, SEQUENCE, TYPE … SET SCHEMA, and ALTER … with commands of its own. */
export function alters(...kinds: string[]): (question: Question) => Answer {
  return ({ operation: { raw } }) => {
    if ("AlterObjectSchemaStmt" in raw) return kinds.includes(raw.AlterObjectSchemaStmt.objectType ?? "");
    return "AlterTableStmt" in raw && kinds.includes(raw.AlterTableStmt.objtype ?? "");
  };
}

export function comments(...kinds: string[]): (question: Question) => Answer {
  return ({ operation: { raw } }) => "CommentStmt" in raw && kinds.includes(raw.CommentStmt.objtype ?? "");
}

/** The mode of LOCK TABLE, as `lockdefs.h` counts them: 1 is ACCESS SHARE, 8 ACCESS EXCLUSIVE. */
export function locksWith(mode: number): (question: Question) => Answer {
  return ({ operation: { raw } }) => "LockStmt" in raw && raw.LockStmt.mode === mode;
}

export function domainCommand(...subtypes: string[]): (question: Question) => Answer {
  return ({ operation: { raw } }) => {
    if (!("AlterDomainStmt" in raw)) return false;
    const { subtype, def } = raw.AlterDomainStmt;
    const skipped = def && "Constraint" in def && def.Constraint.skip_validation === true;
    return subtypes.includes(subtype ?? "") && !skipped;
  };
}

export function locksRows({ operation: { raw } }: Question): Answer {
  return "SelectStmt" in raw && (raw.SelectStmt.lockingClause?.length ?? 0) > 0;
}

export function callsCode({ operation: { raw } }: Question): Answer {
  return volatileFunctionsIn(raw).some((name) => !HARMLESS.test(name));
}

/** Volatile functions of PostgreSQL's own that touch no table. */
const HARMLESS =
  /^(?:pg_catalog\.)?(?:setval|nextval|currval|lastval|set_config|random|gen_random_uuid|uuidv[47]|clock_timestamp|pg_sleep|pg_notify|pg_(?:try_)?advisory_\w+|count|max|min|sum|avg|array_agg|string_agg|json_agg|jsonb_agg|bool_and|bool_or|every)$/;

export function keepsRows({ operation: { raw } }: Question): Answer {
  return "RefreshMatViewStmt" in raw && raw.RefreshMatViewStmt.skipData !== true;
}

/** To ENFORCED: what was not checked before is. */
export function enforces({ operation }: Question): Answer {
  return enforcement(operation) === true;
}

export function liftsEnforcement({ operation }: Question): Answer {
  return enforcement(operation) === false;
}

function enforcement({ raw }: OperationNode): boolean | undefined {
  const def = "AlterTableCmd" in raw ? raw.AlterTableCmd.def : undefined;
  const altered = def && "ATAlterConstraint" in def ? def.ATAlterConstraint : undefined;
  return altered?.alterEnforceability === true ? altered.is_enforced === true : undefined;
}

export function mayBeRenamed({ operation, catalog }: Question<OperationNodeOf<"RenameTable">>): Answer {
  if (!operation.ifExists) return true;
  const { state } = catalog.table(operation.table);
  return state === "known" ? true : state === "absent" ? false : "unknown";
}

/** A check that partitions have too, by its name. */
export function isCheckOfAll({ operation, catalog }: Question<OperationNodeOf<"RenameConstraint">>): Answer {
  const constraint = constraintNamed(tableIn(catalog, operation.table), operation.constraint);
  return constraint ? constraint.type === "check" : "unknown";
}

/** What the rows decide: a key is looked up only for values that are there, a partition opened only for its rows. */
export function dependsOnRows(): Answer {
  return "unknown";
}

/** The catalog does not hold a table's persistence, tablespace and access method. */
export function unlessSoAlready(): Answer {
  return "unknown";
}

/** The catalog does not hold how a column is generated. */
export function unlessVirtual({ server }: Question): Answer {
  return server.version < 18 ? true : "unknown";
}

/** The rows are not read when the partition's constraints imply its bounds. */
export function unlessImplied({ operation: { raw }, catalog }: Question): Answer {
  const def = "AlterTableCmd" in raw ? raw.AlterTableCmd.def : undefined;
  const name = def && "PartitionCmd" in def ? def.PartitionCmd.name : undefined;
  const table = name && tableIn(catalog, nameOf(name));
  return table?.complete && !table.constraints.some(({ type }) => type === "check") ? true : "unknown";
}

/** Indexes of the partitioned table that the partition has no like of. */
export function hasIndexesToBuild({ operation, catalog }: Question): Answer {
  const { raw } = operation.parent;
  const name = "AlterTableStmt" in raw ? raw.AlterTableStmt.relation : undefined;
  const table = name && tableIn(catalog, nameOf(name));
  if (!table?.complete) return "unknown";
  const keys = table.constraints.filter(({ type }) => type === "primaryKey" || type === "unique");
  return table.indexes.length + keys.length > 0 ? "unknown" : false;
}

/** An index over the column is built anew when its values are stored alike but sort by other operators. */
export function rebuildsIndex(question: Retype): Answer {
  const { operation, catalog } = question;
  const table = tableIn(catalog, operation.table);
  const { column } = operation;
  const indexes = table?.indexes ?? [];
  if (rewritesRows(question) !== false) return false;
  // An expression over the column is another expression afterwards.
  if (indexes.some(({ uses }) => uses?.includes(column))) {
    return table?.columns.get(column)?.type === operation.to ? false : true;
  }
  const plain = indexes.some(({ columns }) => columns.includes(column));
  const keys = constraintsOver(table, column).some(({ type }) =>
    ["primaryKey", "unique", "exclude"].includes(type),
  );
  if (!plain && !keys) return false;
  const from = table?.columns.get(operation.column)?.type ?? "";
  const isText = /^(?:text|character varying)/;
  if (columnNode(operation)?.collClause) return true;
  return isText.test(from) && isText.test(operation.to) ? false : family(from) !== family(operation.to);
}

function family(type: string): string {
  return type.replace(/\(.*?\)/, "");
}

/** Whether triggers run: the table's own, or those of tables that a foreign key of theirs makes follow. */
export function firesTriggers({ operation, catalog }: Question<OperationNodeOf<"WriteData">>): Answer {
  const seen = new Set<string>();
  const reaches = (name: QualifiedName): boolean => {
    if (seen.has(displayName(name))) return false;
    seen.add(displayName(name));
    if ((tableIn(catalog, name)?.triggers.length ?? 0) > 0) return true;
    if (operation.verb === "insert" || operation.verb === "copy") return false;
    return catalog.foreignKeysTo(name).some(({ table }) => reaches(table));
  };
  const isWrittenBelow = operation.verb !== "insert" && operation.verb !== "copy";
  if (reaches(operation.table)) return true;
  // A foreign key that follows may have others that follow it.
  return isWrittenBelow && seen.size > 2;
}

export function isNotNull({ operation, catalog }: Question<OperationNodeOf<"DropNotNull">>): Answer {
  const table = tableIn(catalog, operation.table);
  return table?.columns.get(operation.column)?.notNull ?? (table?.complete ? false : "unknown");
}

export function hasTriggers({ operation: { altered }, catalog }: Question): Answer {
  const name = altered?.relation;
  const table = name && tableIn(catalog, nameOf(name));
  return table ? table.triggers.length > 0 : "unknown";
}
