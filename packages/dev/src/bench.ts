/**
 * `pnpm bench [sql] [DIR…]`: measures the command line as users run it, on a corpus of its own or on directories, and
 * squawk on the same SQL files; of a directory that is a git repository also its last commit as a change; the start
 * of a run on one file beside that of Node alone; how the time per file grows with the number of files and of one
 * stream's migrations (`--no-growth` leaves that out, which takes minutes); and what an editor waits for. `sql`
 * leaves out what is not SQL. Figures only: nothing here passes or fails by speed.
 */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { longMigration, writeCorpus, writeMigrations } from "./bench/corpus.ts";
import { medianTime, peakMemory, type Program } from "./bench/measure.ts";
import { ROOT } from "./repository.ts";

const RUNS = 3;
/** A start takes a fraction of a second: more runs cost little and steady the median. */
const START_RUNS = 11;
/** How many files of all languages together the generated repositories have. */
const GROWTH = [1_000, 5_000, 20_000];
const EDITOR = { history: 1_000, lines: 500 };
const LANGUAGES: Readonly<Record<string, readonly string[]>> = {
  sql: [".sql"],
  kubernetes: [".yaml", ".yml"],
  code: [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"],
};
const SKIPPED = new Set(["node_modules", ".git"]);

function listFiles(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .flatMap((entry) => {
      const file = path.join(directory, entry.name);
      if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : listFiles(file);
      return entry.isFile() ? [file] : [];
    })
    .sort();
}

/** The bench's own copy of some files: a directory that holds one language, or all, and nothing else. */
interface Sample {
  name: string;
  directory: string;
  files: string[];
  bytes: number;
}

/** Copies the files of the given extensions, at the paths they have. */
function sample(
  name: string,
  extensions: readonly string[],
  sources: readonly string[],
  scratch: string,
): Sample {
  const directory = path.join(scratch, name);
  mkdirSync(directory, { recursive: true });
  let bytes = 0;
  const files = sources.flatMap((source) =>
    listFiles(source)
      .filter((file) => extensions.includes(path.extname(file)))
      .map((file) => {
        // Several directories keep apart, so that the migrations of one are not another's.
        const relative = path.join(
          sources.length > 1 ? path.basename(source) : "",
          path.relative(source, file),
        );
        cpSync(file, path.join(directory, relative));
        bytes += statSync(file).size;
        return relative;
      }),
  );
  return { name, directory, files, bytes };
}

function yantra(directory: string, args: readonly string[]): Program {
  const bin = path.join(ROOT, "packages/cli/bin/yantra-lint.js");
  return { command: process.execPath, args: [bin, ...args], directory };
}

function milliseconds(time: number): string {
  return time < 1000 ? `${time.toFixed(0)} ms` : `${(time / 1000).toFixed(2)} s`;
}

function perSecond(files: number, time: number): string {
  return `${((files / time) * 1000).toFixed(0)} files/s`;
}

/** How long the program takes in a directory: without cache, with an empty one, with a full one. */
async function figures(
  directory: string,
  args: readonly string[],
  files: number,
  scratch: string,
): Promise<string[]> {
  const cache = path.join(scratch, "cache");
  const forget = () => {
    rmSync(cache, { recursive: true, force: true });
  };
  const uncached = yantra(directory, [...args, "--no-cache"]);
  const cached = yantra(directory, [...args, "--cache-location", cache]);
  forget();
  const without = await medianTime(uncached, RUNS);
  const cold = await medianTime(cached, RUNS, forget);
  const warm = await medianTime(cached, RUNS);
  const memory = await peakMemory(uncached, scratch);
  return [
    milliseconds(without),
    perSecond(files, without),
    milliseconds(cold),
    milliseconds(warm),
    `${memory.toFixed(0)} MiB`,
  ];
}

async function yantraRow({ name, directory, files, bytes }: Sample, scratch: string): Promise<string[]> {
  const measured = await figures(directory, ["check", "--format", "json"], files.length, scratch);
  return [`yantra-lint, ${name}`, String(files.length), (bytes / 1e6).toFixed(2), ...measured];
}

/** The last commit of each repository: a plain run against its base, and the risk of the change. */
async function changeRows(source: string, scratch: string): Promise<string[][]> {
  if (!existsSync(path.join(source, ".git"))) return [];
  const extensions = Object.values(LANGUAGES).flat();
  const files = listFiles(source).filter((file) => extensions.includes(path.extname(file)));
  const megabytes = (files.reduce((sum, file) => sum + statSync(file).size, 0) / 1e6).toFixed(2);
  const rows: string[][] = [];
  for (const command of ["check", "risk"]) {
    const measured = await figures(source, [command, "--base", "HEAD~1"], files.length, scratch);
    rows.push([
      `${command} of a change, ${path.basename(source)}`,
      String(files.length),
      megabytes,
      ...measured,
    ]);
  }
  return rows;
}

/** Squawk's native program, as its platform package brings it. */
function squawkBinary(): string {
  const fromSquawk = createRequire(createRequire(import.meta.url).resolve("squawk-cli/package.json"));
  const suffix = process.platform === "win32" ? ".exe" : "";
  return fromSquawk.resolve(`@squawk-cli/${process.platform}-${process.arch}/bin/squawk${suffix}`);
}

async function squawkRow({ directory, files, bytes }: Sample): Promise<string[]> {
  const time = await medianTime({ command: squawkBinary(), args: files, directory }, RUNS);
  const figures = [milliseconds(time), perSecond(files.length, time), "-", "-", "-"];
  return ["squawk, sql", String(files.length), (bytes / 1e6).toFixed(2), ...figures];
}

/** The start: Node alone, the program without work, and one migration from the command to the exit. */
async function startRows(scratch: string): Promise<string[][]> {
  const directory = path.join(scratch, "one");
  mkdirSync(path.join(directory, "migrations"), { recursive: true });
  writeFileSync(path.join(directory, "migrations/0001_note.sql"), "ALTER TABLE orders DROP COLUMN note;\n");
  const node = await medianTime({ command: process.execPath, args: ["-e", "0"], directory }, START_RUNS);
  const version = await medianTime(yantra(directory, ["--version"]), START_RUNS);
  const args = ["check", "migrations/0001_note.sql", "--no-cache"];
  const one = await medianTime(yantra(directory, args), START_RUNS);
  return [
    ["", "time", "of Node alone"],
    ...[
      ["node -e 0", node] as const,
      ["yantra-lint --version", version] as const,
      ["yantra-lint check, one migration", one] as const,
    ].map(([name, time]) => [name, milliseconds(time), `${(time / node).toFixed(1)} ×`]),
  ];
}

/** Generated repositories of growing size: a time per file that stays says that nothing is quadratic. */
async function growthRows(scratch: string): Promise<string[][]> {
  const rows = [["generated files", "no cache", "per file", "warm cache", "per file", "peak memory"]];
  for (const count of GROWTH) {
    const directory = path.join(scratch, `growth-${count}`);
    writeCorpus(directory, Math.round(count / Object.keys(LANGUAGES).length));
    const cache = path.join(scratch, `growth-cache-${count}`);
    const args = ["check", "--format", "json"];
    const cold = await medianTime(yantra(directory, [...args, "--no-cache"]), 1);
    const cached = yantra(directory, [...args, "--cache-location", cache]);
    await medianTime(cached, 1);
    const warm = await medianTime(cached, 1);
    const memory = await peakMemory(yantra(directory, [...args, "--no-cache"]), scratch);
    const perFile = (time: number): string => `${((time / count) * 1000).toFixed(0)} µs`;
    rows.push([
      String(count),
      milliseconds(cold),
      perFile(cold),
      milliseconds(warm),
      perFile(warm),
      `${memory.toFixed(0)} MiB`,
    ]);
    rmSync(directory, { recursive: true, force: true });
  }
  return rows;
}

/** One stream that grows: folding it must stay linear. */
async function streamRows(scratch: string): Promise<string[][]> {
  const rows = [["migrations of one stream", "no cache", "per file", "peak memory"]];
  for (const count of GROWTH) {
    const directory = path.join(scratch, `stream-${count}`);
    writeMigrations(directory, count);
    const program = yantra(directory, ["check", "--format", "json", "--no-cache"]);
    const time = await medianTime(program, 1);
    const memory = await peakMemory(program, scratch);
    rows.push([
      String(count),
      milliseconds(time),
      `${((time / count) * 1000).toFixed(0)} µs`,
      `${memory.toFixed(0)} MiB`,
    ]);
    rmSync(directory, { recursive: true, force: true });
  }
  return rows;
}

/** A keystroke in a long migration behind a long history. */
function editorRows(scratch: string): string[][] {
  const directory = path.join(scratch, "editor");
  writeMigrations(directory, EDITOR.history);
  const file = `migrations/${EDITOR.history + 1}_long.sql`;
  writeFileSync(path.join(directory, file), longMigration(EDITOR.lines));
  const script = path.join(ROOT, "packages/dev/src/bench/editor.ts");
  const out = execFileSync(process.execPath, ["--import", "tsx", script, directory, file], {
    cwd: ROOT,
    encoding: "utf8",
  });
  const { median, findings } = JSON.parse(out) as { median: number; findings: number };
  return [
    ["in the editor", "history", "findings", "median"],
    [`a migration of ${EDITOR.lines} lines`, String(EDITOR.history), String(findings), milliseconds(median)],
  ];
}

function printTable(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]) =>
    row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
  for (const row of rows) console.log(line(row).join("  "));
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  allowNegative: true,
  options: { growth: { type: "boolean", default: true } },
});
const [mode] = positionals;
const languages =
  mode === "sql" ? Object.entries(LANGUAGES).filter(([name]) => name === "sql") : Object.entries(LANGUAGES);
