import type { CandidateFile, Dialect, FileKind } from "@yantra-lint/core";
import { dialectOfName, dialectOfPath, dialectOfText } from "../runners/dialect.ts";
import { FilePlace } from "../runners/runner.ts";
import { hasNames } from "./names.ts";

/** Files that the program does not use: tests, foreign code, what a build makes. */
export const NO_PROGRAM =
  /(?:^|\/)(?:(?:[^/]*[-_.])?tests?(?:[-_.][^/]*)?|testdata|(?:test[-_])?fixtures?|__\w+__|mocks?|specs?|e2e|examples?|benchmarks?|seeds?|seeders?|snapshots|dumps?|node_modules|vendor|third_party|dist)\//i;
/** `queries/`, `sql-queries/`, `query/`; Prisma's TypedSQL has one query in each file of `prisma/sql`. */
const QUERIES_FOLDER = /(?:^|\/)(?:[\w.-]*[-_.])?quer(?:y|ies)\/|(?:^|\/)prisma\/sql\//i;
const SENDS = /\b(?:select|insert|update|delete|with|merge|call)\b/i;
const DEFINES = /^\s*(?:create|alter|drop|grant|comment\s+on)\b/im;

/** sqlc's configuration names the engine of its queries; with several, it does not tell here. */
const SQLC = { "sqlc.yaml": engineOf, "sqlc.yml": engineOf, "sqlc.json": engineOf };

function engineOf(text: string): Dialect | undefined {
  const engines = new Set(
    [...text.matchAll(/["']?engine["']?\s*:\s*["']?(\w+)/g)].map((match) => match[1] ?? ""),
  );
  const [engine] = engines;
  return engines.size === 1 && engine !== undefined ? dialectOfName(engine) : undefined;
}

/**
 * The kind `queries` of a `.sql` file that holds a program's queries for PostgreSQL, and is no migration: by the names
 * it gives them (sqlc, PgTyped, yesql, aiosql), or by a folder `queries`. It is in no stream, and ESLint never sees
 * it: rules about migrations do not run on it. Ask for migrations first.
 */
export function recogniseQueries(file: CandidateFile): FileKind | undefined {
  if (!/\.sql$/i.test(file.path) || NO_PROGRAM.test(file.path)) return undefined;
  const { text } = file;
  if (!hasNames(text) && !(QUERIES_FOLDER.test(file.path) && SENDS.test(text) && !DEFINES.test(text)))
    return undefined;
  const place = new FilePlace(file);
  const dialect = dialectOfPath(place) ?? place.nearest(SQLC) ?? dialectOfText(place) ?? "postgresql";
  return dialect === "postgresql" ? { name: "queries", factsOnly: true } : undefined;
}
