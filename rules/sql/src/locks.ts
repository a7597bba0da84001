import { displayName, type QualifiedName } from "@yantra-lint/core";
import type { AlterTableType } from "libpg-query";
import type { Catalog } from "./catalog/catalog.ts";
import type { OperationNode, OperationNodeOf } from "./language/ast.ts";
import { nameOf } from "./language/lowered.ts";

/** A lock on a table that keeps others waiting: from SHARE on writers, with ACCESS EXCLUSIVE readers too. */
export interface BlockingLock {
  table: QualifiedName;
  mode: "ACCESS EXCLUSIVE" | "SHARE ROW EXCLUSIVE" | "SHARE";
}

/**
 * The blocking locks on tables that an operation asks for, as far as it names them; rows that are locked, and locks
 * on views, sequences and tables that it makes itself, are none of them. An index stands for its table, where the
 * catalog knows that. Measured on PostgreSQL 18.6 (`locks.test.ts`).
 */
export function blockingLocks(operation: OperationNode, catalog: Catalog): BlockingLock[] {
  switch (operation.type) {
    case "AddColumn":
      return [exclusive(operation.table), ...referenced([operation.column.references?.table])];
    case "DropTable":
    case "RenameTable":
    case "SetSchema":
    case "DropColumn":
    case "RenameColumn":
    case "AlterColumnType":
    case "SetNotNull":
    case "DropNotNull":
    case "SetDefault":
    case "DropDefault":
    case "DropConstraint":
    case "RenameConstraint":
      return [exclusive(operation.table)];
    case "AddConstraint": {
      const { type, references } = operation.constraint;
      if (type !== "foreignKey") return [exclusive(operation.table)];
      return referenced([operation.table, references?.table]);
    }
    case "CreateTable": {
      const { table, columns, constraints, partitionOf } = operation;
      const own = displayName(table);
      const tables = [...columns, ...constraints].map(({ references }) => references?.table);
      return [
        ...(partitionOf ? [exclusive(partitionOf)] : []),
        ...referenced(tables.filter((other) => other && displayName(other) !== own)),
      ];
    }
    case "CreateIndex":
      return operation.concurrently ? [] : [{ table: operation.table, mode: "SHARE" }];
    case "DropIndex": {
      const table = operation.concurrently ? undefined : catalog.tableOfIndex(operation.name);
      return table ? [exclusive(table)] : [];
    }
    case "WriteData":
      return operation.verb === "truncate" ? [exclusive(operation.table)] : [];
    case "Other":
      return otherLocks(operation);
    default:
      return [];
  }
}

function exclusive(table: QualifiedName): BlockingLock {
  return { table, mode: "ACCESS EXCLUSIVE" };
}

/** Both sides of a foreign key. */
function referenced(tables: readonly (QualifiedName | undefined)[]): BlockingLock[] {
  return tables.flatMap((table) => (table ? [{ table, mode: "SHARE ROW EXCLUSIVE" as const }] : []));
}

/** Commands of ALTER TABLE without an operation of their own. */
const COMMANDS: Partial<Record<AlterTableType, BlockingLock["mode"]>> = {
  AT_EnableRowSecurity: "ACCESS EXCLUSIVE",
  AT_DisableRowSecurity: "ACCESS EXCLUSIVE",
  AT_ForceRowSecurity: "ACCESS EXCLUSIVE",
  AT_NoForceRowSecurity: "ACCESS EXCLUSIVE",
  AT_ChangeOwner: "ACCESS EXCLUSIVE",
  AT_SetLogged: "ACCESS EXCLUSIVE",
  AT_SetUnLogged: "ACCESS EXCLUSIVE",
  AT_AddIdentity: "ACCESS EXCLUSIVE",
  AT_DropIdentity: "ACCESS EXCLUSIVE",
  AT_ReplicaIdentity: "ACCESS EXCLUSIVE",
  AT_DetachPartition: "ACCESS EXCLUSIVE",
  AT_EnableTrig: "SHARE ROW EXCLUSIVE",
  AT_EnableTrigAll: "SHARE ROW EXCLUSIVE",
  AT_EnableTrigUser: "SHARE ROW EXCLUSIVE",
  AT_DisableTrig: "SHARE ROW EXCLUSIVE",
  AT_DisableTrigAll: "SHARE ROW EXCLUSIVE",
  AT_DisableTrigUser: "SHARE ROW EXCLUSIVE",
};

function otherLocks({ raw, parent }: OperationNodeOf<"Other">): BlockingLock[] {
  if ("CreateTrigStmt" in raw)
    return [{ table: nameOf(raw.CreateTrigStmt.relation), mode: "SHARE ROW EXCLUSIVE" }];
  if ("ClusterStmt" in raw && raw.ClusterStmt.relation) return [exclusive(nameOf(raw.ClusterStmt.relation))];
  if (!("AlterTableCmd" in raw) || !("AlterTableStmt" in parent.raw)) return [];
  const { subtype, def } = raw.AlterTableCmd;
  const mode = subtype && COMMANDS[subtype];
  const concurrent = def && "PartitionCmd" in def && def.PartitionCmd.concurrent === true;
  return mode && !concurrent ? [{ table: nameOf(parent.raw.AlterTableStmt.relation), mode }] : [];
}
