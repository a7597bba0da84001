import type { Fold, Operation, OperationOf } from "@yantra-lint/core";
import { happened } from "../bodies/condition.ts";
import type { OperationNode, SectionNode } from "../language/ast.ts";
import type { Step } from "../language/parse.ts";
import { isRiskSaidInFacts } from "../risk-annotation.ts";
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
    this.catalog = this.catalog.aside().atFileStart();
    this.#before.clear();
    this.#transaction = undefined;
    this.#savepoints = [];
  }
}

/** Rows that may have been written change nothing but what is known of the rows. */
function mayWrite(catalog: Catalog, operation: Operation): Operation | undefined {
  if (operation.kind !== "WriteData" || operation.condition !== "maybe") return undefined;
  if (catalog.table(operation.table).state !== "known") return undefined;
  const { condition: _condition, ...write } = operation;
  // A table that may have been emptied is as full as before, for all that is known.
  return { ...write, rows: "unknown", verb: write.verb === "truncate" ? "delete" : write.verb };
}

/** The catalog after the up part of a file. */
export function foldSteps(before: Catalog, steps: readonly Step[], path: string): Catalog {
  return foldOperations(before, operationsOf(steps, "up"), { path, added: false });
}

function foldOperations(
  before: Catalog,
  operations: readonly Operation[],
  { path, added }: { path: string; added: boolean },
): Catalog {
  const fold = new FileFold(before, { path, now: false, added });
  for (const operation of operations) fold.apply(operation);
  return fold.catalog;
}

function operationsOf(steps: readonly Step[], direction: SectionNode["direction"]): Operation[] {
  return steps.flatMap((step) => (step.section.direction === direction ? [step.operation()] : []));
}

/** A way up and its way down, with the catalogs that they lead from and to. */
export interface WayBack {
  up: readonly Operation[];
  down: readonly Operation[];
  before: Catalog;
  after: Catalog;
  back: Catalog;
  /** Whether the file of the way up says that it is a risk. */
  isRisky: boolean;
}

/** A file that was folded when it was linted, by its last operation: the stream need not do it again. */
const FOLDED = new WeakMap<Operation, { before: Catalog; count: number; after: Catalog; file: OriginFile }>();

/** The catalogs inside one file: the down part runs after the whole up part. */
export class CatalogsOfFile {
  readonly #before = new Map<OperationNode, Catalog>();
  readonly #start: Catalog;
  readonly #steps: readonly Step[];
  readonly #afterUp: Catalog;
  readonly #last: Catalog;

  constructor(before: Catalog, steps: readonly Step[]) {
    this.#start = before;
    this.#steps = steps;
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
    this.#afterUp = fold.catalog;
    const downs = steps.filter(({ section }) => section.direction === "down");
    if (downs.length > 0) fold.leave();
    for (const step of downs) apply(step);
    this.#last = fold.catalog;
  }

  before(node: OperationNode): Catalog {
    return this.#before.get(node) ?? this.#last;
  }

  /**
   * The file's way down behind its way up, which is the file's own or the migration of that version that ran last;
   * undefined when it has none, or the way up is not known.
   */
  wayBack(version: string): WayBack | undefined {
    const down = operationsOf(this.#steps, "down");
    if (down.length === 0) return undefined;
    const up = operationsOf(this.#steps, "up");
    const { last } = this.#start;
    if (up.length > 0) {
      const [before, after] = [this.#start, this.#afterUp];
      return { up, down, before, after, back: this.#back(), isRisky: false };
    }
    if (version === "" || last?.version !== version) return undefined;
    const { before, operations, isRisky } = last;
    return { up: operations, down, before, after: this.#start, back: this.#back(), isRisky };
  }

  /** After all ways down of the file: of several migrations in one file the last one is undone first. */
  #back(): Catalog {
    const sections = [...new Set(this.#steps.map(({ section }) => section))].filter(
      ({ direction }) => direction === "down",
    );
    if (sections.length < 2) return this.#last;
    const steps = sections
      .toReversed()
      .flatMap((section) => this.#steps.filter((step) => step.section === section));
    return foldOperations(this.#afterUp.aside(), operationsOf(steps, "down"), { path: "", added: false });
  }
}

/** The pack's fold: migrations of a stream, in order, into the catalog. Down migrations are not folded. */
export const fold: Fold<Catalog> = {
  initial: ({ tables }) => Catalog.empty({ complete: true, ...(tables ? { sizes: tables } : {}) }),
  apply(state, facts, { path, kind }) {
    const ups = facts.flatMap((fact) => (fact.type === "migration" && fact.direction === "up" ? [fact] : []));
    const [first] = ups;
    if (!first) return state;
    const operations = ups.flatMap((fact) => fact.operations);
    const after = afterUp(state, operations, { path, added: kind.added === true });
    return after.after({
      version: first.version,
      before: state,
      operations,
      isRisky: isRiskSaidInFacts(facts),
    });
  },
};

/** The catalog after a file's way up, which need not be folded when it was while it was linted. */
function afterUp(
  before: Catalog,
  operations: readonly Operation[],
  { path, added }: { path: string; added: boolean },
): Catalog {
  const last = operations.at(-1);
  const folded = last && FOLDED.get(last);
  if (folded?.before === before && folded.count === operations.length) {
    Object.assign(folded.file, { path, now: false, added });
    return folded.after;
  }
  return foldOperations(before, operations, { path, added });
}
