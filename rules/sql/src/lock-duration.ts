import type { OperationNode } from "./language/ast.ts";
import type { SqlSourceCode } from "./language/source-code.ts";
import { operationsIn } from "./later.ts";

/** The statements of each transaction, but those that begin and end it, in order. */
type Transactions = ReadonlyMap<string, readonly number[]>;

/** Rules ask at each operation, and a file may have thousands. */
const TRANSACTIONS = new WeakMap<SqlSourceCode, Transactions>();

function transactionsOf(code: SqlSourceCode): Transactions {
  const known = TRANSACTIONS.get(code);
  if (known) return known;
  const found = new Map<string, number[]>();
  for (const operation of (["up", "down"] as const).flatMap((direction) => operationsIn(code, direction))) {
    if (typeof operation.transaction !== "number" || operation.type === "Transaction") continue;
    const key = keyOf(operation);
    const statements = found.get(key);
    if (!statements) found.set(key, [operation.statement]);
    else if (statements.at(-1) !== operation.statement) statements.push(operation.statement);
  }
  TRANSACTIONS.set(code, found);
  return found;
}

function keyOf({ direction, transaction }: OperationNode): string {
  return `${direction} ${String(transaction)}`;
}

/**
 * How long a lock lasts beyond the work that it is taken for, as the end of a clause such as `waits until it is
 * done`: locks are held until their transaction ends (PostgreSQL 18, chapter 13.3), so those behind which it goes on
 * last longer. Empty where the statement is the last one, commits on its own, or nobody knows.
 */
export function andCommit(code: SqlSourceCode, operation: OperationNode): string {
  const later = statementsLater(code, operation);
  if (later !== "") return ` and the transaction has committed, ${later}`;
  // Of a DO block, which is one statement, more may stand behind the operation.
  const { transaction, parent } = operation;
  const inner =
    typeof transaction === "number" && "DoStmt" in parent.raw && parent.operations.at(-1) !== operation;
  return inner ? " and the DO block has come to its end" : "";
}

/** The same behind a clause such as `all queries wait`, for a lock that is taken for no work of any length. */
export function untilCommit(code: SqlSourceCode, operation: OperationNode): string {
  const later = statementsLater(code, operation);
  return later === "" ? "" : ` until the transaction commits, ${later}`;
}

/** How far the end of the operation's transaction is: `3 statements later`; empty when it is the last one. */
function statementsLater(code: SqlSourceCode, operation: OperationNode): string {
  if (typeof operation.transaction !== "number") return "";
  if (operation.parent.parent.span === "run") return "which all pending migrations share";
  const statements = transactionsOf(code).get(keyOf(operation)) ?? [];
  const left = statements.length - 1 - statements.indexOf(operation.statement);
  return left > 0 ? `${left} ${left === 1 ? "statement" : "statements"} later` : "";
}
