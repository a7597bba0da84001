import type { CandidateFile, Dialect, Range } from "@yantra-lint/core";

/** Whether something runs inside a transaction: "unknown" when it depends on what the repository does not show. */
export type Transactional = boolean | "unknown";

/** How a runner sends a migration's statements, and what its transaction spans. */
export interface Sending {
  /**
   * Behind a COMMIT or ROLLBACK in the text the next transaction begins by itself: all is sent as one simple query,
   * whose statements PostgreSQL runs in a transaction (PostgreSQL 18, 54.2.2.1; measured), or through JDBC with
   * auto-commit off (pgjdbc, `QueryExecutorImpl.sendQueryPreamble`).
   */
  chained?: true;
  /**
   * What the transaction spans, where it is not one that the runner begins for this migration alone. `query`: the
   * runner begins none, and there is at most that which PostgreSQL makes of statements sent together; BEGIN in it is
   * right. `run`: all migrations that are pending share one.
   */
  span?: "query" | "run";
  /** It refuses a file that holds statements that cannot run in a transaction beside others. */
  refusesMixed?: true;
}

/** Details of a migration's kind: plain data, part of FileKind.details. */
export interface MigrationDetails extends Sending {
  dialect: Dialect;
  /** The runner's name, or "plain" for numbered files whose runner is not known. */
  runner: string;
  /** The version as the runner spells it; empty for files that have none (Flyway's repeatables). */
  version: string;
  direction: "up" | "down" | "both";
  /** For direction "both": of the up section. */
  transactional: Transactional;
  /** True when `transactional` comes from the settings: it then holds for every section. */
  configured?: true;
}

/** A part of a migration that runs in one direction. */
export interface Section extends Sending {
  direction: "up" | "down";
  /** UTF-16 offsets of the section's text, without the directive that opens it. */
  range: Range;
  transactional: Transactional;
  /** goose's StatementBegin/StatementEnd: the text of each is one statement. */
  blocks?: Range[];
  /** Parts of the range that are no SQL: delimiters of the runner's own. */
  gaps?: Range[];
  /** Why it cannot be read; its statements are then unknown. A sentence. */
  unread?: string;
  /** It runs again whenever it changes, so that editing it is right. */
  repeatable?: true;
  /** It runs only where all of these hold; elsewhere the runner passes it by and goes on. */
  preconditions?: Precondition[];
}

/** A question to the database, and its answer where the condition holds. */
export interface Precondition {
  query: string;
  /** The value of the only row and column, as text. */
  answer: string;
}

/** Where a migration stands in its runner's order. */
export interface Placement {
  stream: string;
  /** As FileKind.order: compared element by element, numbers before texts. */
  order: (string | number)[];
  version: string;
  direction: MigrationDetails["direction"];
}

/** A migration runner: how it names, orders and runs its files. One a module; `index.ts` lists them. */
export interface Runner {
  name: string;
  /** Whether the file is this runner's. Looks at the path first: most files are none. */
  detect(file: FilePlace): boolean;
  /** A file of its own that it never runs on a database with history: it is no migration then, of no other runner either. */
  ignores?(file: FilePlace): boolean;
  /** The file's place. Also asked for files that only the settings call this runner's: any path gets an answer. */
  place(file: FilePlace): Placement;
  /** Whether the file (or its up section) runs in a transaction. */
  transactional(file: FilePlace, placement: Placement): Transactional;
  /** Without, it begins the transaction itself, one for each migration, and sends statement by statement. */
  sends?(file: FilePlace): Sending;
  /** The database that the runner itself uses; nothing overrules it but the settings. */
  declaredDialect?(file: FilePlace): Dialect | undefined;
  /** The database that a manifest suggests; a directory's name overrules it. */
  likelyDialect?(file: FilePlace): Dialect | undefined;
  /**
   * The file's sections, where one file holds both directions, or its statements are not parted by semicolons alone.
   * Empty when no directive is found. `transactional`: the file's.
   */
  sections?(text: string, transactional: Transactional): Section[];
  /** See `howToLeaveTransaction`. */
  leaveTransaction?: string;
  /** See `wayDownOf`; without, it has none. `path`: the up migration's. */
  wayDown?(path: string): string | undefined;
  /** See `memoryOf`; without, it knows versions only. */
  memory?: RunnerMemory;
  /** See `checksumTextOf`. */
  checksumText?(section: string): string | undefined;
}

