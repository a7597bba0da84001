import type { Dialect, Range } from "@yantra-lint/core";
import { dialectOfName } from "./dialect.ts";
import {
  type FilePlace,
  isMigrationsDirectory,
  type Precondition,
  type Runner,
  type Section,
} from "./runner.ts";
import { simpleQueryTransaction } from "./text.ts";

const FIRST_LINE = /^\s*--\s*liquibase\s*formatted/i;
const DIRECTORY = /changelog|changesets?$|^changes$|liquibase/i;

/** `AbstractFormattedChangeLogParser`: CHANGE_SET, ROLLBACK, ROLLBACK_MULTI_LINE_START, ALT_IGNORE_LINES. */
const LINE =
  /^[ \t]*(?:--[ \t]*(changeset)[ \t]+(?:"[^"\r\n]+"|[^:\r\n]+):[ \t]*(?:"[^"\r\n]+"|\S+)([^\r\n]*)|--[ \t]*(rollback) ([^\r\n]*)|\/\*[ \t]*(liquibase[ \t]*rollback)[ \t]*$)/gim;

interface Changeset {
  /** What follows author and id on its line. */
  options: string;
  range: Range;
  rollbacks: { lines: Range[]; closed: boolean }[];
}

/** The changesets of a file, each with its rollback: consecutive lines, or the text of a block comment. */
function changesets(text: string): Changeset[] {
  const found: Changeset[] = [];
  for (const match of text.matchAll(LINE)) {
    const [whole, changeset, options = "", line, said = "", block] = match;
    const end = match.index + whole.length;
    const last = found.at(-1);
    if (changeset) {
      if (last) last.range[1] = match.index;
      found.push({ options, range: [end, text.length], rollbacks: [] });
    } else if (line) {
      const range: Range = [end - said.length, end];
      const before = last?.rollbacks.at(-1);
      const follows = before && !before.closed && isBlank(text.slice(before.lines.at(-1)?.[1], match.index));
      if (follows) before.lines.push(range);
      else last?.rollbacks.push({ lines: [range], closed: false });
    } else if (block) {
      const close = text.indexOf("*/", end);
      last?.rollbacks.push({ lines: [[end, close === -1 ? text.length : close]], closed: true });
    }
  }
  return found;
}

function isBlank(text: string): boolean {
  return text.trim() === "";
}

function option(options: string, name: string): string | undefined {
  return new RegExp(`\\b${name}:(\\S+)`, "i").exec(options)?.[1];
}

/** Whether a changeset's `dbms:` lets it run on PostgreSQL: a list, with `!` before those that are excepted. */
function isForPostgres(options: string): boolean {
  const names = option(options, "dbms")?.split(",") ?? [];
  if (names.length === 0 || names.some((name) => /^(?:postgresql|all)$/i.test(name))) return true;
  return names.every((name) => name.startsWith("!")) && !names.includes("!postgresql");
}

/** `FormattedSqlChangeLogParser`: what else than HALT, the default, and WARN, which runs it all the same, goes on. */
const PASSES_BY = /^[ \t]*--[ \t]*preconditions\b.*\bonFail:["']?(?:MARK_RAN|CONTINUE)\b/im;
const PRECONDITION = /^[ \t]*--[ \t]*precondition-(sql-check|table-exists|view-exists)[ \t]+(.*)$/gim;
const SQL_CHECK = /^expectedResult:(?:"([^"]*)"|'([^']*)'|(\S+))[ \t]+(["']?)(.*)\4\s*$/i;

/** What a changeset asks before it runs, where another answer has it passed by. */
function preconditionsOf(changeset: string): Precondition[] {
  if (!PASSES_BY.test(changeset)) return [];
  return [...changeset.matchAll(PRECONDITION)].map(([, kind = "", said = ""]): Precondition => {
    if (kind.toLowerCase() === "sql-check") {
      const [, double, single, bare, , query] = SQL_CHECK.exec(said.trim()) ?? [];
      return { query: query ?? "", answer: double ?? single ?? bare ?? "" };
    }
    const name = /\b(?:table|view):(\S+)/i.exec(said)?.[1] ?? "";
    return {
      query: `SELECT count(*) FROM pg_class WHERE relname = '${name.replaceAll("'", "''")}'`,
      answer: "1",
    };
  });
}

