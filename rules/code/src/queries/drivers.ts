import type { CandidateFile } from "@yantra-lint/core";

/** How a library writes the places of values in a text that it is given. */
export type Placeholders = "numbered" | "question" | "promise";

export interface Driver {
  /** `any`: it speaks to several databases, and the file does not show to which. */
  database: "postgresql" | "any" | "other";
  placeholders: Placeholders;
}

const POSTGRESQL: Driver = { database: "postgresql", placeholders: "numbered" };
const ANY: Driver = { database: "any", placeholders: "numbered" };
const OTHER: Driver = { database: "other", placeholders: "numbered" };

/**
 * Libraries that send SQL, by their modules. Placeholders: node-postgres.com/features/queries (`$1`),
 * knexjs.org/guide/raw.html (`?`, `??`, `:name`, `:name:`), sequelize.org/docs/v6/core-concepts/raw-queries (`?`,
 * `:name`, `$1`), mikro-orm.io (knex's), vitaly-t.github.io/pg-promise/formatting.html (`$1`, `${name}`, `$/name/`).
 */
const DRIVERS: ReadonlyMap<string, Driver> = new Map([
  ...drivers(
    POSTGRESQL,
    "pg pg-pool pg-native pg-cursor pg-query-stream postgres slonik @silverhand/slonik @vercel/postgres",
  ),
  ...drivers(
    POSTGRESQL,
    "@neondatabase/serverless @databases/pg @electric-sql/pglite zapatos/db @pgtyped/runtime @pgtyped/query squid/pg graphile-worker pg-sql2 pg-template-tag @types/pg drizzle-orm/node-postgres drizzle-orm/postgres-js drizzle-orm/pg-core drizzle-orm/neon-http drizzle-orm/neon-serverless drizzle-orm/vercel-postgres drizzle-orm/pglite",
  ),
  ...drivers({ database: "postgresql", placeholders: "promise" }, "pg-promise"),
  ...drivers(
    ANY,
    "typeorm @nestjs/typeorm kysely drizzle-orm @prisma/client bun sql-template-strings sql-template-tag @nearform/sql",
  ),
  ...drivers(
    { database: "any", placeholders: "question" },
    "knex sequelize sequelize-typescript @sequelize/core @mikro-orm/core @mikro-orm/knex @mikro-orm/postgresql @mikro-orm/nestjs objection @adonisjs/lucid",
  ),
]);

function drivers(driver: Driver, modules: string): [string, Driver][] {
  return modules.split(" ").map((module) => [module, driver]);
}

const OTHERS =
  /^(?:mysql2?(?:\/.*)?|mariadb(?:\/.*)?|better-sqlite3|sqlite3?|@libsql\/.*|@planetscale\/.*|mssql|tedious|oracledb|@clickhouse\/.*|clickhouse|(?:node|bun):sqlite|expo-sqlite(?:\/.*)?|@tidbcloud\/.*|cassandra-driver|@?duckdb.*|@google-cloud\/.*|snowflake-sdk|sql\.js|drizzle-orm\/(?:mysql|sqlite|libsql|better-sqlite3|d1|planetscale|bun-sqlite|expo-sqlite|singlestore|tidb|durable).*|@databases\/(?:mysql|sqlite).*)$/;

/** The driver that a module is; undefined when it is none that we know. */
export function driverOf(module: string): Driver | undefined {
  const bare = module.replace(/^npm:/, "").replace(/^(@[^/]+\/[^@]+|[^@]+)@.*$/, "$1");
  const known = DRIVERS.get(bare);
  if (known) return known;
  if (OTHERS.test(bare)) return OTHER;
  if (/^@slonik\/|^pg\/|^@vercel\/postgres|^drizzle-orm\/pg/.test(bare)) return POSTGRESQL;
  if (/(?:^|\/)generated\/(?:prisma|client)|^@?prisma\/client|^\.prisma\/client/.test(bare)) return ANY;
  return undefined;
}

/** What the package around a file says of the database. */
export interface PackageDatabase {
  /** Its drivers or its Prisma schema are those of other databases only. */
  other?: true;
  /** TypeORM's columns are named in snake case: a naming strategy is installed (typeorm-naming-strategies). */
  snakeColumns?: true;
  /** Drizzle names columns that have no name of their own in snake case (`casing` in `drizzle.config`). */
  snakeCasing?: true;
}

