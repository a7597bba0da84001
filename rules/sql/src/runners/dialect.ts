import type { Dialect } from "@yantra-lint/core";
import { isMigrationsDirectory, type FilePlace } from "./runner.ts";
import { codeOf } from "./text.ts";

/** Words of directory names that name a database. Databases we have no dialect for are "unknown". */
const WORDS: ReadonlyMap<string, Dialect> = new Map([
  ...words("postgresql", "postgres postgresql psql pgsql pg"),
  ...words("mysql", "mysql tidb vitess"),
  ...words("mariadb", "mariadb"),
  ...words("sqlite", "sqlite sqlite3 libsql"),
  ...words("clickhouse", "clickhouse"),
  ...words("unknown", "cockroach cockroachdb crdb mssql sqlserver hsqldb duckdb redshift bigquery yugabyte"),
]);

/** Words that mean other things too (a price oracle, a snowflake id): only below a directory of migrations. */
const WORDS_INSIDE: ReadonlyMap<string, Dialect> = new Map([
  ...words("sqlite", "d1"),
  ...words("unknown", "oracle h2 db2 derby firebird snowflake spanner cassandra scylla trino"),
]);

function words(dialect: Dialect, names: string): [string, Dialect][] {
  return names.split(" ").map((name) => [name, dialect]);
}

/**
 * The dialect that a part of the file's name (`3_users.mysql.up.sql`, as pop has it) or the nearest directory names
 * (`db/migrations/mysql`, `jdbc-postgres`). What a migration is called says nothing: `3_add_mysql_source.sql`.
 */
export function dialectOfPath(file: FilePlace): Dialect | undefined {
  for (const part of file.name.toLowerCase().split(".").slice(1, -1)) {
    const dialect = WORDS.get(part);
    if (dialect) return dialect;
  }
  const top = file.directories.findIndex(isMigrationsDirectory);
  for (let at = file.directories.length - 1; at >= 0; at--) {
    const directory = (file.directories[at] ?? "").toLowerCase();
    for (const word of directory.split(/[^a-z0-9]+/)) {
      const dialect = WORDS.get(word) ?? (top !== -1 && at > top ? WORDS_INSIDE.get(word) : undefined);
      if (dialect) return dialect;
    }
  }
  return undefined;
}

/** True when a directory's name is a database's, as in Flyway's `{vendor}`. */
export function isDatabaseName(directory: string): boolean {
  const name = directory.toLowerCase();
  return WORDS.has(name) || WORDS_INSIDE.has(name);
}

/**
 * What only one database's SQL has, in code (not in comments or values). ClickHouse and SQLite come before MySQL,
 * whose backticks they know too; COPY … FROM stdin comes first, because its data may look like anything.
 */
