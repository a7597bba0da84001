import { type CandidateFile, type FileKind, Lines, type QueryFact, type SourceFile } from "@yantra-lint/core";
import { NO_PROGRAM } from "./recognise.ts";

/**
 * What `cargo sqlx prepare` writes of each query in a Rust program, so that it compiles without a database: since sqlx
 * 0.7 `.sqlx/query-<hash>.json` for each, before that all in one `sqlx-data.json` (launchbadge/sqlx,
 * `sqlx-macros-core/src/query/data.rs` and the changelog of 0.7). The macros' own check keeps it in step with the code.
 */
const PATH = /(?:^|\/)(?:\.sqlx\/query-[\da-f]+|sqlx-data)\.json$/;
/** `db_name`, and `db` before 0.7. */
const DATABASE = /"db(?:_name)?"\s*:\s*"PostgreSQL"/;
/** Up to where a query's text begins. Inside of another one quotes have a backslash before them. */
const QUERY = /(?<!\\)"query"\s{0,20}:\s{0,20}"/g;
/** Beyond this many UTF-16 units a file is not read; a `sqlx-data.json` of a thousand queries has two million. */
const FILE_CAP = 16 * 1024 * 1024;

/** The kind `sqlx` of a file of sqlx's data about queries for PostgreSQL. */
export function recogniseSqlxData(file: CandidateFile): FileKind | undefined {
  if (!PATH.test(file.path) || NO_PROGRAM.test(file.path) || !DATABASE.test(file.text)) return undefined;
  return { name: "sqlx", factsOnly: true };
}

/** The queries of a file of kind `sqlx`, each at its text. */
export function sqlxQueries({ text }: Pick<SourceFile, "text">): QueryFact[] {
  if (text.length > FILE_CAP) return [];
  const lines = new Lines(text);
  const facts: QueryFact[] = [];
  QUERY.lastIndex = 0;
  while (QUERY.test(text)) {
    const start = QUERY.lastIndex - 1;
    const end = endOfText(text, start);
    QUERY.lastIndex = end;
    const sql = parsed(text.slice(start, end));
    const region = lines.region([start, end]);
    if (sql !== undefined)
      facts.push({
        type: "query",
        path: "",
        ...region,
        sql,
        source: "file",
        certainty: "certain",
        complete: true,
      });
  }
  return facts;
}

/** Where a JSON text ends that begins at a quote. A pattern would run out of stack where it has many escapes. */
function endOfText(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
  return Math.min(end + 1, text.length);
}

function parsed(literal: string): string | undefined {
  try {
    const value: unknown = JSON.parse(literal);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
