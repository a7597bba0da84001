import type { QualifiedName } from "@yantra-lint/core";
import type { Catalog } from "./catalog/catalog.ts";
import type { Index } from "./catalog/table.ts";
import type { OperationNodeOf } from "./language/ast.ts";
import { tableOf } from "./questions.ts";

/**
 * Whether CREATE INDEX on a partitioned table builds nothing, because each partition has a valid index like it: these
 * are attached (`DefineIndex` and `CompareIndexInfo`, PostgreSQL 18, indexcmds.c and index.c; measured on 18.6).
 */
export function isBuiltOnPartitions(catalog: Catalog, wanted: OperationNodeOf<"CreateIndex">): boolean {
  return isBuiltBelow(catalog, wanted.table, wanted);
}

function isBuiltBelow(
  catalog: Catalog,
  name: QualifiedName,
  wanted: OperationNodeOf<"CreateIndex">,
): boolean {
  const partitions = catalog.partitionsOf(name);
  return (
    partitions.length > 0 &&
    partitions.every(({ table }) => {
      const indexes = tableOf(catalog.table(table))?.indexes ?? [];
      return (
        indexes.some((index) => index.valid && isLike(index, wanted)) || isBuiltBelow(catalog, table, wanted)
      );
    })
  );
}

function isLike(index: Index, wanted: OperationNodeOf<"CreateIndex">): boolean {
  const listed = (columns: readonly string[] = []) => columns.join("\0");
  return (
    index.unique === wanted.unique &&
    listed(index.columns) === listed(wanted.columns) &&
    listed(index.include) === listed(wanted.include) &&
    index.predicate === wanted.predicate &&
    (index.method ?? "btree") === (wanted.method ?? "btree")
  );
}
