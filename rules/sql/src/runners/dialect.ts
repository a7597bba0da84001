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
  // Types of ClickHouse are spelt in this case only; an extension (pguint) gives PostgreSQL a type uint8.
  [
    "clickhouse",
    /\bUInt(?:8|16|32|64|128|256)\b|\bDateTime64\s*\(|\bDateTime\s*\(\s*'|\bNullable\s*\(\s*[A-Z]/,
  ],
  ["clickhouse", /\bCODEC\s*\(\s*(?:NONE|Default|LZ4|ZSTD|Delta|DoubleDelta|Gorilla|GCD|FPC|T64)\b/],
  ["sqlite", /\bAUTOINCREMENT\b|(?:^|;)\s*PRAGMA\s+\w|\bWITHOUT\s+ROWID\b|\bCOLLATE\s+NOCASE\b/i],
  ["unknown", /^[ \t]*GO[ \t]*(?:;[ \t]*)?\r?$|\[[A-Za-z_]\w*\][ \t]*\.[ \t]*\[/im],
  ["unknown", /\bNVARCHAR\b|\bUNIQUEIDENTIFIER\b|\bIDENTITY\s*\(\s*\d|\bVARCHAR2\b|\bNUMBER\s*\(\s*\d/i],
  ["mysql", /`|\bAUTO_INCREMENT\b|\bENGINE\s*=\s*(?:InnoDB|MyISAM|MEMORY|Aria)\b/i],
  ["mysql", /\bINT(?:EGER)?(?:\s*\(\s*\d+\s*\))?\s+UNSIGNED\b|\bCHARSET\s*=\s*(?:utf8|latin1|ascii)/i],
  ["mysql", /\b(?:TINY|SMALL|MEDIUM|BIG)INT(?:\s*\(\s*\d+\s*\))?\s+UNSIGNED\b|\bMEDIUMTEXT\b|\bLONGTEXT\b/i],
  ["postgresql", /\bCONCURRENTLY\b|\bPLPGSQL\b|\bCREATE\s+EXTENSION\b/i],
];

/** What PostgreSQL has, and some other database too: SQLite takes any name for a type, and ClickHouse casts with `::`. */
const LIKELY = /\bTIMESTAMPTZ\b|\bBIGSERIAL\b|::\s*\w/i;
/** What SQLite has in functions (3.45, `jsonb()`), so that it is a type there that people write. */
const WEAK = /\bJSONB\b/i;

/** A word of each marker, and of NOT_POSTGRESQL: a text without any, comments included, is looked through once. */
const MARKED =
  /\b(?:STDIN|ENGINE|CLUSTER|MATERIALIZED|LowCardinality|AUTO_?INCREMENT|PRAGMA|ROWID|NOCASE|CODEC|UInt\d+|DateTime64|Nullable|RENAME\s+TABLE|GO|NVARCHAR|UNIQUEIDENTIFIER|IDENTITY|VARCHAR2|NUMBER|UNSIGNED|CHARSET|MEDIUMTEXT|LONGTEXT|JSONB|TIMESTAMPTZ|BIGSERIAL|CONCURRENTLY|PLPGSQL|EXTENSION|DATETIME|MODIFY|CHANGE|AFTER)\b|[\]`]|::/i;

/** What PostgreSQL does not know, but more than one other database does. */
const NOT_POSTGRESQL =
  /\bDATETIME(?:\s*\(\s*\d\s*\))?\s+(?:NOT\s+NULL|NULL|DEFAULT)\b|\bALTER\s+TABLE\s+\S+\s+(?:MODIFY|CHANGE)\b|\bADD\s[^;,]{1,200}\sAFTER\s+\w+\s*(?:[;,]|$)|(?:^|;)\s*RENAME\s+TABLE\b/i;

/** Drivers by what a manifest calls them. */
const DRIVERS: readonly (readonly [Dialect, RegExp])[] = [
  ["postgresql", /"(?:pg|postgres|pg-promise|slonik|@neondatabase\/serverless|@vercel\/postgres)"\s*:/],
  ["postgresql", /\/lib\/pq\b|\/jackc\/pgx\b|\/driver\/pgdriver\b|\/go-pg\/pg\b|\borg\.postgresql\b/],
  [
    "mysql",
    /"(?:mysql|mysql2|mariadb)"\s*:|\/go-sql-driver\/mysql\b|\bmysql-connector|\bmariadb-java-client\b/,
  ],
  [
    "sqlite",
    /"(?:sqlite3|better-sqlite3|@libsql\/client)"\s*:|\/mattn\/go-sqlite3\b|\bmodernc\.org\/sqlite\b/,
  ],
  ["sqlite", /\bsqlite-jdbc\b/],
  ["clickhouse", /\/clickhouse-go\b|\bclickhouse-jdbc\b/],
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

/** What a text shows of its dialect, and how surely. */
interface Mark {
  dialect: Dialect;
  certainty: "certain" | "likely" | "weak";
}

function markOf(code: string): Mark | undefined {
  const certain = MARKERS.find(([, marker]) => marker.test(code))?.[0];
  if (certain) return { dialect: certain, certainty: "certain" };
  if (LIKELY.test(code)) return { dialect: "postgresql", certainty: "likely" };
  return WEAK.test(code) ? { dialect: "postgresql", certainty: "weak" } : undefined;
}

function codeWithMarks(text: string): string | undefined {
  return MARKED.test(text) ? codeOf(text) : undefined;
}

/** How many files of a directory are asked, the first by name: they tend to make the tables. */
const VOTERS = 8;

/** What the voters showed: a file that is not the first of its directory to ask need not read them again. */
const marksOfVoters = new Map<string, Mark | undefined>();
const MOST_REMEMBERED = 64;

function voteOf(text: string): Mark | undefined {
  if (marksOfVoters.has(text)) return marksOfVoters.get(text);
  // A template may hold a branch for each database.
  const code = text.includes("{{") ? undefined : codeWithMarks(text);
  const mark = code === undefined ? undefined : markOf(code);
  if (marksOfVoters.size >= MOST_REMEMBERED) marksOfVoters.clear();
  marksOfVoters.set(text, mark);
  return mark;
}

/** Whether a file's name has a word for a database. It then says nothing of its siblings, and they nothing of it. */
function namesDialect(name: string): boolean {
  return name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .some((word) => WORDS.has(word));
}

const votersOf = new WeakMap<readonly string[], readonly string[]>();

/** Of a directory's names those whose files are asked; made once for each list. */
function voters(names: readonly string[]): readonly string[] {
  const known = votersOf.get(names);
  if (known) return known;
  const found = names
    .filter((name) => /\.sql$/i.test(name) && !/\bdown\.sql$/i.test(name) && !namesDialect(name))
    .slice(0, VOTERS);
  votersOf.set(names, found);
  return found;
}

/**
 * The dialect that a directory's files show, where some do and none shows another: those of one stream are for one
 * database. What only PostgreSQL has is never outvoted.
 */
function dialectOfDirectory(file: FilePlace): Dialect | undefined {
  const names = voters(file.namesBeside());
  if (names.length < 2) return undefined;
  const votes = names.flatMap((name) => voteOf(file.sibling(name) ?? "") ?? []);
  const certain = new Set(
    votes.filter(({ certainty }) => certainty === "certain").map(({ dialect }) => dialect),
  );
  const [only] = certain;
  if (certain.size > 1) return undefined;
  const likely = votes.filter(({ certainty }) => certainty === "likely").length;
  if (only === undefined) return likely > 0 ? "postgresql" : undefined;
  return only === "postgresql" || votes.filter(({ dialect }) => dialect === only).length > likely
    ? only
    : undefined;
}

/**
 * The dialect that the text shows by what only it has; where it shows none for certain, that of the directory's other
 * files, and then the nearest manifest's by its drivers.
 */
export function dialectOfText(file: FilePlace): Dialect | undefined {
  const code = codeWithMarks(file.text);
  const mark = code === undefined ? undefined : markOf(code);
  if (mark?.certainty === "certain") return mark.dialect;
  const voted = namesDialect(file.name) ? undefined : file.ofDirectory(dialectOfDirectory);
  if (voted) return voted;
  if (mark?.certainty === "likely") return mark.dialect;
  const driver = file.nearest(DRIVER_MANIFESTS);
  // Of the others only SQLite lets a column be JSONB.
  if (driver && (!mark || driver === "sqlite")) return driver;
  return mark?.dialect ?? (code !== undefined && NOT_POSTGRESQL.test(code) ? "mysql" : undefined);
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