const MARKERS: readonly (readonly [Dialect, RegExp])[] = [
  ["postgresql", /\bFROM\s+STDIN\b/i],
  ["clickhouse", /\bENGINE\s*=\s*\w*(?:MergeTree|Log|Distributed|Kafka|Buffer)\b|\bENGINE\s+\w*MergeTree\b/i],
  ["clickhouse", /\bON\s+CLUSTER\b|\bLowCardinality\s*\(/i],
  ["clickhouse", /\bMATERIALIZED\s+VIEW\s+(?:IF\s+NOT\s+EXISTS\s+)?[\w.`"]{1,200}\s+TO\s+\w/i],
  ["sqlite", /\bAUTOINCREMENT\b|(?:^|;)\s*PRAGMA\s+\w|\bWITHOUT\s+ROWID\b/i],
  ["unknown", /^[ \t]*GO[ \t]*(?:;[ \t]*)?\r?$|\[[A-Za-z_]\w*\][ \t]*\.[ \t]*\[/im],
  ["unknown", /\bNVARCHAR\b|\bUNIQUEIDENTIFIER\b|\bIDENTITY\s*\(\s*\d|\bVARCHAR2\b|\bNUMBER\s*\(\s*\d/i],
  ["mysql", /`|\bAUTO_INCREMENT\b|\bENGINE\s*=\s*(?:InnoDB|MyISAM|MEMORY|Aria)\b/i],
  ["mysql", /\bINT(?:EGER)?(?:\s*\(\s*\d+\s*\))?\s+UNSIGNED\b|\bCHARSET\s*=\s*(?:utf8|latin1|ascii)/i],
  ["mysql", /\b(?:TINY|SMALL|MEDIUM|BIG)INT(?:\s*\(\s*\d+\s*\))?\s+UNSIGNED\b|\bMEDIUMTEXT\b|\bLONGTEXT\b/i],
  [
    "postgresql",
    /\bJSONB\b|\bTIMESTAMPTZ\b|\bBIGSERIAL\b|\bCONCURRENTLY\b|\bPLPGSQL\b|\bCREATE\s+EXTENSION\b|::\s*\w/i,
  ],
];

/** A word of each marker, and of NOT_POSTGRESQL: a text without any, comments included, is looked through once. */
const MARKED =
  /\b(?:STDIN|ENGINE|CLUSTER|MATERIALIZED|LowCardinality|AUTO_?INCREMENT|PRAGMA|ROWID|GO|NVARCHAR|UNIQUEIDENTIFIER|IDENTITY|VARCHAR2|NUMBER|UNSIGNED|CHARSET|MEDIUMTEXT|LONGTEXT|JSONB|TIMESTAMPTZ|BIGSERIAL|CONCURRENTLY|PLPGSQL|EXTENSION|DATETIME|MODIFY|CHANGE|AFTER)\b|[\]`]|::/i;

/** What PostgreSQL does not know, but more than one other database does. */
const NOT_POSTGRESQL =
  /\bDATETIME(?:\s*\(\s*\d\s*\))?\s+(?:NOT\s+NULL|NULL|DEFAULT)\b|\bALTER\s+TABLE\s+\S+\s+(?:MODIFY|CHANGE)\b|\bADD\s[^;,]{1,200}\sAFTER\s+\w+\s*(?:[;,]|$)/i;

/** Drivers by what a manifest calls them. */
const DRIVERS: readonly (readonly [Dialect, RegExp])[] = [
  ["postgresql", /"(?:pg|postgres|pg-promise|slonik|@neondatabase\/serverless|@vercel\/postgres)"\s*:/],
  ["postgresql", /\/lib\/pq\b|\/jackc\/pgx\b|\borg\.postgresql\b/],
  [
    "mysql",
    /"(?:mysql|mysql2|mariadb)"\s*:|\/go-sql-driver\/mysql\b|\bmysql-connector|\bmariadb-java-client\b/,
  ],
  [
    "sqlite",
    /"(?:sqlite3|better-sqlite3|@libsql\/client)"\s*:|\/mattn\/go-sqlite3\b|\bmodernc\.org\/sqlite\b/,
  ],
  ["sqlite", /\bsqlite-jdbc\b/],
  ["unknown", /\bojdbc\d|\bmssql-jdbc\b|"mssql"\s*:|\/go-mssqldb\b/],
];

/** The one database whose driver a manifest names; undefined when it names none or several. */
function driverOf(manifest: string): Dialect | undefined {
  const found = new Set(DRIVERS.filter(([, driver]) => driver.test(manifest)).map(([dialect]) => dialect));
  const [only] = found;
  return found.size === 1 ? only : undefined;
}

const MANIFESTS = ["package.json", "go.mod", "pom.xml", "build.gradle", "build.gradle.kts"];
const DRIVER_MANIFESTS = Object.fromEntries(MANIFESTS.map((name) => [name, driverOf]));

/** The dialect that the text shows by what only it has, or, where it shows none, the nearest manifest by its drivers. */
export function dialectOfText(file: FilePlace): Dialect | undefined {
  const { text } = file;
  const code = MARKED.test(text) ? codeOf(text) : undefined;
  const marked = code === undefined ? undefined : MARKERS.find(([, marker]) => marker.test(code))?.[0];
  if (marked) return marked;
  const driver = file.nearest(DRIVER_MANIFESTS);
  if (driver) return driver;
  return code !== undefined && NOT_POSTGRESQL.test(code) ? "mysql" : undefined;
}

/** The dialect that a word names, in lower case; databases we have no dialect for are "unknown". */
export function dialectOfWord(word: string): Dialect | undefined {
  return WORDS.get(word);
}

const DIALECTS: readonly Dialect[] = ["postgresql", "mysql", "mariadb", "sqlite", "clickhouse"];

/** A dialect by one of its names, as settings and `migration_lock.toml` spell it; others are "unknown". */
export function dialectOfName(name: string): Dialect {
  const lower = name.toLowerCase();
  return DIALECTS.find((dialect) => dialect === lower) ?? WORDS.get(lower) ?? "unknown";
}
