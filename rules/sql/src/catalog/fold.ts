import type { Fold, Operation, OperationOf } from "@yantra-lint/core";
import { happened } from "../bodies/condition.ts";
import type { OperationNode } from "../language/ast.ts";
import type { Step } from "../language/parse.ts";
import { Catalog } from "./catalog.ts";
import type { Origin, OriginFile } from "./table.ts";

/** Applies a file's operations one by one; a ROLLBACK brings back what stood before its transaction. */
class FileFold {
  catalog: Catalog;
  readonly #file: OriginFile;
  readonly #before = new Map<number, Catalog>();
  /** What ROLLBACK TO goes back to, the last savepoint last. */
  #savepoints: { name: string; catalog: Catalog }[] = [];
  #transaction: Origin["transaction"] | undefined;

  constructor(before: Catalog, file: OriginFile) {
    this.catalog = before.atFileStart();
    this.#file = file;
  }

  /** Comes to the transaction of the next operation. */
  enter(transaction: Origin["transaction"]): void {
    if (transaction === this.#transaction) return;
    if (this.#transaction !== undefined) this.catalog = this.catalog.atTransactionEnd();
    this.#transaction = transaction;
    this.#savepoints = [];
  }

  apply(operation: Operation): void {
    const { transaction } = operation;
    this.enter(transaction);
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
    if (operation.kind === "Transaction") this.#savepoint(operation);
    const effect = mayWrite(this.catalog, operation) ?? happened(this.catalog, operation);
    if (effect) this.catalog = this.catalog.apply(effect, { file: this.#file, transaction });
  }

  #savepoint({ verb, name = "" }: OperationOf<"Transaction">): void {
    const at = this.#savepoints.findLastIndex((savepoint) => savepoint.name === name);
    if (verb === "savepoint") this.#savepoints.push({ name, catalog: this.catalog });
    if (verb === "release" && at >= 0) this.#savepoints.length = at;
    if (verb !== "rollbackTo" || at < 0) return;
    this.catalog = this.#savepoints[at]?.catalog ?? this.catalog;
    this.#savepoints.length = at + 1;
  }

  /** Goes on where nobody else does, such as on the way down, from which no migration goes on. */
  leave(): void {
    this.catalog = this.catalog.aside();
    this.#before.clear();
  }
}

/** Rows that may have been written change nothing but what is known of the rows. */
function mayWrite(catalog: Catalog, operation: Operation): Operation | undefined {
  if (operation.kind !== "WriteData" || operation.condition !== "maybe") return undefined;
  if (catalog.table(operation.table).state !== "known") return undefined;
  const { condition: _condition, ...write } = operation;
  return { ...write, rows: "unknown" };
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
      if (node) {
        fold.enter(node.transaction);
        this.#before.set(node, fold.catalog);
      }
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
  initial: ({ tables }) => Catalog.empty({ complete: true, ...(tables ? { sizes: tables } : {}) }),
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