/** What a runner remembers of the migrations that a database has run, and what it does when a file differs. */
export interface RunnerMemory {
  /** Its name as people write it. */
  title: string;
  /** It compares a checksum of the file: comments count too. `refuses`: it then runs nothing; `warns`: it goes on. */
  checksum?: "refuses" | "warns";
  /** It stops when a migration that the database has run has no file any more. */
  needsFiles: boolean;
  /** How the program makes it go on without the file: a sentence's end behind "where". What a file does not show. */
  ignoresMissing?: string;
  /** Migrations are the same by the file's whole name, not by the version alone. */
  byFileName?: true;
  /** A file holds several migrations, each with a checksum of its statements, and may get further ones. */
  grows?: true;
  /** What becomes of a new migration whose version is before one that the database has run. Absent: not known. */
  late?: "refuses" | "skips" | "runs";
  /** The option that makes it run such migrations. */
  allowLate?: string;
}

/** A candidate with its path taken apart. */
export class FilePlace {
  readonly file: CandidateFile;
  readonly path: string;
  /** The file's name. */
  readonly name: string;
  /** The directory's path, "" for the root. */
  readonly directory: string;
  /** Names of the directories, outermost first. */
  readonly directories: readonly string[];

  constructor(file: CandidateFile) {
    this.file = file;
    this.path = file.path;
    const slash = file.path.lastIndexOf("/");
    this.name = file.path.slice(slash + 1);
    this.directory = slash === -1 ? "" : file.path.slice(0, slash);
    this.directories = this.directory === "" ? [] : this.directory.split("/");
  }

  get text(): string {
    return this.file.text;
  }

  /** The path of the directory that holds the file's directory, "" for the root. */
  get parent(): string {
    return this.directories.slice(0, -1).join("/");
  }

  /** The name of the file's directory, "" for the root. */
  get folder(): string {
    return this.directories.at(-1) ?? "";
  }

  /** True when a directory's name says that migrations are inside. */
  get inMigrations(): boolean {
    return this.directories.some(isMigrationsDirectory);
  }

  /** A file in the same directory. */
  sibling(name: string): string | undefined {
    return this.file.neighbour(join(this.directory, name));
  }

  /** What files in the same directory say, remembered as `nearest` does; `manifests` must be no other call's. */
  beside<T>(manifests: Readonly<Record<string, (text: string) => T | undefined>>): T | undefined {
    return this.#remembered(manifests, () => this.#manifestOf(this.directory, manifests));
  }

  /** What `ask` finds in the file's directory, by names and siblings alone; remembered by the identity of `ask`. */
  ofDirectory<T>(ask: (file: FilePlace) => T): T {
    return this.#remembered(ask, () => ask(this));
  }

  /** Names in the file's directory, sorted; none where the file stands alone. */
  namesBeside(): readonly string[] {
    return this.file.namesIn?.(this.directory) ?? [];
  }

  #remembered<T>(key: object, ask: () => T): T {
    const { memo } = this.file;
    const known = memo?.get(key) ?? new Map<string, unknown>();
    memo?.set(key, known);
    if (known.has(this.directory)) return known.get(this.directory) as T;
    const answer = ask();
    known.set(this.directory, answer);
    return answer;
  }

  /**
   * The first answer that a file of one of these names gives, in the file's directory or the nearest one above
   * it: which manifest (`Cargo.toml`, `go.mod`) says something of the runner. With `up` the search begins so many
   * directories above, for runners that give each migration a directory of its own. Answers are remembered by the
   * identity of `manifests`.
   */
  nearest<T>(manifests: Readonly<Record<string, (text: string) => T | undefined>>, up = 0): T | undefined {
    const { memo } = this.file;
    const known = memo?.get(manifests) ?? new Map<string, unknown>();
    memo?.set(manifests, known);
    const asked: string[] = [];
    let answer: T | undefined;
    for (let depth = Math.max(0, this.directories.length - up); depth >= 0 && answer === undefined; depth--) {
      const directory = this.directories.slice(0, depth).join("/");
      if (known.has(directory)) {
        // What these manifests answered before.
        answer = known.get(directory) as T | undefined;
        break;
      }
      asked.push(directory);
      answer = this.#manifestOf(directory, manifests);
    }
    for (const directory of asked) known.set(directory, answer);
    return answer;
  }

  #manifestOf<T>(directory: string, manifests: Readonly<Record<string, (text: string) => T | undefined>>) {
    for (const [name, read] of Object.entries(manifests)) {
      const text = this.file.neighbour(join(directory, name));
      const answer = text === undefined ? undefined : read(text);
      if (answer !== undefined) return answer;
    }
    return undefined;
  }
}