function sections(text: string): Section[] {
  return changesets(text).flatMap(({ options, range, rollbacks }): Section[] => {
    if (!isForPostgres(options)) return [];
    const outside = option(options, "runInTransaction") === "false";
    const script = option(options, "splitStatements") === "false";
    const runs = (part: string): boolean => !outside || (script && simpleQueryTransaction(part));
    const sends = {
      ...(outside && !script ? {} : { chained: true as const }),
      ...(outside && script ? { span: "query" as const } : {}),
    };
    const repeatable = /\brun(?:OnChange|Always):true\b/i.test(options) ? { repeatable: true as const } : {};
    const downs = rollbacks.flatMap(({ lines, closed }) =>
      downOf(text, lines, closed).map((down) => ({ ...down, transactional: !outside, ...repeatable })),
    );
    const delimiters = delimitersOf(text, range, option(options, "endDelimiter"));
    const spent = rollbacks.flatMap(({ lines, closed }) =>
      lines.map(([start, end]): Range => [start, closed ? end + 2 : end]),
    );
    const body = text.slice(...range);
    const preconditions = preconditionsOf(body);
    const up = {
      direction: "up" as const,
      range,
      transactional: runs(body),
      ...sends,
      ...repeatable,
      ...(preconditions.length > 0 ? { preconditions } : {}),
    };
    return [{ ...up, ...(outside ? delimiters : {}), gaps: [...delimiters.gaps, ...spent] }, ...downs];
  });
}

/** A section for each line of a rollback; statements of several lines stand in as many comments, and are not read. */
function downOf(text: string, lines: readonly Range[], closed: boolean): Section[] {
  const base = { direction: "down" as const, transactional: true };
  const range: Range = [lines[0]?.[0] ?? 0, lines.at(-1)?.[1] ?? 0];
  const texts = lines.map((line) => text.slice(...line).trim());
  // `handleRollbackSequence`: what the whole of it begins with, or has in it.
  if (
    texts.every((line) => line === "") ||
    (texts.length === 1 && /^(?:empty|not required)/i.test(texts[0] ?? ""))
  )
    return [{ ...base, range, gaps: [range] }];
  // A reference to the changeset that made it: `changesetId:1 changesetAuthor:a`.
  if (/changesetId/i.test(texts.join("\n")))
    return [{ ...base, range, unread: "It runs another changeset." }];
  if (closed || lines.length === 1 || texts.slice(0, -1).every((line) => line.endsWith(";")))
    return lines.map((line) => ({ ...base, range: line }));
  return [{ ...base, range, unread: "Its statements stand in several comments." }];
}

/** Whether `--` stands before an offset on its line, or there. */
function isCommented(text: string, offset: number): boolean {
  const line = text.lastIndexOf("\n", offset - 1) + 1;
  return text.slice(line, offset + 2).includes("--");
}

/**
 * Where a delimiter other than the semicolon stands, outside comments, which are taken out before (`StringUtil.java`,
 * `processMultiLineSQL`: `endDelimiter:--` parts nothing); `/`, `GO` and those with `\n` are lines of their own.
 */
function delimitersOf(
  text: string,
  [from, to]: Range,
  delimiter: string | undefined,
): { blocks: Range[]; gaps: Range[] } {
  if (delimiter === undefined || delimiter === ";") return { blocks: [], gaps: [] };
  const plain = delimiter.replaceAll(/\\[rn]\??|\\s\*/g, "");
  const escaped = plain.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
  const alone = plain !== delimiter || /^(?:\/|go)$/i.test(plain);
  const pattern = new RegExp(alone ? `^[ \\t]*${escaped}[ \\t]*$` : escaped, "gim");
  const gaps = [...text.slice(from, to).matchAll(pattern)]
    .map((match): Range => [from + match.index, from + match.index + match[0].length])
    .filter(([start]) => !isCommented(text, start));
  const edges = [from, ...gaps.flat(), to];
  const blocks = gaps.map((_, index): Range => [edges[index * 2] ?? from, edges[index * 2 + 1] ?? to]);
  return { blocks, gaps };
}

