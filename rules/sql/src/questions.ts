import { parseAnnotations } from "@yantra-lint/core";
import type { TableAnswer } from "./catalog/catalog.ts";
import type { Origin, Table } from "./catalog/table.ts";
import type { OperationNode, StatementNode } from "./language/ast.ts";
import type { SqlComment, SqlSourceCode } from "./language/source-code.ts";

/**
 * Whether the file at hand made it, or another that the same change adds: the release before this one does not know
 * it, and no release uses it before these migrations have run.
 */
export function madeHere(origin: Origin | undefined): boolean {
  return madeInThisFile(origin) || origin?.file.added === true;
}

/** Whether the file at hand made it. */
export function madeInThisFile(origin: Origin | undefined): boolean {
  return origin?.file.now === true;
}

/**
 * Whether locks and scans on a table hurt nobody: it was created in the operation's own transaction, so that no
 * other session sees it; the same file, or another that the change adds, has created it, or could only run because it
 * was empty, and at most a handful of rows was put into it; or it is temporary. What IF NOT EXISTS says of a table that
 * no earlier migration made is believed: whoever has it makes it there.
 */
export function isOutOfSight(answer: TableAnswer, operation: OperationNode): boolean {
  const table = tableOf(answer);
  if (!table || table.temporary) return table !== undefined;
  if (madeHere(table.emptied) && table.rows !== "unknown") return true;
  const made = answer.state === "known" ? table.created : table.perhapsMade;
  if (!madeHere(made)) return false;
  const { transaction } = operation;
  return (
    table.rows !== "unknown" ||
    (typeof transaction === "number" && madeInThisFile(made) && made?.transaction === transaction)
  );
}

/** What a table has at most whose rows are read or written anew in a moment; in bytes, indexes included. */
const SMALL_BYTES = 10 * 1024 * 1024;

/**
 * Whether reading or rewriting a table, and building its indexes, is over in a moment: nobody sees it, or production's
 * is small, as the configuration's `stats` tells. A lock on a small table has to be waited for like any other.
 */
export function isOverSoon(answer: TableAnswer, operation: OperationNode): boolean {
  return isOutOfSight(answer, operation) || isSmall(answer) || isTruncated(tableOf(answer));
}

/** Whether the file at hand has emptied it, and put a handful of rows into it at most. */
function isTruncated(table: Table | undefined): boolean {
  return madeInThisFile(table?.truncated) && table?.rows !== "unknown";
}

/** Whether production's table is small. */
export function isSmall(answer: TableAnswer): boolean {
  return answer.state !== "absent" && answer.size !== undefined && answer.size.bytes <= SMALL_BYTES;
}

/** The table of an answer, with whatever is known of it. */
export function tableOf(answer: TableAnswer): Table | undefined {
  return answer.state === "absent" ? undefined : answer.table;
}

/**
 * The release that a valid `@yantra-phase contract after=<release>` names, in a comment directly above the
 * operation's statement or before the file's first one: the author says that this release no longer uses it.
 */
export function contractAfter(code: SqlSourceCode, operation: OperationNode): string | undefined {
  // Inside a DO block, the comments above the inner statement are nearer.
  const inner = "DoStmt" in operation.parent.raw ? commentsAbove(code, operation) : [];
  for (const comment of [...inner, ...commentsAbove(code, operation.parent), ...commentsAtTop(code)]) {
    for (const { name, value, options, problems } of parseAnnotations(comment)) {
      const confirmed = name === "phase" && value === "contract" && problems.length === 0;
      if (confirmed && options["after"] !== undefined) return options["after"];
    }
  }
  return undefined;
}

/** The comments on the lines directly above a statement, without a blank line between, nearest first. */
export function commentsAbove(
  code: SqlSourceCode,
  statement: Pick<StatementNode, "range" | "loc">,
): SqlComment[] {
  const above: SqlComment[] = [];
  let line = statement.loc.start.line;
  for (const comment of code.comments.toReversed()) {
    if (comment.range[1] > statement.range[0]) continue;
    if (comment.loc.end.line !== line - 1 || !beginsItsLine(code, comment)) break;
    above.push(comment);
    line = comment.loc.start.line;
  }
  return above;
}

function beginsItsLine(code: SqlSourceCode, comment: SqlComment): boolean {
  const { line, column } = comment.loc.start;
  return (
    code.positions
      .line(line)
      .slice(0, column - 1)
      .trim() === ""
  );
}

/** The comments before the first statement of all. */
export function commentsAtTop(code: SqlSourceCode): SqlComment[] {
  const starts = code.ast.sections.flatMap(({ statements: [first] }) => (first ? [first.range[0]] : []));
  const start = Math.min(...starts);
  return code.comments.filter((comment) => comment.range[1] <= start);
}