/** A path inside a directory, which may be the root (""). */
export function join(directory: string, name: string): string {
  return directory === "" ? name : `${directory}/${name}`;
}

/** `migrations`, `migrate`, `db-migration`, `sqlMigrations`, `migrations_v2` …; not `migrator` or `immigration`. */
export function isMigrationsDirectory(name: string): boolean {
  return /^migrate$|(?:^|[-_.]|db|database|schema|sql)migrations?(?:[-_.]|$)/i.test(name);
}

const BEFORE_ANY_NUMBER = -1;

/**
 * A version of several numbers as order: 1 < 1.0.1 < 1.1 < 2, and 1 = 1.0, where `tail` decides (a file name).
 * Numbers beyond 2^53 are rounded, which keeps their order; equal ones are told apart by `tail` too. A way down
 * stands right behind its way up, on which it builds.
 */
export function versionOrder(
  parts: readonly string[],
  tail: string,
  direction: Placement["direction"],
): (string | number)[] {
  const numbers = parts.map(Number);
  while (numbers.length > 1 && numbers.at(-1) === 0) numbers.pop();
  return [...numbers, BEFORE_ANY_NUMBER, direction === "down" ? 1 : 0, tail];
}

/** A name as order; a way down stands right behind the way up of that name. */
export function nameOrder(name: string, direction: Placement["direction"]): (string | number)[] {
  return direction === "down" ? [name.replace(/\.down\.sql$/i, ".up.sql"), "down"] : [name];
}

/** The digits a file name begins with, "" when it begins otherwise. */
export function leadingDigits(name: string): string {
  return /^\d+/.exec(name)?.[0] ?? "";
}

/** Order and version of runners that compare one number: golang-migrate, goose, sqlx. */
export function numberedPlace(file: FilePlace, direction: Placement["direction"]): Placement {
  const version = leadingDigits(file.name);
  const order =
    version === "" ? nameOrder(file.name, direction) : versionOrder([version], file.name, direction);
  return { stream: file.directory, order, version, direction };
}

/** "down" for `x.down.sql`, else "up". */
export function directionOfName(name: string): "up" | "down" {
  return /\.down\.sql$/i.test(name) ? "down" : "up";
}

/** `wayDown` of runners whose migrations may be pairs `x.up.sql` and `x.down.sql`. */
export function downBeside(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return /\.up\.sql$/i.test(name)
    ? `in a file ${name.replace(/\.up\.sql$/i, ".down.sql")} beside it`
    : undefined;
}

/** Whether a Cargo.toml names a crate among its dependencies; undefined, not false, as `nearest` wants it. */
export function cargoDependency(manifest: string, crate: string): true | undefined {
  return cargoEntry(manifest, crate) === undefined ? undefined : true;
}

/** The one database whose driver the features of a crate name; undefined when they name none or several. */
export function cargoDialect(manifest: string, crate: string): Dialect | undefined {
  const entry = cargoEntry(manifest, crate) ?? "";
  const features: readonly (readonly [Dialect, RegExp])[] = [
    ["postgresql", /"postgres(?:_backend)?"/],
    ["mysql", /"mysql(?:_backend)?"/],
    ["sqlite", /"sqlite(?:-unbundled)?"/],
  ];
  const named = features.filter(([, feature]) => feature.test(entry));
  return named.length === 1 ? named[0]?.[0] : undefined;
}

/** The text of `crate = …` (to the next key or table) or of the table `[dependencies.crate]`. */
function cargoEntry(manifest: string, crate: string): string | undefined {
  const start = new RegExp(
    `^(?:${crate}(?:\\.workspace)?[ \\t]*=|\\[[\\w.-]*dependencies\\.${crate}\\])`,
    "m",
  );
  const match = start.exec(manifest);
  if (!match) return undefined;
  const rest = manifest.slice(match.index);
  const end = rest.search(match[0].startsWith("[") ? /\n\[/ : /\n(?:\[|[\w.-]+[ \t]*=)/);
  return end === -1 ? rest : rest.slice(0, end);
}
