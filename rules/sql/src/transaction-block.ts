import type { Node } from "libpg-query";
import type { OperationNode, ReadStatementNode } from "./language/ast.ts";

/**
 * What PostgreSQL calls an operation that it refuses inside a transaction block, as its error message has it
 * ("… cannot run inside a transaction block", SQLSTATE 25001); undefined for all others. REFRESH MATERIALIZED VIEW
 * CONCURRENTLY is none of them, nor is REINDEX of one table or index. Measured on 18.6. Left out are commands that
 * it refuses depending on what they meet: DROP SUBSCRIPTION, and REINDEX or CLUSTER of a partitioned table.
 */
export function refusedInTransaction(operation: OperationNode): string | undefined {
  switch (operation.type) {
    case "CreateIndex":
      return operation.concurrently ? "CREATE INDEX CONCURRENTLY" : undefined;
    case "DropIndex":
      return operation.concurrently ? "DROP INDEX CONCURRENTLY" : undefined;
    case "Other":
      return refusedStatement(operation.raw);
    default:
      return undefined;
  }
}

/** Whether a statement is DROP INDEX CONCURRENTLY of several, which PostgreSQL 18.6 refuses everywhere. */
export function dropsSeveralConcurrently({ raw }: ReadStatementNode): boolean {
  if (!("DropStmt" in raw)) return false;
  const { removeType, concurrent, objects = [] } = raw.DropStmt;
  return removeType === "OBJECT_INDEX" && concurrent === true && objects.length > 1;
}

function refusedStatement(raw: Node): string | undefined {
  if ("AlterTableCmd" in raw) {
    const { def } = raw.AlterTableCmd;
    const concurrent = def && "PartitionCmd" in def && def.PartitionCmd.concurrent === true;
    return concurrent ? "ALTER TABLE … DETACH CONCURRENTLY" : undefined;
  }
  if ("ReindexStmt" in raw) {
    const { kind, params } = raw.ReindexStmt;
    if (isOn(params, "concurrently")) return "REINDEX CONCURRENTLY";
    const [, whole] = /^REINDEX_OBJECT_(SCHEMA|DATABASE|SYSTEM)$/.exec(kind ?? "") ?? [];
    return whole && `REINDEX ${whole}`;
  }
  if ("VacuumStmt" in raw) return raw.VacuumStmt.is_vacuumcmd ? "VACUUM" : undefined;
  if ("ClusterStmt" in raw) return raw.ClusterStmt.relation ? undefined : "CLUSTER";
  if ("CreatedbStmt" in raw) return "CREATE DATABASE";
  if ("DropdbStmt" in raw) return "DROP DATABASE";
  if ("CreateTableSpaceStmt" in raw) return "CREATE TABLESPACE";
  if ("DropTableSpaceStmt" in raw) return "DROP TABLESPACE";
  if ("AlterSystemStmt" in raw) return "ALTER SYSTEM";
  if ("AlterDatabaseStmt" in raw)
    return option(raw.AlterDatabaseStmt.options, "tablespace") && "ALTER DATABASE SET TABLESPACE";
  if ("DiscardStmt" in raw) return raw.DiscardStmt.target === "DISCARD_ALL" ? "DISCARD ALL" : undefined;
  if ("CreateSubscriptionStmt" in raw) {
    const { options } = raw.CreateSubscriptionStmt;
    return isOn(options, "create_slot", isOn(options, "connect", true)) ? "CREATE SUBSCRIPTION" : undefined;
  }
  return undefined;
}

type Option = Extract<Node, { DefElem: unknown }>["DefElem"];

function option(options: readonly Node[] | undefined, name: string): Option | undefined {
  for (const node of options ?? []) {
    if ("DefElem" in node && node.DefElem.defname === name) return node.DefElem;
  }
  return undefined;
}

/** An option of a list in brackets; one without a value is on. */
function isOn(options: readonly Node[] | undefined, name: string, preset = false): boolean {
  const found = option(options, name);
  if (!found) return preset;
  const { arg } = found;
  if (!arg) return true;
  const value = "String" in arg ? arg.String.sval : "Integer" in arg ? String(arg.Integer.ival ?? 0) : "";
  return !/^(?:false|off|no|0)$/i.test(value ?? "");
}