/** Lines that Liquibase takes out of a changeset before it runs it and makes its checksum. */
const DIRECTIVE =
  /^[ \t]*--[ \t]*(?:rollback |comment:? |validCheckSum:? |preconditions|precondition-|property[ \t]+\S+:)/i;
/** The checksums that are right beside the changeset's own; `any` stands for all (`ChangeSet.java`, `isCheckSumValid`). */
const VALID = /^--[ \t]*validCheckSum:? [ \t]*\S/i;
/** The first and the last line of several such. */
const STRETCHES: readonly (readonly [RegExp, RegExp])[] = [
  [/^--[ \t]*ignoreLines:start[ \t\r]*$/i, /^--[ \t]*ignoreLines:end[ \t\r]*$/i],
  [/^[ \t]*\/\*[ \t]*liquibase[ \t]*rollback[ \t\r]*$/i, /\*\/[ \t\r]*$/],
];

/**
 * What the checksum of a changeset is made of: its text without Liquibase's own lines, comments included (those behind
 * its last statement too), and without white space (liquibase, August 2026, `AbstractFormattedChangeLogParser.java`,
 * `configureChangeSet`, and `AbstractSQLChange.java`, `generateCheckSum` and `NormalizingStream`: version 9 of the
 * checksums, since 4.22; before, white space was collapsed; issue 6104). Options of the changeset are no part of it.
 * Undefined where a `validCheckSum` says which others are right.
 */
function checksumText(changeset: string): string | undefined {
  const kept: string[] = [];
  let end: RegExp | undefined;
  for (const line of changeset.split("\n")) {
    if (end) {
      if (end.test(line)) end = undefined;
      continue;
    }
    end = STRETCHES.find(([start]) => start.test(line))?.[1];
    if (!end && VALID.test(line)) return undefined;
    if (!end && !DIRECTIVE.test(line)) kept.push(line.replaceAll(/[ \t\r]+/g, ""));
  }
  return kept.join("");
}

/** What a changelog includes: a file, or the files of a directory whose names end so. */
interface Included {
  path: string;
  ending?: string;
}

