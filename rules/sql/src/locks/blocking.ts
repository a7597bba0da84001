import type { QualifiedName } from "@yantra-lint/core";
import type { Catalog } from "../catalog/catalog.ts";
import type { OperationNode } from "../language/ast.ts";
import { DEFAULT_SERVER, locksOf } from "./effects.ts";
import type { LockMode, Server } from "./types.ts";

const BLOCKING = ["ACCESS EXCLUSIVE", "EXCLUSIVE", "SHARE ROW EXCLUSIVE", "SHARE"] as const;

/** A lock on a table that keeps others waiting: from SHARE on writers, with ACCESS EXCLUSIVE readers too. */
export interface BlockingLock {
  table: QualifiedName;
  mode: (typeof BLOCKING)[number];
}

function blockingMode(mode: LockMode): BlockingLock["mode"] | undefined {
  return BLOCKING.find((known) => known === mode);
}

/**
 * The blocking locks on tables that an operation certainly asks for, as far as it or the catalog names them; rows
 * that are locked, and locks on views, sequences and tables that it makes itself, are none of them. An index stands
 * for its table, where the catalog knows that.
 */
export function blockingLocks(
  operation: OperationNode,
  catalog: Catalog,
  server: Server = DEFAULT_SERVER,
): BlockingLock[] {
  return locksOf(operation, catalog, server).flatMap(({ table, mode, certain }) => {
    const blocking = blockingMode(mode);
    return certain && blocking && !catalog.view(table) ? [{ table, mode: blocking }] : [];
  });
}
