import type { OperationNodeOf } from "../../language/ast.ts";
import { nameOf } from "../../language/lowered.ts";
import type { Answer, Question } from "../row.ts";
import { tableIn } from "../schema.ts";
import { definition } from "./nodes.ts";

type Create = Question<OperationNodeOf<"CreateTable">>;

/** What IF EXISTS names is there. */
export function isThere({ operation, catalog }: Question<OperationNodeOf<"DropTable">>): Answer {
  if (!operation.ifExists) return true;
  const { state } = catalog.table(operation.table);
  return state === "known" ? true : state === "absent" ? false : "unknown";
}

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

/** Storage parameters that need no more than SHARE UPDATE EXCLUSIVE (`reloptions.c`, PostgreSQL 18). */
const LIGHT_PARAMETER =
  /^(?:fillfactor|toast_tuple_target|parallel_workers|vacuum_\w+|autovacuum_\w+|log_autovacuum_\w+)$/;

export function setsHeavyParameter({ operation }: Question): Answer {
  const def = definition(operation);
  const options = def && "List" in def ? (def.List.items ?? []) : [];
  return options.some((node) => "DefElem" in node && !LIGHT_PARAMETER.test(node.DefElem.defname ?? ""));
}

export function mayBeRenamed({ operation, catalog }: Question<OperationNodeOf<"RenameTable">>): Answer {
  if (!operation.ifExists) return true;
  const { state } = catalog.table(operation.table);
  return state === "known" ? true : state === "absent" ? false : "unknown";
}

/** The catalog does not hold a table's persistence, tablespace and access method. */
export function unlessSoAlready(): Answer {
  return "unknown";
}

/** The rows are not read when the partition's constraints imply its bounds. */
export function unlessImplied({ operation, catalog }: Question): Answer {
  const def = definition(operation);
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

export function hasTriggers({ operation: { altered }, catalog }: Question): Answer {
  const name = altered?.relation;
  const table = name && tableIn(catalog, nameOf(name));
  return table ? table.triggers.length > 0 : "unknown";
}
