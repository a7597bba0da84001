import {
  directionOfName,
  downBeside,
  leadingDigits,
  nameOrder,
  versionOrder,
  type FilePlace,
  type Placement,
  type Runner,
  type Section,
} from "./runner.ts";

/** `src/sqlMigration.ts`, `createMigrationCommentRegex`. */
const MARK = /^[ \t]*--[ \t-]*(up|down)[ \t]+migration[^\r\n]*/gim;

const PAIR = /\.(?:up|down)\.sql$/i;
const NO_SINGLE =
  /--no-single-transaction\b|\bsingle-transaction["']?\s*:\s*false|\bsingleTransaction["']?\s*:\s*false/;

const DEPENDENCY = {
  "package.json": (text: string) => (/"node-pg-migrate"\s*:/.test(text) ? true : undefined),
};
const SINGLE = {
  "package.json": (text: string) => (/"node-pg-migrate"\s*:/.test(text) ? !NO_SINGLE.test(text) : undefined),
};

function sections(text: string): Section[] {
  const marks = [...text.matchAll(MARK)].map((match) => ({
    direction: match[1]?.toLowerCase() === "down" ? ("down" as const) : ("up" as const),
    start: match.index,
    end: match.index + match[0].length,
  }));
  const [first] = marks;
  if (!first) return [];
  // Without a mark for the way up the whole text is it, down section included; nobody means that.
  if (marks.every(({ direction }) => direction === "down"))
    marks.unshift({ direction: "up", start: 0, end: 0 });
  return marks.map(({ direction, end }, index) => ({
    direction,
    range: [end, marks[index + 1]?.start ?? text.length],
    transactional: true,
  }));
}

function directionOf(file: FilePlace): Placement["direction"] {
  if (PAIR.test(file.name)) return directionOfName(file.name);
  return sections(file.text).some(({ direction }) => direction === "down") ? "both" : "up";
}

/** The number before the name; one of 17 digits is a time, and compares as its milliseconds (`getNumericPrefix`). */
function numberOf(digits: string): string {
  const time = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})$/.exec(digits);
  if (!time) return digits;
  const [, year, month, day, hours, minutes, seconds, rest] = time;
  const value = Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}.${rest}Z`);
  return Number.isNaN(value) ? digits : String(value);
}

/**
 * node-pg-migrate: `<number>_<name>.sql` with `-- Up Migration` and `-- Down Migration`, without marks all of it up,
 * or pairs `.up.sql` and `.down.sql` (from version 9, `src/migrationLoader.ts`), ordered by number. All pending
 * migrations run in one transaction, unless `--no-single-transaction` gives each one of its own (`src/runner.ts`,
 * `singleTransaction`, by default true; `src/migration.ts`, `_apply`). A direction is sent as one query
 * (`src/sqlMigration.ts`: one `pgm.sql`). Version 10.0.0-alpha.2.
 */
export const nodePgMigrate: Runner = {
  name: "node-pg-migrate",
  detect(file) {
    if (!/^\d+[-_].*\.sql$/.test(file.name)) return false;
    if (!PAIR.test(file.name) && /^[ \t]*--[ \t-]*up[ \t]+migration/im.test(file.text)) return true;
    return file.inMigrations && file.nearest(DEPENDENCY) === true;
  },
  place(file) {
    const version = leadingDigits(file.name);
    const direction = directionOf(file);
    const order =
      version === ""
        ? nameOrder(file.name, direction)
        : versionOrder([numberOf(version)], file.name, direction);
    return { stream: file.directory, order, version, direction };
  },
  transactional: () => true,
  sends: (file) => ({ chained: true, ...(file.nearest(SINGLE) === false ? {} : { span: "run" }) }),
  sections,
  declaredDialect: () => "postgresql",
  wayDown: (path) => (PAIR.test(path) ? downBeside(path) : 'under a line "-- Down Migration" in this file'),
  // src/runner.ts, `checkOrder`, by default true: it compares names, those of deleted files too.
  memory: {
    title: "node-pg-migrate",
    needsFiles: true,
    byFileName: true,
    late: "refuses",
    allowLate: "--no-check-order",
  },
  // src/migrationBuilder.ts, `noTransaction`, which files of SQL cannot call.
  leaveTransaction:
    "give it a migration of its own in JavaScript or TypeScript that calls pgm.noTransaction()",
};
