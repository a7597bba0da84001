import type { Range } from "@yantra-lint/core";
import { REVERSIBLE } from "./golang-migrate.ts";
import { type FilePlace, type Runner, type Section } from "./runner.ts";

/**
 * The directives of a file: comments at its very top, which an empty line parts from the first statement
 * (ariga/atlas, `sql/migrate/dir.go`, `LocalFile.comments`).
 */
function directives(text: string): Map<string, string> {
  const found = new Map<string, string>();
  let from = 0;
  while (text.startsWith("--", from) || text.startsWith("#", from)) {
    const end = text.indexOf("\n", from);
    const line = text.slice(from, end === -1 ? text.length : end).trim();
    const [, name, value = ""] = /^[ -~]*?atlas:(\w+)(?: +(.+))?$/.exec(line) ?? [];
    if (name !== undefined) found.set(name, value);
    if (end === -1) return found;
    from = end + 1;
  }
  return from === text.length || /^[ \t]*\r?\n/.test(text.slice(from, from + 200))
    ? found
    : new Map<string, string>();
}

/** A delimiter is told in the file's first line (`sql/migrate/lex.go`, `init`), escaped. */
function delimiterOf(text: string): { value: string; after: number } | undefined {
  const match = /^--[ \t]*atlas:delimiter[ \t]+([^\r\n]+)/.exec(text);
  const value = match?.[1]?.replaceAll(
    /\\[nrt]/g,
    (escape) => ({ n: "\n", r: "\r" })[escape[1] ?? ""] ?? "\t",
  );
  return match && value ? { value, after: match[0].length } : undefined;
}

function isOutside(text: string): boolean {
  return directives(text).get("txmode") === "none";
}

function sections(text: string): Section[] {
  const delimiter = delimiterOf(text);
  if (!delimiter) return [];
  const { value, after } = delimiter;
  const blocks: Range[] = [];
  const gaps: Range[] = [];
  let from = after;
  for (let at = text.indexOf(value, after); at !== -1; at = text.indexOf(value, from)) {
    blocks.push([from, at]);
    gaps.push([at, at + value.length]);
    from = at + value.length;
  }
  blocks.push([from, text.length]);
  return [{ direction: "up", range: [0, text.length], transactional: !isOutside(text), blocks, gaps }];
}

const SUM = { "atlas.sum": (text: string) => (text.startsWith("h1:") ? true : undefined) };

/** Pairs of up and down are golang-migrate's, whose directories Atlas may watch over too. */
function isAtlas(file: FilePlace): boolean {
  return !REVERSIBLE.test(file.name) && file.beside(SUM) === true;
}

/**
 * Atlas: `<version>_<name>.sql` beside an `atlas.sum`, sorted by file name as text; the version is what stands before
 * the first `_` (ariga/atlas, June 2026, `sql/migrate/dir.go`, `Files` and `Version`). Each file runs in a transaction,
 * statement by statement, unless its head says `-- atlas:txmode none`; one for all files is an option of the command
 * (`--tx-mode all`), which the files do not show (`cmd/atlas/internal/cmdapi/migrate.go`, `driverFor`). Checkpoints
 * (`-- atlas:checkpoint`) stand for all files before them in a new database, and run in no other.
 */
export const atlas: Runner = {
  name: "atlas",
  detect: (file) => /^\d\w*.*\.sql$/.test(file.name) && isAtlas(file),
  ignores: (file) => directives(file.text).has("checkpoint"),
  place: (file) => ({
    stream: file.directory,
    order: [file.name],
    version: file.name.replace(/\.sql$/, "").split("_", 1)[0] ?? "",
    direction: "up",
  }),
  transactional: (file) => !isOutside(file.text),
  sections,
  // `ExecOrderLinear` (sql/migrate/migrate.go); atlas.sum is rewritten by `atlas migrate hash`, and tells edits only.
  memory: {
    title: "Atlas",
    needsFiles: false,
    late: "refuses",
    allowLate: "--exec-order non-linear",
  },
  leaveTransaction: 'give it a file of its own that begins with "-- atlas:txmode none" and an empty line',
};
