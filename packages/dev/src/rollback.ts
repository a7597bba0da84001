import { PGlite } from "@electric-sql/pglite";
import { type Finding, RULE_PREFIX } from "@yantra-lint/core";
import { defaultConfig, run } from "@yantra-lint/workspace";
import sql from "../../../rules/sql/src/index.ts";
import { detailsOfKind } from "../../../rules/sql/src/language/details.ts";
import { parseFile, type ParsedFile } from "../../../rules/sql/src/language/parse.ts";
import { plainBody } from "../../../rules/sql/src/rollback.ts";
import { isRiskSaid } from "../../../rules/sql/src/risk-annotation.ts";
import { extensions } from "./postgres/extensions.ts";
import { messageOf } from "./postgres/prepare.ts";
import { type Schema, schemaOf } from "./postgres/schema.ts";
import { type StreamFile, streamsBelow } from "./postgres/streams.ts";

const RULE = `${RULE_PREFIX}sql/valid-down-migration`;

/** What is other after a way up and its way down. */
export interface Difference {
  /** As a key of the schema: `column public.t.a`. */
  what: string;
  before: string | undefined;
  back: string | undefined;
  /** Why the rule does not tell of it, as its page says; undefined where it should. */
  reason: string | undefined;
}

/** A migration with a way down, as PostgreSQL and the rule see it. */
export interface RoundTrip {
  /** Path of the file with the way down. */
  path: string;
  differences: Difference[];
  /** Why PostgreSQL does not run the way down to its end. */
  refusal: string | undefined;
  /** What the rule says. */
  told: string | undefined;
  /** Why the rule says nothing whatever differs. */
  silence: string | undefined;
}

export type Verdict = "agree" | "explained" | "server" | "rule";

/** `server`: only PostgreSQL finds that it does not lead back. `rule`: only the rule says so. */
export function verdictOf({ differences, refusal, told, silence }: RoundTrip): Verdict {
  const isOther = refusal !== undefined || differences.some(({ reason }) => reason === undefined);
  if (told !== undefined) return isOther ? "agree" : "rule";
  if (isOther) return silence === undefined ? "server" : "explained";
  return differences.length > 0 ? "explained" : "agree";
}

export interface Stream {
  name: string;
  trips: RoundTrip[];
  /** Migrations whose way up PostgreSQL did not run as a whole, with its message: they are not compared. */
  failed: { path: string; why: string }[];
}

/** Runs each migration below a directory up, then down, and compares what is there with what was there before. */
export async function compareRollbacks(directory: string): Promise<Stream[]> {
  const findings = await findingsBelow(directory);
  const streams: Stream[] = [];
  for (const { name, files } of streamsBelow(directory)) {
    const ways = waysOf(files);
    if (!ways.some(({ down }) => down)) continue;
    const database = await PGlite.create({ extensions });
    const stream: Stream = { name, trips: [], failed: [] };
    for (const way of ways) await follow(database, way, findings, stream);
    await database.close();
    streams.push(stream);
  }
  return streams;
}

async function findingsBelow(root: string): Promise<Map<string, string>> {
  const { findings, crashes } = await run({
    root,
    packs: [sql],
    packsModule: new URL("../../../rules/sql/src/index.ts", import.meta.url).href,
    config: defaultConfig(),
    rules: { [RULE]: { severity: "error", options: [] } },
    named: new Set(),
    jobs: 1,
    toolVersion: "verify-rollback",
  });
  const [crash] = crashes;
  if (crash) throw new Error(JSON.stringify(crash));
  const differing = findings.filter(({ messageId }: Finding) => messageId === "differs");
  return new Map(differing.map(({ path, message }) => [path, message]));
}

interface Part {
  file: StreamFile;
  parsed: ParsedFile;
}

interface Way {
  up: Part;
  down: Part | undefined;
}

/** The ways up in the runner's order, each with its way down: in the same file, or in the one of its version. */
function waysOf(files: readonly StreamFile[]): Way[] {
  const parts = files.map((file): Part => ({ file, parsed: parseFile(file.text, detailsOfKind(file.kind)) }));
  const downs = new Map(
    parts.flatMap((part) => (directionOf(part) === "down" ? [[versionOf(part), part] as const] : [])),
  );
  return parts
    .filter((part) => directionOf(part) !== "down")
    .map((up) => {
      const own = up.parsed.ast.sections.some(({ direction }) => direction === "down");
      return { up, down: own ? up : downs.get(versionOf(up)) };
    });
}

function directionOf({ file }: Part): string | undefined {
  return detailsOfKind(file.kind)?.direction;
}

function versionOf({ file }: Part): string | undefined {
  return detailsOfKind(file.kind)?.version;
}

