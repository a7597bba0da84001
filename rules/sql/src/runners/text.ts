/** A cheap look at SQL text, for recognition only: the pack's language has the database's own parser. */

/** How much of a file recognition looks at, in UTF-16 units. */
const LOOK = 256 * 1024;

const OPENINGS = /--|\/\*|[eE]?'|"|\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/g;

/**
 * The first 256 Ki units of a text without comments, and with strings, quoted identifiers and dollar-quoted bodies
 * emptied (`''`, `""`): what is left is code, so that a word in it is no word of a comment or a value. Linear.
 */
export function codeOf(text: string): string {
  const source = text.length > LOOK ? text.slice(0, LOOK) : text;
  const pieces: string[] = [];
  const openings = new RegExp(OPENINGS);
  let from = 0;
  for (let match = openings.exec(source); match; match = openings.exec(source)) {
    pieces.push(source.slice(from, match.index));
    const [opening] = match;
    const start = match.index + opening.length;
    if (opening === "--") from = endOfLine(source, start);
    else if (opening === "/*") from = endOfComment(source, start);
    else {
      from = endOfQuoted(source, start, opening);
      pieces.push(opening.startsWith('"') ? '""' : "''");
    }
    if (opening === "/*") pieces.push(" ");
    openings.lastIndex = from;
  }
  pieces.push(source.slice(from));
  return pieces.join("");
}

function endOfLine(source: string, start: number): number {
  const end = source.indexOf("\n", start);
  return end === -1 ? source.length : end;
}

/** PostgreSQL's block comments nest. */
function endOfComment(source: string, start: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = start;
  let depth = 1;
  for (let mark = marks.exec(source); mark; mark = marks.exec(source)) {
    depth += mark[0] === "/*" ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return source.length;
}

function endOfQuoted(source: string, start: number, opening: string): number {
  if (opening.startsWith("$")) {
    const end = source.indexOf(opening, start);
    return end === -1 ? source.length : end + opening.length;
  }
  const quote = opening.endsWith('"') ? '"' : "'";
  const stops = /^e/i.test(opening) ? /[\\']/g : quote === "'" ? /'/g : /"/g;
  stops.lastIndex = start;
  for (let stop = stops.exec(source); stop; stop = stops.exec(source)) {
    const doubled = source[stop.index + 1] === quote;
    if (stop[0] === quote && !doubled) return stop.index + 1;
    // What a backslash or the first of two quotes stands before.
    stops.lastIndex = stop.index + 2;
  }
  return source.length;
}

/** The statements of a text's code (see `codeOf`), without those that are empty. */
export function statementsOf(text: string): string[] {
  return codeOf(text)
    .split(";")
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
}

/**
 * Whether a text that is sent to PostgreSQL as one simple query, outside a transaction block, runs in a
 * transaction nevertheless: several statements do, "executed as a single transaction" (PostgreSQL 18, 54.2.2.1
 * "Multiple Statements in a Simple Query"); a single one commits on its own, so CREATE INDEX CONCURRENTLY works.
 */
export function simpleQueryTransaction(text: string): boolean {
  return statementsOf(text).length > 1;
}
