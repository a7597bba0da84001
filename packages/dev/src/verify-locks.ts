/**
 * `pnpm verify-locks [--quiet] DIR…`: runs the PostgreSQL migrations below each directory on embedded PostgreSQL, each
 * statement in a transaction of its own, and prints for each what the lock model says beside what the server did:
 * `=` they agree, `~` they agree as far as the model is certain, `?` the statement runs code that the model does not
 * read, `!` they differ, `-` the server refused it. `--quiet` leaves out the first two. Ends with 1 when fewer than
 * 99.5 % of the statements that ran agree.
 */
import path from "node:path";
import { parseArgs } from "node:util";
import { PGlite } from "@electric-sql/pglite";
import { Catalog } from "../../../rules/sql/src/catalog/catalog.ts";
import { CatalogsOfFile, foldSteps } from "../../../rules/sql/src/catalog/fold.ts";
import { detailsOfKind } from "../../../rules/sql/src/language/details.ts";
import { parseFile } from "../../../rules/sql/src/language/parse.ts";
import { compare } from "../../../rules/sql/src/locks/compare.fixture.ts";
import { effectsOfStatement } from "../../../rules/sql/src/locks/effects.ts";
import { logOf, measure, type Measured, workOf } from "../../../rules/sql/src/locks/measure.fixture.ts";
import type { Effects, Server } from "../../../rules/sql/src/locks/types.ts";
import { extensions } from "./postgres/extensions.ts";
import { RowFiller } from "./postgres/rows.ts";
import { streamsBelow, type StreamFile } from "./postgres/streams.ts";

const SERVER: Server = { version: 18, timeZone: "UTC" };
const WANTED = 0.995;

type Verdict = "agree" | "unsure" | "unknown" | "differ" | "refused";

const MARKS: Record<Verdict, string> = { agree: "=", unsure: "~", unknown: "?", differ: "!", refused: "-" };

interface Outcome {
  verdict: Verdict;
  effects: Effects;
  measured?: Measured;
  /** What differs, or why it was refused. */
  reasons: string[];
}

/** Runs a stream's files and tells of each statement. */
class Replay {
  readonly counts: Record<Verdict, number> = { agree: 0, unsure: 0, unknown: 0, differ: 0, refused: 0 };
  /** Statements whose locks no transaction shows, because they run outside of one. */
  outside = 0;
  readonly #database: PGlite;
  readonly #rows: RowFiller;
  readonly #print: (line: string, verdict: Verdict) => void;
  #catalog = Catalog.empty({ complete: true });

  constructor(database: PGlite, print: (line: string, verdict: Verdict) => void) {
    this.#database = database;
    this.#rows = new RowFiller(database);
    this.#print = print;
  }

  async run({ path: file, text, kind }: StreamFile): Promise<void> {
    const details = detailsOfKind(kind);
    const { ast, steps } = parseFile(text, details);
    const ups = steps.filter(({ section }) => section.direction === "up");
    const catalogs = new CatalogsOfFile(this.#catalog, ups);
    await this.#database.exec("RESET ALL");
    for (const section of ast.sections) {
      if (section.direction !== "up") continue;
      for (const statement of section.statements) {
        if (statement.type !== "Statement") continue;
        const sql = text.slice(...statement.range);
        if ("TransactionStmt" in statement.raw) continue;
        const effects = effectsOfStatement(statement, (node) => catalogs.before(node), SERVER);
        const outcome = await this.#outcome(sql, effects);
        this.counts[outcome.verdict] += 1;
        const line = sql.replaceAll(/\s+/g, " ").slice(0, 140);
        this.#print(
          `${MARKS[outcome.verdict]} ${file}:${statement.loc.start.line} ${line}\n    ${told(outcome)}`,
          outcome.verdict,
        );
      }
    }
    this.#catalog = foldSteps(this.#catalog, steps, file);
    await this.#rows.fill();
  }