const scratch = mkdtempSync(path.join(os.tmpdir(), "yantra-bench-"));
try {
  const sources = positionals.slice(mode === "sql" ? 1 : 0).map((directory) => path.resolve(directory));
  if (sources.length === 0) {
    sources.push(path.join(scratch, "corpus"));
    writeCorpus(path.join(scratch, "corpus"));
  }
  const samples = languages
    .map(([name, extensions]) => sample(name, extensions, sources, scratch))
    .filter(({ files }) => files.length > 0);
  if (samples.length > 1) samples.push(sample("all", Object.values(LANGUAGES).flat(), sources, scratch));
  console.log(
    `Node ${process.version}, ${os.availableParallelism()} cores, ${os.cpus()[0]?.model ?? "unknown"}`,
  );
  console.log(`Medians, wall time with start and exit of the program included.\n`);
  printTable(await startRows(scratch));
  console.log();

  const rows = [["", "files", "MB", "no cache", "throughput", "cold cache", "warm cache", "peak memory"]];
  for (const one of samples) rows.push(await yantraRow(one, scratch));
  if (mode !== "sql") for (const source of sources) rows.push(...(await changeRows(source, scratch)));
  const sql = samples.find(({ name }) => name === "sql");
  let missing = "";
  if (sql) {
    try {
      rows.push(await squawkRow(sql));
    } catch (error) {
      missing = `\nsquawk was not measured: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
  printTable(rows);
  if (missing) console.log(missing);
  console.log();
  printTable(editorRows(scratch));
  if (values.growth) {
    console.log();
    printTable(await streamRows(scratch));
  }
  if (values.growth && mode !== "sql") {
    console.log();
    printTable(await growthRows(scratch));
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
