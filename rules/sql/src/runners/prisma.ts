import { dialectOfName } from "./dialect.ts";
import { join, type FilePlace, nameOrder, type Runner } from "./runner.ts";
import { simpleQueryTransaction } from "./text.ts";

/** The provider that `migration_lock.toml` names, "" when it names none, undefined without such a file. */
function provider(file: FilePlace): string | undefined {
  const lock = file.file.neighbour(join(file.parent, "migration_lock.toml"));
  return lock === undefined ? undefined : (/^[ \t]*provider[ \t]*=[ \t]*"(\w+)"/m.exec(lock)?.[1] ?? "");
}

type Sends = "script" | "statements" | "unknown";

/** How the Prisma version of a package.json sends a script to PostgreSQL. */
function sending(manifest: string): Sends | undefined {
  const match = /"(?:prisma|@prisma\/client)"\s*:\s*"[^\d"]*(\d+)(?:\.(\d+))?[^"]*"/.exec(manifest);
  if (!match) return undefined;
  const major = Number(match[1]);
  if (major !== 7) return major < 7 ? "script" : "statements";
  return Number(match[2] ?? 0) >= 4 ? "statements" : "unknown";
}

const SENDING = { "package.json": sending };

/**
 * Prisma Migrate: `<time>_<name>/migration.sql` beside `migration_lock.toml`, applied in the order of the
 * directories' names (Prisma documentation, "About migration histories"). A `down.sql` beside it is written by
 * hand and run with `prisma db execute` ("Generating down migrations").
 * It opens no transaction, but up to 7.3 it sends the whole script as one simple query (prisma-engines 5.22,
 * `apply_migration_script`, which calls `simple_query(script)`; prisma/orm issue 22922); from 7.4 it sends each
 * statement on its own (`split_script_into_statements`, prisma-engines pull request 5767).
 */
export const prisma: Runner = {
  name: "prisma",
  detect(file) {
    if (file.name === "down.sql")
      return /^\d/.test(file.folder) && isPrisma(file) && file.sibling("migration.sql") !== undefined;
    return file.name === "migration.sql" && isPrisma(file);
  },
  place(file) {
    const { folder, parent, name } = file;
    const version = folder;
    const direction = name === "down.sql" ? "down" : "up";
    return { stream: parent, order: nameOrder(folder, direction), version, direction };
  },
  transactional(file) {
    if (!simpleQueryTransaction(file.text)) return false;
    const sends = file.nearest(SENDING, 1) ?? "unknown";
    return sends === "unknown" ? "unknown" : sends === "script";
  },
  sends(file) {
    return file.nearest(SENDING, 1) === "script" ? { chained: true, span: "query" } : { span: "query" };
  },
  declaredDialect(file) {
    const name = provider(file);
    return name === undefined || name === "" ? undefined : dialectOfName(name);
  },
  // Prisma documentation, "Development and production": `migrate deploy` warns of modified migrations, and does not
  // of missing ones; `migrate dev` wants to reset the database for both.
  memory: { title: "Prisma", checksum: "warns", needsFiles: false, late: "runs" },
  leaveTransaction: "give it a migration of its own: Prisma runs a single statement without a transaction",
};

/** Drizzle names its files alike, but keeps a `snapshot.json` beside each. */
function isPrisma(file: FilePlace): boolean {
  if (provider(file) !== undefined) return true;
  return (
    /^\d{14}_/.test(file.folder) &&
    file.directories.at(-2) === "migrations" &&
    file.sibling("snapshot.json") === undefined
  );
}
