import { isDatabaseName } from "./dialect.ts";
import { isMigrationsDirectory, versionOrder, type FilePlace, type Runner } from "./runner.ts";
import { statementsOf } from "./text.ts";

const VERSIONED = /^([VU])(\d+(?:[._]\d+)*)__.+\.sql$/;
const REPEATABLE = /^R__(.+)\.sql$/;

/** Subdirectories that only group the scripts of one location: years, releases, kinds of objects. */
const GROUP =
  /\d|^(?:ddl|dml|data|tables?|views?|functions?|procedures?|triggers?|types?|indexes|repeatables?|versioned|undo)$/i;

/**
 * Statements that Flyway 13 runs outside a transaction, with the whole script, of its own accord (PostgreSQLParser,
 * `detectCanExecuteInTransaction`; ALTER TYPE … ADD VALUE, before PostgreSQL 12 only, is left out).
 */
const OUTSIDE =
  /^(?:(?:CREATE|DROP)\s+(?:DATABASE|TABLESPACE|SUBSCRIPTION)|ALTER\s+SYSTEM|(?:CREATE|DROP)(?:\s+UNIQUE)?\s+INDEX\s+CONCURRENTLY|REINDEX(?:\s+VERBOSE)?\s+(?:SCHEMA|DATABASE|SYSTEM)|VACUUM|DISCARD\s+ALL)\b/i;

/** Refinery (Rust) names its files alike. */
const manifests = { "Cargo.toml": (text: string) => (/^refinery\b/m.test(text) ? true : undefined) };

const CONFIGURATIONS = [
  "flyway.toml",
  "flyway.conf",
  ...["properties", "yml", "yaml"].map((extension) => `application.${extension}`),
  ...["build.gradle", "build.gradle.kts", "pom.xml"],
];

/** Where a setting is on: in Flyway's own configuration, an application's or a build's. */
function setting(name: string): Readonly<Record<string, (text: string) => true | undefined>> {
  const pattern = new RegExp(`\\b${name}["']?[ \\t]*[=:>(][ \\t]*["']?true\\b`);
  const read = (text: string): true | undefined =>
    /flyway/i.test(text) && pattern.test(text) ? true : undefined;
  return Object.fromEntries(
    CONFIGURATIONS.map((file) => [
      file,
      file.startsWith("flyway.") ? (text) => read(`flyway ${text}`) : read,
    ]),
  );
}

const GROUPED = setting("group");
const MIXED = setting("mixed");

/** What the script's own configuration says of a transaction. */
function ownTransaction(file: FilePlace): boolean | undefined {
  const configuration = file.sibling(`${file.name}.conf`);
  const value = /^[ \t]*executeInTransaction[ \t]*=[ \t]*(true|false)/m.exec(configuration ?? "")?.[1];
  return value === undefined ? undefined : value === "true";
}

/** Whether Flyway takes a statement for one that cannot run in a transaction. */
export function flywayRunsOutside(statement: string): boolean {
  return OUTSIDE.test(statementsOf(statement)[0] ?? "");
}

/**
 * A location is scanned with its subdirectories. Those that group belong to one stream; others (a database's name,
 * a tenant) are their own: whether a configuration joins them is not to be seen in the repository's files.
 */
function stream(file: FilePlace): string {
  const { directories } = file;
  let end = directories.length;
  const top = directories.findLastIndex(isMigrationsDirectory);
  if (top === -1) return file.directory;
  while (end > top + 1 && isGroup(directories[end - 1] ?? "")) end--;
  return directories.slice(0, end).join("/");
}

function isGroup(directory: string): boolean {
  return GROUP.test(directory) && !isDatabaseName(directory);
}

/**
 * Flyway: `V<version>__<description>.sql` by the numbers of the version (parts separated by `.` or `_`, missing
 * ones 0), `U…` its undo, `R__<description>.sql` after all of them by description (Flyway documentation,
 * "Migrations"). Baseline scripts (`B…`), which replace the versioned ones in a new database, are none here.
 * A script runs in a transaction, unless `<script>.conf` says `executeInTransaction=false` ("Script configuration
 * files") or it holds statements that cannot.
 */
export const flyway: Runner = {
  name: "flyway",
  detect(file) {
    if (!VERSIONED.test(file.name) && !REPEATABLE.test(file.name)) return false;
    return file.nearest(manifests) === undefined;
  },
  place(file) {
    const [, prefix = "V", version = ""] = VERSIONED.exec(file.name) ?? [];
    const placed = {
      stream: stream(file),
      version,
      direction: prefix === "U" ? ("down" as const) : ("up" as const),
    };
    if (version === "") return { ...placed, order: [1, REPEATABLE.exec(file.name)?.[1] ?? file.name] };
    return { ...placed, order: [0, ...versionOrder(version.split(/[._]/), file.name, placed.direction)] };
  },
  transactional(file) {
    return ownTransaction(file) ?? !statementsOf(file.text).some((statement) => OUTSIDE.test(statement));
  },
  // "Flyway Group Setting": all pending migrations in one transaction, off by default.
  // `ParserSqlScript`: mixed scripts are refused, unless `mixed` or the script's own configuration says otherwise.
  sends: (file) => ({
    chained: true,
    ...(file.nearest(GROUPED) ? { span: "run" } : {}),
    ...(ownTransaction(file) === undefined && !file.nearest(MIXED) ? { refusesMixed: true } : {}),
  }),
  // flyway-core 13, `ChecksumCalculator.java`: of each line as it is; line ends, and so empty lines, do not count.
  checksumText: (script) => script.replace(/^\uFEFF/, "").replaceAll(/[\r\n]+/g, ""),
  // Redgate, Flyway documentation, "Validate" (checksums, descriptions, missing files) and
  // "validateOnMigrate", which is on by default.
  memory: {
    title: "Flyway",
    checksum: "refuses",
    needsFiles: true,
    byFileName: true,
    // "Validate": "resolved migration not applied", unless outOfOrder ("Flyway Out Of Order Setting").
    late: "refuses",
    allowLate: "outOfOrder=true",
  },
  leaveTransaction:
    'give it a script of its own, with "executeInTransaction=false" in a <script>.conf beside it (and set flyway.postgresql.transactional.lock=false)',
};
