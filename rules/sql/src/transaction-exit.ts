import type { OperationNode } from "./language/ast.ts";
import type { SqlSourceCode } from "./language/source-code.ts";
import { howToLeaveTransaction } from "./runners/index.ts";

const OF_ITS_OWN = /^give it a (?:migration|file|script) of its own/;

/** What is left of a runner's way where the statement has a migration of its own already. */
const WHEN_ALONE: readonly [rest: RegExp, instead: string][] = [
  [/^, with /, "run it with "],
  [/^ that begins with /, "begin this migration with "],
  [/^ whose first line is /, "begin this migration with the line "],
  [/^ with (?=.* at its top$)/, "put "],
  [/^ that runs outside one$/, "run this migration outside one"],
];

/**
 * How the migration of an operation gets out of the transaction around it, as the end of a sentence. `stays`: another
 * statement takes its place in this migration, so that it needs one of its own although it is alone here.
 */
export function wayOutOfTransaction(
  code: SqlSourceCode,
  operation: OperationNode,
  { stays = false }: { stays?: boolean } = {},
): string {
  if ("DoStmt" in operation.parent.raw)
    return "take it out of the DO block, into a migration of its own that runs outside a transaction";
  if (operation.parent.parent.transactional === false) return "move it out of BEGIN … COMMIT";
  return runnersWay(code, operation, stays);
}

/**
 * What else than a job may write rows in batches: `, or by a DO block …`, with how that gets out of the transaction
 * around the operation. Empty where no file of the runner's leaves it.
 */
export function orBlockThatCommits(code: SqlSourceCode, operation: OperationNode): string {
  const block = ", or by a DO block that loops and commits";
  const isOutside = operation.parent.parent.transactional === false;
  if (operation.transaction === null || (isOutside && "DoStmt" in operation.parent.raw)) return block;
  const way = isOutside ? wayOutOfTransaction(code, operation) : runnersWay(code, operation, false);
  return way.startsWith("run it by hand") ? "" : `${block} (it cannot run in a transaction, so ${way})`;
}

function runnersWay(code: SqlSourceCode, operation: OperationNode, stays: boolean): string {
  const section = operation.parent.parent;
  const runner = code.migration?.runner ?? "plain";
  const way = howToLeaveTransaction(runner) ?? "give it a migration of its own that runs outside one";
  // CONCURRENTLY takes one name: a DROP INDEX of several becomes several statements.
  const isAlone = section.statements.length === 1 && operation.parent.operations.length === 1;
  return isAlone && !stays ? whenAlone(way) : way;
}

function whenAlone(way: string): string {
  const rest = way.replace(OF_ITS_OWN, "");
  if (rest === way) return way;
  const [found] = WHEN_ALONE.flatMap(([start, instead]) =>
    start.test(rest) ? [rest.replace(start, instead)] : [],
  );
  return found ?? way;
}
