import type { Fold, Operation } from "@yantra-lint/core";
import type { OperationNode } from "../language/ast.ts";
import type { Step } from "../language/parse.ts";
import { Catalog } from "./catalog.ts";
import type { Origin } from "./table.ts";

/** The `file` of what the file being linted makes itself. */
export const THIS_FILE = "";

/** Applies a file's operations one by one; a ROLLBACK brings back what stood before its transaction. */
class FileFold {
  catalog: Catalog;
  readonly #origin: Pick<Origin, "file" | "added">;
  readonly #before = new Map<number, Catalog>();

  constructor(before: Catalog, file: string, added = false) {
    this.catalog = before.atFileStart();
    this.#origin = added ? { file, added } : { file };
  }

  apply(operation: Operation): void {
    const { transaction } = operation;
    if (typeof transaction === "number" && !this.#before.has(transaction))
      this.#before.set(transaction, this.catalog);
    if (
      operation.kind === "Transaction" &&
      operation.verb === "rollback" &&
      typeof transaction === "number"
    ) {
      this.catalog = this.#before.get(transaction) ?? this.catalog;
      return;
    }
    this.catalog = this.catalog.apply(operation, { ...this.#origin, transaction });
  }
}

/** The catalog after the up part of a file. */
export function foldSteps(before: Catalog, steps: readonly Step[], file: string): Catalog {
  const fold = new FileFold(before, file);
  for (const step of steps) {
    if (step.section.direction === "up") fold.apply(step.operation());
  }
  return fold.catalog;
}

/** The catalogs inside one file: the down part runs after the whole up part. */
export class CatalogsOfFile {
  readonly #before = new Map<OperationNode, Catalog>();
  readonly #last: Catalog;

  constructor(before: Catalog, steps: readonly Step[]) {
    const fold = new FileFold(before, THIS_FILE);
    for (const direction of ["up", "down"]) {
      for (const { section, node, operation } of steps) {
        if (section.direction !== direction) continue;
        if (node) this.#before.set(node, fold.catalog);
        fold.apply(operation());
      }
    }
    this.#last = fold.catalog;
  }

  before(node: OperationNode): Catalog {
    return this.#before.get(node) ?? this.#last;
  }
}

/** The pack's fold: migrations of a stream, in order, into the catalog. Down migrations are not folded. */
export const fold: Fold<Catalog> = {
  initial: () => Catalog.empty({ complete: true }),
  apply(state, facts, { path, kind }) {
    const file = new FileFold(state, path, kind.added === true);
    for (const fact of facts) {
      if (fact.type !== "migration" || fact.direction !== "up") continue;
      for (const operation of fact.operations) file.apply(operation);
    }
    return file.catalog;
  },
};
