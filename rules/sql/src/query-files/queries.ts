import { type Comment, type Fact, Lines, type QueryFact, type SourceFile } from "@yantra-lint/core";
import { split, type StatementText } from "../language/splitter.ts";
import { nameIn, type Spread, spreadsIn } from "./names.ts";
import { withParameters } from "./parameters.ts";

/** Beyond this many UTF-16 units a file is data, not queries that people write. */
const FILE_CAP = 2 * 1024 * 1024;

/**
 * The queries of a query file: each statement below a name, or, in a file without names, each. What stands before the
 * first name belongs to none.
 */
export function queryFileFacts({ path, text }: Pick<SourceFile, "path" | "text">): Fact[] {
  if (text.length > FILE_CAP) return [];
  const lines = new Lines(text);
  const whole = split(text, [0, text.length]);
  const named = whole.comments.filter((comment) => nameIn(comment) !== undefined);
  if (named.length === 0) {
    const name = whole.statements.length === 1 ? stem(path) : undefined;
    return whole.statements.flatMap((statement) => fact(text, lines, statement, name, new Map()));
  }
  // Tools whose queries end where the next begins need no semicolon.
  const { statements } = split(
    text,
    [0, text.length],
    named.map(({ range }) => range[0]),
  );
  const facts: QueryFact[] = [];
  let next = 0;
  let above: { name: string | undefined; spreads: ReadonlyMap<string, Spread> } | undefined;
  for (const statement of statements) {
    let comment: Comment | undefined = named[next];
    while (comment && comment.range[0] <= statement.range[0]) {
      above = { name: nameIn(comment), spreads: spreadsIn(comment) };
      next += 1;
      comment = named[next];
    }
    if (above) facts.push(...fact(text, lines, statement, above.name, above.spreads));
  }
  return facts;
}

function fact(
  text: string,
  lines: Lines,
  { range, template, meta }: StatementText,
  name: string | undefined,
  spreads: ReadonlyMap<string, Spread>,
): QueryFact[] {
  if (meta) return [];
  return [
    {
      type: "query",
      path: "",
      ...lines.region(range),
      sql: withParameters(text, range, spreads),
      source: "file",
      certainty: "certain",
      complete: !template,
      ...(name === undefined ? {} : { name }),
    },
  ];
}

/** A file's name without its folder and extension. */
function stem(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.sql$/i, "");
}