const POSTGRESQL_PACKAGE =
  /"(?:pg|pg-promise|pg-native|postgres|slonik|@silverhand\/slonik|@neondatabase\/serverless|@vercel\/postgres|@electric-sql\/pglite|@prisma\/adapter-pg|@mikro-orm\/postgresql)"\s*:/;
const OTHER_PACKAGE =
  /"(?:mysql|mysql2|mariadb|better-sqlite3|sqlite3?|@libsql\/client|@planetscale\/database|mssql|tedious|oracledb|@mikro-orm\/(?:mysql|mariadb|sqlite|better-sqlite|libsql|mssql))"\s*:/;
const PROVIDER = /^[ \t]*provider[ \t]*=[ \t]*"(\w+)"/m;

/** The files that are asked, nearest first, and what each can answer. */
const MANIFESTS: readonly (readonly [string, (text: string) => "postgresql" | "other" | undefined])[] = [
  ["package.json", databaseOfPackage],
  ["prisma/schema.prisma", databaseOfPrisma],
  ["prisma/schema/schema.prisma", databaseOfPrisma],
];

function databaseOfPackage(text: string): "postgresql" | "other" | undefined {
  if (POSTGRESQL_PACKAGE.test(text)) return "postgresql";
  return OTHER_PACKAGE.test(text) ? "other" : undefined;
}

function databaseOfPrisma(text: string): "postgresql" | "other" | undefined {
  const block = /\bdatasource\s+\w+\s*\{([^}]*)\}/.exec(text)?.[1];
  const provider = block === undefined ? undefined : PROVIDER.exec(block)?.[1];
  if (provider === undefined) return undefined;
  return provider === "postgresql" || provider === "postgres" ? "postgresql" : "other";
}

/**
 * What the package around a file says of the database: the nearest `package.json` that names a driver, or the nearest
 * Prisma schema. A package that names drivers of several databases proves nothing, and neither does one without.
 */
export function packageDatabase(file: CandidateFile): PackageDatabase {
  const folders = foldersOf(file.path);
  const database = nearest(file, folders, MANIFESTS, (name, text) => {
    const found = MANIFESTS.find(([manifest]) => manifest === name);
    return found?.[1](text);
  });
  const snake = nearest(file, folders, TYPEORM, (_, text) =>
    /"typeorm"\s*:/.test(text)
      ? /"typeorm-naming-strategies"\s*:/.test(text)
        ? "snake"
        : "plain"
      : undefined,
  );
  const casing = nearest(file, folders, DRIZZLE, (_, text) =>
    /\bcasing\s*:\s*["']snake_case["']/.test(text) ? "snake" : "plain",
  );
  return {
    ...(database === "other" ? { other: true } : {}),
    ...(snake === "snake" ? { snakeColumns: true } : {}),
    ...(casing === "snake" ? { snakeCasing: true } : {}),
  };
}

const TYPEORM = [["package.json"]] as const;
const DRIZZLE = [["drizzle.config.ts"], ["drizzle.config.js"], ["drizzle.config.mjs"]] as const;

function foldersOf(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, parts.length - index).join("/")).concat("");
}

/** The first answer that one of the manifests gives, from the file's folder upwards; remembered by the folder. */
function nearest(
  file: CandidateFile,
  folders: readonly string[],
  manifests: readonly (readonly [string, ...unknown[]])[],
  read: (name: string, text: string) => string | undefined,
): string | undefined {
  const known = file.memo?.get(manifests) ?? new Map<string, unknown>();
  file.memo?.set(manifests, known);
  const asked: string[] = [];
  let answer: string | undefined;
  for (const folder of folders) {
    if (known.has(folder)) {
      const remembered = known.get(folder);
      answer = typeof remembered === "string" ? remembered : undefined;
      break;
    }
    asked.push(folder);
    for (const [name] of manifests) {
      const text = file.neighbour(folder === "" ? name : `${folder}/${name}`);
      answer ??= text === undefined ? undefined : read(name, text);
    }
    if (answer !== undefined) break;
  }
  for (const folder of asked) known.set(folder, answer);
  return answer;
}