async function follow(
  database: PGlite,
  { up, down }: Way,
  findings: ReadonlyMap<string, string>,
  { trips, failed }: Stream,
): Promise<void> {
  const before = down && (await schemaOf(database));
  const why = await migrate(database, up, "up");
  if (why !== undefined) failed.push({ path: up.file.path, why });
  if (!before || why !== undefined) return;
  await database.exec("BEGIN");
  const refusal = await runWay(database, down, "down");
  const back = refusal === undefined ? await schemaOf(database) : before;
  await database.exec("ROLLBACK");
  trips.push({
    path: down.file.path,
    differences: differencesBetween(before, back),
    refusal,
    told: findings.get(down.file.path),
    silence: silenceOf(up, down),
  });
}

function silenceOf(up: Part, down: Part): string | undefined {
  if ([up, down].some(({ parsed }) => parsed.comments.some(isRiskSaid))) return "it is said to be a risk";
  const isFaulty = down.parsed.ast.sections.some(
    ({ direction, statements }) =>
      direction === "down" && statements.some(({ type }) => type === "InvalidStatement"),
  );
  if (isFaulty) return "the way down has a syntax error, which is no-syntax-error's";
  const isEmpty = down.parsed.ast.sections.every(
    ({ direction, statements }) => direction === "up" || statements.length === 0,
  );
  return isEmpty ? "the way down is empty, which is require-down-migration's" : undefined;
}

/** Runs a way up for good, in a transaction where the runner does. */
async function migrate(database: PGlite, part: Part, direction: "up"): Promise<string | undefined> {
  await database.exec("RESET ALL; BEGIN");
  const why = await runWay(database, part, direction);
  await database.exec(why === undefined ? "COMMIT" : "ROLLBACK");
  await database.exec("DISCARD TEMP");
  return why;
}

/** Runs a file's sections of one direction; of several ways down the last one is gone first. */
async function runWay(
  database: PGlite,
  { file, parsed }: Part,
  direction: "up" | "down",
): Promise<string | undefined> {
  const sections = parsed.ast.sections.filter((section) => section.direction === direction);
  for (const { statements } of direction === "down" ? sections.toReversed() : sections) {
    for (const statement of statements) {
      if (statement.type === "Statement" && "TransactionStmt" in statement.raw) continue;
      const why = await runStatement(database, file.text.slice(...statement.range));
      if (why !== undefined) return why;
    }
  }
  return undefined;
}

/** CONCURRENTLY leaves the same behind, and is refused in the transaction that is undone here. */
async function runStatement(database: PGlite, statement: string): Promise<string | undefined> {
  try {
    await database.exec(
      statement.replace(/\b((?:CREATE(?:\s+UNIQUE)?|DROP)\s+INDEX)\s+CONCURRENTLY\b/i, "$1"),
    );
    return undefined;
  } catch (error) {
    return `${messageOf(error)}: ${statement.replaceAll(/\s+/g, " ").slice(0, 100)}`;
  }
}

function differencesBetween(before: Schema, back: Schema): Difference[] {
  return [...new Set([...before.keys(), ...back.keys()])]
    .filter((what) => before.get(what) !== back.get(what))
    .map((what) => {
      const [then, now] = [before.get(what), back.get(what)];
      return { what, before: then, back: now, reason: reasonFor(what, then, now) };
    });
}

/** What valid-down-migration's page says that it does not compare. */
function reasonFor(what: string, before: string | undefined, back: string | undefined): string | undefined {
  const [kind] = what.split(" ", 1);
  if (kind === "order") return "the order of columns";
  if (kind === "comment" || kind === "extension") return `${kind}s`;
  if (before === undefined || back === undefined) return undefined;
  switch (kind) {
    case "column":
      return plainType(before) === plainType(back) ? "text and varchar hold the same" : undefined;
    case "constraint":
      if (validated(before) === validated(back)) return "whether old rows were read for a constraint";
      return before.startsWith("CHECK") && back.startsWith("CHECK")
        ? "the spelling of expressions"
        : undefined;
    case "index":
      return hasExpression(before) || hasExpression(back) ? "the spelling of expressions" : undefined;
    case "type":
      return hasAllValues(before, back) ? "a value that an enum keeps" : undefined;
    case "function":
      return bodyOf(before) === bodyOf(back) ? "the spelling and options of functions" : undefined;
    case "view":
      return "the text of views";
    default:
      return undefined;
  }
}

function validated(constraint: string): string {
  return constraint.replace(/ NOT VALID$/, "");
}

/** As `pg_get_functiondef` quotes it. */
function bodyOf(definition: string): string {
  const [, body = definition] = /\$function\$([^]*)\$function\$/.exec(definition) ?? [];
  return plainBody(body);
}

function plainType(column: string): string {
  return column.replaceAll(/\bcharacter varying\b(?!\()/g, "text");
}

/** PostgreSQL itself writes `date(day)` as `day` once that is a date. */
function hasExpression(index: string): boolean {
  return /[(,] ?(?:\(|\w+\()| WHERE /.test(index);
}

function hasAllValues(before: string, back: string): boolean {
  const values = new Set(back.split(", "));
  return before.startsWith("e ") && before.split(", ").every((value) => values.has(value));
}
