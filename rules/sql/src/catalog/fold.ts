import type { Fold, Operation } from "@yantra-lint/core";
import type { OperationNode } from "../language/ast.ts";
import type { Step } from "../language/parse.ts";
import { Catalog } from "./catalog.ts";
import type { OriginFile } from "./table.ts";

/** Applies a file's operations one by one; a ROLLBACK brings back what stood before its transaction. */
class FileFold {
  catalog: Catalog;
  readonly #file: OriginFile;
  readonly #before = new Map<number, Catalog>();

  constructor(before: Catalog, file: OriginFile) {
    this.catalog = before.atFileStart();
    this.#file = file;
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
    this.catalog = this.catalog.apply(operation, { file: this.#file, transaction });
  }

  /** Goes on where nobody else does, such as on the way down, from which no migration goes on. */
  leave(): void {
    this.catalog = this.catalog.aside();
    this.#before.clear();
  }
}

/** The catalog after the up part of a file. */
export function foldSteps(before: Catalog, steps: readonly Step[], path: string): Catalog {
  const fold = new FileFold(before, { path, now: false, added: false });
  for (const step of steps) {
    if (step.section.direction === "up") fold.apply(step.operation());
  }
  return fold.catalog;
}

/** A file that was folded when it was linted, by its last operation: the stream need not do it again. */
const FOLDED = new WeakMap<Operation, { before: Catalog; count: number; after: Catalog; file: OriginFile }>();

/** The catalogs inside one file: the down part runs after the whole up part. */
export class CatalogsOfFile {
  readonly #before = new Map<OperationNode, Catalog>();
  readonly #last: Catalog;

  constructor(before: Catalog, steps: readonly Step[]) {
    const file: OriginFile = { path: "", now: true, added: false };
    const fold = new FileFold(before, file);
    const apply = ({ node, operation }: Step): void => {
      if (node) this.#before.set(node, fold.catalog);
      fold.apply(operation());
    };
    const ups = steps.filter(({ section }) => section.direction === "up");
    for (const step of ups) apply(step);
    const last = ups.at(-1)?.operation();
    if (last) FOLDED.set(last, { before, count: ups.length, after: fold.catalog, file });
    const downs = steps.filter(({ section }) => section.direction === "down");
    if (downs.length > 0) fold.leave();
    for (const step of downs) apply(step);
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
    const added = kind.added === true;
    const operations = facts.flatMap((fact) =>
      fact.type === "migration" && fact.direction === "up" ? fact.operations : [],
    );
    const last = operations.at(-1);
    const folded = last && FOLDED.get(last);
    if (folded?.before === state && folded.count === operations.length) {
      Object.assign(folded.file, { path, now: false, added });
      return folded.after;
    }
    const file = new FileFold(state, { path, now: false, added });
    for (const operation of operations) file.apply(operation);
    return file.catalog;
  },
};
