import type { CandidateFile, Fact, FileKind, SourceFile } from "@yantra-lint/core";
import { recogniseMigration } from "../runners/index.ts";
import { prismaEntities, recognisePrisma } from "./prisma.ts";
import { queryFileFacts } from "./queries.ts";
import { recogniseQueries } from "./recognise.ts";
import { recogniseSqlxData, sqlxQueries } from "./sqlx-data.ts";

/**
 * The kind of a file of SQL: a migration, or what is none but says what a program reads and writes: `queries` (a query
 * file of sqlc, PgTyped, yesql …), `sqlx` (sqlx's data) or `prisma` (a Prisma schema for PostgreSQL). Of these only facts
 * are read, and they are in no stream. A file that the user names is a migration where nothing says that it is another.
 */
export function recogniseSql(file: CandidateFile): FileKind | undefined {
  if (file.path.endsWith(".prisma")) return recognisePrisma(file);
  if (file.path.endsWith(".json")) return recogniseSqlxData(file);
  if (!file.named) return recogniseMigration(file) ?? recogniseQueries(file);
  return recogniseMigration(unnamed(file)) ?? recogniseQueries(file) ?? recogniseMigration(file);
}

function unnamed(file: CandidateFile): CandidateFile {
  return {
    path: file.path,
    get text() {
      return file.text;
    },
    named: false,
    neighbour: (path) => file.neighbour(path),
    settings: file.settings,
    ...(file.namesIn ? { namesIn: (directory) => file.namesIn?.(directory) ?? [] } : {}),
    ...(file.memo ? { memo: file.memo } : {}),
  };
}

/** The queries or tables of a file of kind `queries`, `sqlx` or `prisma`; none of every other kind. */
export function useFacts({ kind, path, text }: SourceFile): Fact[] {
  if (kind.name === "queries") return queryFileFacts({ path, text });
  if (kind.name === "sqlx") return sqlxQueries({ text });
  return kind.name === "prisma" ? prismaEntities(text) : [];
}
