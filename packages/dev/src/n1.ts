import { PGlite } from "@electric-sql/pglite";
import {
  type ChangedFileFact,
  type Fact,
  FactIndex,
  type Files,
  kindIn,
  type MigrationFact,
} from "@yantra-lint/core";
import code from "../../../rules/code/src/index.ts";
import sql from "../../../rules/sql/src/index.ts";
import { detailsOfKind } from "../../../rules/sql/src/language/details.ts";
import { parseFile } from "../../../rules/sql/src/language/parse.ts";
import { breaksOf, unprepared } from "../../../rules/sql/src/queries/broken.ts";
import { type Query, queriesOf } from "../../../rules/sql/src/queries/query.ts";
import { upMigrations } from "../../../rules/sql/src/release.ts";
import { extensions } from "./postgres/extensions.ts";
import { messageOf, refusalOf } from "./postgres/prepare.ts";
import { factsAt, filesAt } from "./postgres/revision.ts";

/** One query of the base against one migration of the head. */
export interface Pair {
  query: Query;
  /** Path of the migration. */
  migration: string;
  /** Why PostgreSQL refuses the query after the migration; undefined: it takes it. */
  server: string | undefined;
  /** Why we say that it is refused. */
  ours: string | undefined;
}

export interface Comparison {
  pairs: Pair[];
  /** Queries that PostgreSQL refuses before any new migration, such as those of another database. */
  left: { query: Query; why: string }[];
  /** Migrations that did not run, with the server's message. */
  failed: { path: string; why: string }[];
}

const PACKS = [sql, code];

/** Compares, for each query of `base`, what PostgreSQL and we say of each migration that `head` adds. Throws when git does. */
export async function compare(directory: string, base: string, head: string): Promise<Comparison> {
  const [before, after] = await Promise.all([
    filesAt(directory, base, PACKS),
    filesAt(directory, head, PACKS),
  ]);
  const baseFacts = new FactIndex(factsAt(PACKS, before));
  const facts = new FactIndex([...factsAt(PACKS, after), ...changesOf(before, after)]);
  const broken = new Map<Query, { migration: string; what: string }[]>();
  for (const { query, stage, problem } of breaksOf(facts, baseFacts, unprepared)) {
    const others = broken.get(query) ?? [];
    // Several streams may have tables of one name.
    broken.set(query, [...others, { migration: stage.migration.path, what: problem.what }]);
  }
  const result: Comparison = { pairs: [], left: [], failed: [] };
  const streams = new Set(facts.of("migration").map(({ stream }) => stream));
  for (const stream of streams) {
    const migrations = upMigrations(facts, stream);
    const added = migrations.filter(({ path }) => before[path] === undefined);
    if (added.length === 0) continue;
    const database = await PGlite.create({ extensions });
    for (const { path } of migrations.filter((each) => !added.includes(each)))
      await migrate(database, after, path, result);
    await compareStream(database, added, queriesOf(baseFacts), { broken, files: after, result });
    await database.close();
  }
  return result;
}

async function compareStream(
  database: PGlite,
  added: readonly MigrationFact[],
  queries: readonly Query[],
  known: {
    broken: ReadonlyMap<Query, readonly { migration: string; what: string }[]>;
    files: Files;
    result: Comparison;
  },
): Promise<void> {
  const { broken, files, result } = known;
  let standing: Query[] = [];
  for (const query of queries) {
    const why = await refusalOf(database, query.text);
    if (why === undefined) standing.push(query);
    else result.left.push({ query, why });
  }
  for (const { path } of added) {
    await migrate(database, files, path, result);
    const left: Query[] = [];
    for (const query of standing) {
      const server = await refusalOf(database, query.text);
      const ours = broken.get(query)?.find(({ migration }) => migration === path)?.what;
      result.pairs.push({ query, migration: path, server, ours });
      // What is broken once is told once.
      if (server === undefined && ours === undefined) left.push(query);
    }
    standing = left;
  }
}

/** Runs the way up of a migration, statement by statement. */
async function migrate(database: PGlite, files: Files, path: string, { failed }: Comparison): Promise<void> {
  const text = files[path] ?? "";
  const { ast } = parseFile(text, detailsOfKind(kindIn(sql, path, files)));
  await database.exec("RESET ALL");
  for (const section of ast.sections) {
    if (section.direction !== "up") continue;
    // SET LOCAL and the like want the transaction that the runner opens.
    if (section.transactional !== false) await database.exec("BEGIN");
    try {
      for (const { range } of section.statements) await database.exec(text.slice(...range));
      if (section.transactional !== false) await database.exec("COMMIT");
    } catch (error) {
      failed.push({ path, why: messageOf(error) });
      await database.exec("ROLLBACK");
    }
  }
}

/** The files that the head adds, as the engine tells of them. */
function changesOf(before: Files, after: Files): Fact[] {
  return Object.keys(after).flatMap((path): ChangedFileFact[] =>
    before[path] === undefined
      ? [
          {
            type: "changedFile",
            path,
            startLine: 1,
            startColumn: 1,
            endLine: 1,
            endColumn: 1,
            status: "added",
            edit: "addition",
            base: "base",
            migrations: [],
          },
        ]
      : [],
  );
}
