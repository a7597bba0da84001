import type { OperationNode, OperationNodeOf, StatementNode } from "./language/ast.ts";
import type { SqlSourceCode } from "./language/source-code.ts";

type Parameter = OperationNodeOf<"SetParameter">;

/** A SET of a timeout. `milliseconds` undefined: a value that is not to be read from the text. */
interface Setting {
  node: Parameter | undefined;
  milliseconds: number | undefined;
  transaction: OperationNode["transaction"];
}

/** Why a wait is not limited as it should be, with the setting that is to blame where there is one. */
export interface Unlimited {
  /** `missing`: nothing is set; `noEffect`: SET LOCAL stands outside a transaction. */
  kind: "missing" | "noEffect" | "off" | "tooLong";
  node: Parameter | undefined;
}

const UNITS: Readonly<Record<string, number>> = { us: 1e-3, ms: 1, s: 1e3, min: 6e4, h: 36e5, d: 864e5 };

/** A timeout as PostgreSQL reads it, in milliseconds; undefined when it is none. Measured on 18.6. */
function millisecondsOf(value: string): number | undefined {
  const [, number = "", unit = "ms"] = /^\s*(\d+(?:\.\d+)?)\s*(?:([a-z]+)\s*)?$/.exec(value) ?? [];
  const factor = UNITS[unit];
  return number === "" || factor === undefined ? undefined : Number(number) * factor;
}

/** Settings that end a wait, a statement or a transaction. */
const TIMEOUTS = /\b(?:lock|statement|idle_in_transaction_session|transaction)_timeout\b/g;

/** Follows `lock_timeout`, and `statement_timeout`, which ends a wait too, through a section. */
export class TimeoutState {
  readonly #code: SqlSourceCode;
  readonly #session = new Map<string, Setting>();
  readonly #local = new Map<string, Setting>();
  #noEffect: Parameter | undefined;

  constructor(code: SqlSourceCode) {
    this.#code = code;
  }

  /** Goes over an operation. */
  pass(operation: OperationNode): void {
    if (operation.type === "SetParameter") this.#set(operation);
    else if (operation.type === "Transaction") this.#end(operation);
    else if (operation.type === "Other") this.passText(operation);
  }

  /** Goes over text that is not followed, such as a DO block or a template: it may set what it names. */
  passText({ range }: Pick<StatementNode, "range">): void {
    const words = this.#code.text
      .slice(...range)
      .toLowerCase()
      .match(TIMEOUTS);
    for (const name of words ?? [])
      this.#session.set(name, { node: undefined, milliseconds: undefined, transaction: null });
  }

  /** Why this operation may wait longer than `max` milliseconds for a lock; undefined when it may not. */
  unlimited({ transaction }: OperationNode, max: number): Unlimited | undefined {
    const statement = this.#value("statement_timeout", transaction)?.milliseconds;
    if (statement !== undefined && statement > 0 && statement <= max) return undefined;
    const lock = this.#value("lock_timeout", transaction);
    if (!lock) return { kind: this.#noEffect ? "noEffect" : "missing", node: this.#noEffect };
    const { node, milliseconds = max } = lock;
    if (milliseconds === 0) return { kind: "off", node };
    return milliseconds > max ? { kind: "tooLong", node } : undefined;
  }

  /** Whether such a setting holds for an operation, and is not off. */
  isLimited(name: string, { transaction }: OperationNode): boolean {
    const setting = this.#value(name, transaction);
    return setting !== undefined && setting.milliseconds !== 0;
  }

  #value(name: string, transaction: OperationNode["transaction"]): Setting | undefined {
    const local = this.#local.get(name);
    return local?.transaction === transaction ? local : this.#session.get(name);
  }

  #set(node: Parameter): void {
    const { name, value, local, transaction } = node;
    if (local && transaction === null) {
      if (name === "lock_timeout") this.#noEffect = node;
      return;
    }
    if (!local) this.#local.delete(name);
    const scope = local ? this.#local : this.#session;
    if (value === "default") scope.delete(name);
    else scope.set(name, { node, milliseconds: millisecondsOf(value), transaction });
  }

  /** ROLLBACK takes back what its transaction has set; SET LOCAL ends with it anyway. */
  #end({ verb, transaction }: OperationNodeOf<"Transaction">): void {
    if (verb !== "rollback" || transaction === null) return;
    for (const [name, setting] of this.#session) {
      if (setting.transaction === transaction) this.#session.delete(name);
    }
  }
}
