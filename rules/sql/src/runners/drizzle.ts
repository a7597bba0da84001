import type { Range } from "@yantra-lint/core";
import { dialectOfName } from "./dialect.ts";
import { leadingDigits, type FilePlace, type Runner, type Section, type Transactional } from "./runner.ts";

interface Journal {
  dialect: string;
  /** Place in the journal and time (ms) of each file, by its name without extension. */
  entries: ReadonlyMap<string, { at: number; when: number }>;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readJournal(text: string): Journal | undefined {
  let journal: unknown;
  try {
    journal = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(journal) || !Array.isArray(journal["entries"])) return undefined;
  const entries = journal["entries"].flatMap(
    (entry: unknown, at): [string, { at: number; when: number }][] => {
      if (!isRecord(entry) || typeof entry["tag"] !== "string") return [];
      return [[entry["tag"], { at, when: typeof entry["when"] === "number" ? entry["when"] : 0 }]];
    },
  );
  const dialect = typeof journal["dialect"] === "string" ? journal["dialect"] : "";
  return { dialect, entries: new Map(entries) };
}

const JOURNAL = { "meta/_journal.json": readJournal };

function journalOf(file: FilePlace): Journal | undefined {
  return file.beside(JOURNAL);
}

function nameOf(file: FilePlace): string {
  return file.name.replace(/\.sql$/i, "");
}

function isNamed(file: FilePlace): boolean {
  return journalOf(file)?.entries.has(nameOf(file)) === true;
}

/** Not in the journal, although later ones are: nothing runs it. What comes after all of them is run by other means. */
function isLeftOver(file: FilePlace): boolean {
  const journal = journalOf(file);
  if (!journal || isNamed(file) || !/^\d/.test(file.name)) return false;
  const last = Math.max(-1, ...[...journal.entries.keys()].map((tag) => Number(leadingDigits(tag))));
  return Number(leadingDigits(file.name)) <= last;
}

/** The HTTP drivers of Neon and Xata have no transactions (`drizzle-orm/src/neon-http/migrator.ts`). */
const DRIVER = {
  "package.json": (text: string) => {
    if (!/"drizzle-orm"\s*:/.test(text)) return undefined;
    const http = /"(?:@neondatabase\/serverless|@xata\.io\/client)"\s*:/.test(text);
    return http && !/"(?:pg|postgres)"\s*:/.test(text) ? "http" : "socket";
  },
};

/** From 1.0 on each migration has a directory `<time>_<name>` with `migration.sql` and `snapshot.json`. */
function snapshotOf(file: FilePlace): string | undefined {
  if (file.name !== "migration.sql" || !/^\d{14}_/.test(file.folder)) return undefined;
  const snapshot = file.sibling("snapshot.json");
  return /"dialect"\s*:\s*"(\w+)"/.exec(snapshot?.slice(0, 2000) ?? "")?.[1];
}

const BREAKPOINT = "--> statement-breakpoint";

/** A breakpoint ends a statement, with or without a semicolon before it. */
function sections(text: string, transactional: Transactional): Section[] {
  const blocks: Range[] = [];
  let from = 0;
  for (let at = text.indexOf(BREAKPOINT); at !== -1; at = text.indexOf(BREAKPOINT, from)) {
    blocks.push([from, at]);
    from = at + BREAKPOINT.length;
  }
  if (blocks.length === 0) return [];
  return [
    { direction: "up", range: [0, text.length], transactional, blocks: [...blocks, [from, text.length]] },
  ];
}

/**
 * Drizzle: the files of a directory whose `meta/_journal.json` names them, in the journal's order, and no others
 * (drizzle-orm 0.45, `src/migrator.ts`, `readMigrationFiles`). What stands between `--> statement-breakpoint` is sent
 * as it is; all pending migrations run in one transaction (`src/pg-core/dialect.ts`, `migrate`). Pending is what is
 * younger, by the journal's `when`, than the youngest that was run. How 1.0, which has directories instead of a
 * journal, runs them is not known here.
 */
export const drizzle: Runner = {
  name: "drizzle",
  detect(file) {
    if (snapshotOf(file) !== undefined) return true;
    const likely = /^\d/.test(file.name) || file.inMigrations || /drizzle/i.test(file.directory);
    return likely && file.name !== "migration.sql" && (isNamed(file) || isLeftOver(file));
  },
  ignores: isLeftOver,
  place(file) {
    const name = snapshotOf(file) === undefined ? nameOf(file) : file.folder;
    const entry = journalOf(file)?.entries.get(name);
    return {
      stream: name === file.folder ? file.parent : file.directory,
      order: entry ? [entry.at, name] : [name],
      // What it writes down and compares (`created_at`).
      version: String(entry?.when ?? /^\d+/.exec(name)?.[0] ?? name),
      direction: "up",
    };
  },
  transactional(file) {
    if (journalOf(file) === undefined) return "unknown";
    return file.nearest(DRIVER) === "http" ? "unknown" : true;
  },
  sends: (file) => (journalOf(file) === undefined ? {} : { span: "run" }),
  sections,
  declaredDialect(file) {
    const name = journalOf(file)?.dialect ?? snapshotOf(file) ?? "";
    return name === "" ? undefined : dialectOfName(name);
  },
  memory: { title: "Drizzle", needsFiles: false, late: "skips" },
  leaveTransaction:
    "run it by hand before the deployment and write IF NOT EXISTS into the migration: Drizzle runs all pending migrations in one transaction, and no file leaves it",
};
