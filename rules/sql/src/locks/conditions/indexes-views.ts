import type { OperationNode, OperationNodeOf } from "../../language/ast.ts";
import type { Answer, Question } from "../row.ts";
import { tableIn } from "../schema.ts";
import { definition, hasOption } from "./nodes.ts";

export function isConcurrent({ operation }: { operation: OperationNode }): Answer {
  if ("concurrently" in operation) return operation.concurrently;
  const { raw } = operation;
  if ("RefreshMatViewStmt" in raw) return raw.RefreshMatViewStmt.concurrent === true;
  if ("ReindexStmt" in raw) return hasOption(raw.ReindexStmt.params, "concurrently");
  const def = definition(operation);
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

export function keepsRows({ operation: { raw } }: Question): Answer {
  return "RefreshMatViewStmt" in raw && raw.RefreshMatViewStmt.skipData !== true;
}
