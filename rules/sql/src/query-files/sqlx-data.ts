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
/** Inside of a query's own text quotes have a backslash before them. */
const QUERY = /(?<!\\)"query"\s*:\s*("(?:[^"\\]|\\.)*")/g;

/** The kind `sqlx` of a file of sqlx's data about queries for PostgreSQL. */
export function recogniseSqlxData(file: CandidateFile): FileKind | undefined {
  if (!PATH.test(file.path) || NO_PROGRAM.test(file.path) || !DATABASE.test(file.text)) return undefined;
  return { name: "sqlx", factsOnly: true };
}

/** The queries of a file of kind `sqlx`, each at its text. */
export function sqlxQueries({ text }: Pick<SourceFile, "text">): QueryFact[] {
  const lines = new Lines(text);
  return [...text.matchAll(QUERY)].flatMap((match): QueryFact[] => {
    const [whole, literal = ""] = match;
    const end = match.index + whole.length;
    const sql = parsed(literal);
    if (sql === undefined) return [];
    const region = lines.region([end - literal.length, end]);
    return [
      { type: "query", path: "", ...region, sql, source: "file", certainty: "certain", complete: true },
    ];
  });
}

function parsed(literal: string): string | undefined {
  try {
    const value: unknown = JSON.parse(literal);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