  async #outcome(sql: string, effects: Effects): Promise<Outcome> {
    const first = await this.#measure(sql);
    // Rows that were made up may stand in the way of what real rows allow.
    const result = "refusal" in first && (await this.#rows.clear()) ? await this.#measure(sql) : first;
    if ("refusal" in result) return { verdict: "refused", effects, reasons: [result.refusal] };
    const { measured, inTransaction } = result;
    if (!inTransaction) this.outside += 1;
    const compared = inTransaction ? effects : { ...effects, locks: [] };
    const { differences, beyond } = compare(compared, measured);
    const reasons = [...differences, ...(beyond.length > 0 ? [effects.unknown ?? "", ...beyond] : [])];
    if (differences.length > 0) return { verdict: "differ", effects, measured, reasons };
    if (beyond.length > 0) return { verdict: "unknown", effects, measured, reasons };
    const isCertain = [...compared.locks, ...compared.work].every(({ certain }) => certain);
    return { verdict: isCertain ? "agree" : "unsure", effects, measured, reasons };
  }

  async #measure(sql: string): Promise<{ measured: Measured; inTransaction: boolean } | { refusal: string }> {
    await this.#database.exec("BEGIN");
    try {
      const measured = await measure(this.#database, sql);
      await this.#database.exec("COMMIT");
      return { measured, inTransaction: true };
    } catch (error) {
      await this.#database.exec("ROLLBACK");
      const refusal = error instanceof Error ? error.message : String(error);
      if (!/cannot (?:run|be executed) (?:inside|from|within)/.test(refusal)) return { refusal };
    }
    try {
      const work = workOf(await logOf(this.#database, sql));
      return { measured: { locks: {}, rewrites: [], ...work }, inTransaction: false };
    } catch (error) {
      return { refusal: error instanceof Error ? error.message : String(error) };
    }
  }
}

function told({ effects, measured, reasons }: Outcome): string {
  const doubt = (certain: boolean): string => (certain ? "" : "?");
  const model = [
    ...effects.locks.map(({ table, mode, certain }) => `${table.name}:${mode}${doubt(certain)}`),
    ...effects.work.map(({ kind, table, certain }) => `${kind} ${table.name}${doubt(certain)}`),
  ];
  const truth = measured && [
    ...Object.entries(measured.locks).map(([name, mode]) => `${name}:${mode}`),
    ...measured.rewrites.map((name) => `new storage ${name}`),
    ...measured.scans.map((name) => `scan ${name}`),
    ...measured.builds.map(({ table, index }) => `build ${index} on ${table}`),
  ];
  return [
    `model: ${model.join(", ") || "nothing"}`,
    ...(truth ? [`measured: ${truth.join(", ") || "nothing"}`] : []),
    ...reasons,
  ].join("\n    ");
}

async function verify(directory: string, quiet: boolean): Promise<number> {
  let all = 0;
  let agree = 0;
  for (const { name, files } of streamsBelow(directory)) {
    const database = await PGlite.create({ extensions });
    const replay = new Replay(database, (line, verdict) => {
      if (!quiet || (verdict !== "agree" && verdict !== "unsure")) console.log(line);
    });
    for (const file of files) await replay.run(file);
    await database.close();
    const { counts, outside } = replay;
    const ran = counts.agree + counts.unsure + counts.unknown + counts.differ;
    all += ran;
    agree += counts.agree + counts.unsure;
    console.log(
      `${path.basename(directory)} ${name}: ${files.length} files, ${ran} statements ran; ${counts.agree} agree, ` +
        `${counts.unsure} agree where the model is certain, ${counts.unknown} run code that is not read, ` +
        `${counts.differ} differ; ${counts.refused} were refused; of ${outside} the work alone was compared.`,
    );
  }
  const share = all === 0 ? 1 : agree / all;
  console.log(`${path.basename(directory)}: ${(share * 100).toFixed(2)} % of ${all} statements agree.`);
  return share;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quiet: { type: "boolean", default: false } },
});
const shares: number[] = [];
for (const directory of positionals) shares.push(await verify(path.resolve(directory), values.quiet));
process.exitCode = shares.every((share) => share >= WANTED) ? 0 : 1;