/** `file: a.sql`, or `includeAll` with its directory and what may stand behind; XML, YAML and JSON spell it alike. */
const INCLUDE =
  /\bfile["']?\s*[:=]\s*["']?([^\s"'<>,}]+\.\w+)|\bincludeAll\b(["']?\s*:?\s*\{?[^<>{}]*?\bpath["']?\s*[:=]\s*["']?([^\s"'<>,}]+)[^<>{}]*?)(?=[<>}]|\n\s*-|$)/g;

/** What a changelog includes, in its order. */
function includes(changelog: string): Included[] | undefined {
  const found = [...changelog.matchAll(INCLUDE)].map(([, file, all = "", directory = ""]): Included => {
    if (file !== undefined) return { path: relative(file) };
    const ending = /\bendsWithFilter["']?\s*[:=]\s*["']?([^\s"'<>,}]+)/.exec(all)?.[1];
    return { path: relative(directory), ending: ending ?? ".sql" };
  });
  return found.length > 0 ? found : undefined;
}

function relative(path: string): string {
  return path.replace(/^(?:classpath:)?(?:\.{0,2}\/)*/, "").replace(/^\.$/, "");
}

const NAMES = [
  "db.changelog-master",
  "changelog-master",
  "db.changelog-root",
  "db.changelog",
  "changelog",
  "master",
];
const CHANGELOGS = Object.fromEntries(
  NAMES.flatMap((name) =>
    ["xml", "yaml", "yml", "json"].map((extension) => [`${name}.${extension}`, includes]),
  ),
);

/** A file's place in the nearest changelog that names any. */
function placeIn(file: FilePlace): number | undefined {
  const at = file.nearest(CHANGELOGS)?.findIndex((each) => isIncluded(file, each)) ?? -1;
  return at === -1 ? undefined : at;
}

function isIncluded({ path, directory }: FilePlace, included: Included): boolean {
  if (included.ending === undefined) return `/${path}`.endsWith(`/${included.path}`);
  return path.endsWith(included.ending) && `/${directory}/`.endsWith(`/${included.path}/`.replace("//", "/"));
}

/** The outermost directory that is called after changelogs holds the files of one database. */
function streamOf({ directories, directory }: FilePlace): string {
  const top = directories.findIndex((name) => DIRECTORY.test(name) || isMigrationsDirectory(name));
  return top === -1 ? directory : directories.slice(0, top + 1).join("/");
}

/**
 * Liquibase's formatted SQL, and plain SQL that a changelog includes (one changeset, sent as one query:
 * `SqlChangeLogParser.java`): a file whose first line is `--liquibase formatted sql`, of changesets
 * (`--changeset author:id option:value …`). Files run in the order in which the nearest changelog includes them, those
 * of an `includeAll` by path (changelogs that it includes are not followed). Each changeset runs in a transaction of its own, statement by statement, unless it
 * says `runInTransaction:false`; `splitStatements:false` sends it as one query. `--rollback` and a comment that begins
 * with `liquibase rollback` are its way down. Sources: liquibase, August 2026, `AbstractFormattedChangeLogParser.java`
 * (patterns) and `ChangeSet.java` (`execute`, `rollback`: auto-commit is off, and it commits after each changeset).
 */
export const liquibase: Runner = {
  name: "liquibase",
  detect(file) {
    if (!/\.sql$/i.test(file.name)) return false;
    // The first line says enough wherever the file lies; to look for changelogs everywhere would take long.
    if (FIRST_LINE.test(file.text)) return true;
    const likely =
      file.inMigrations ||
      /^[vV]?\d|changelog|changeset/i.test(file.name) ||
      file.directories.some((name) => DIRECTORY.test(name));
    return likely && placeIn(file) !== undefined;
  },
  place(file) {
    const at = placeIn(file) ?? file.nearest(CHANGELOGS)?.length ?? 0;
    const stream = streamOf(file);
    const hasDown = changesets(file.text).some(({ rollbacks }) => rollbacks.length > 0);
    const version = file.path.slice(stream === "" ? 0 : stream.length + 1).replace(/\.sql$/i, "");
    return { stream, order: [at, file.path], version, direction: hasDown ? "both" : "up" };
  },
  transactional: (file) =>
    sections(file.text).find(({ direction }) => direction === "up")?.transactional ?? true,
  sections,
  declaredDialect(file): Dialect | undefined {
    const named = changesets(file.text).map(({ options }) => option(options, "dbms"));
    const [first] = named;
    if (named.some((dbms) => dbms !== undefined && /(?:^|,)postgresql(?:,|$)/i.test(dbms)))
      return "postgresql";
    const foreign = named.length > 0 && named.every((dbms) => dbms !== undefined && !dbms.startsWith("!"));
    return foreign ? dialectOfName(first?.split(",")[0] ?? "") : undefined;
  },
  // `ValidatingVisitor.java`, `visit`: a checksum that differs stops everything, unless the changeset says runOnChange or
  // runAlways, or a `--validCheckSum` that is the stored one, the new one or `any` (`ChangeSet.java`, `isCheckSumValid`);
  // it does not run again then either. A changeset is known by author, id and the file's path.
  memory: {
    title: "Liquibase",
    checksum: "refuses",
    needsFiles: false,
    byFileName: true,
    grows: true,
    late: "runs",
  },
  checksumText,
  wayDown: () => 'in lines "--rollback …" below its statements',
  leaveTransaction: 'give it a changeset of its own with "runInTransaction:false"',
};
