import { PGlite } from "@electric-sql/pglite";
import { type Finding, RULE_PREFIX } from "@yantra-lint/core";
import { defaultConfig, run } from "@yantra-lint/workspace";
import sql from "../../../rules/sql/src/index.ts";
import { detailsOfKind } from "../../../rules/sql/src/language/details.ts";
import { parseFile, type ParsedFile } from "../../../rules/sql/src/language/parse.ts";
import { plainBody } from "../../../rules/sql/src/rollback.ts";
import { isRiskSaid } from "../../../rules/sql/src/risk-annotation.ts";
import { extensions } from "./postgres/extensions.ts";
import { messageOf, undone } from "./postgres/prepare.ts";
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
    let before: Schema | undefined;
    for (const way of ways) before = await follow(database, way, { before, findings, stream });
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
  // Rows, which the others speak of, there are none of here.
  const told = ["stopsAtSeveral", "stopsAtUse", "differs"].flatMap((id) =>
    findings.filter(({ messageId }: Finding) => messageId === id),
  );
  return new Map(told.map(({ path, message }) => [path, message]));
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

interface Known {
  before: Schema | undefined;
  findings: ReadonlyMap<string, string>;
  stream: Stream;
}

/**
 * Runs a way up for good, and its way down so that nothing stays of it. Gives the schema after the way up, where it was
 * read, which is the one before the next.
 */
async function follow(
  database: PGlite,
  { up, down }: Way,
  { before: known, findings, stream }: Known,
): Promise<Schema | undefined> {
  const before = known ?? (down && (await schemaOf(database)));
  const why = await migrate(database, up);
  if (why !== undefined) stream.failed.push({ path: up.file.path, why });
  if (why !== undefined || !down || !before) return undefined;
  const after = await schemaOf(database);
  await database.exec("RESET ALL");
  const { refusal, back } = await undone(database, async () => {
    const refusal = await runWay(database, down, "down");
    return { refusal, back: refusal === undefined ? await schemaOf(database) : before };
  });
  stream.trips.push({
    path: down.file.path,
    differences: differencesBetween({ before, after, back }, up),
    refusal,
    told: findings.get(down.file.path),
    silence: silenceOf(up, down),
  });
  return after;
}

function silenceOf(up: Part, down: Part): string | undefined {
  if ([up, down].some(({ parsed }) => isRiskSaid(parsed.comments))) return "it is said to be a risk";
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

/** Runs a way up for good, in a transaction unless the runner does not: then what ran before a failure stays. */
async function migrate(database: PGlite, part: Part): Promise<string | undefined> {
  const isWhole = part.parsed.ast.sections.every(
    ({ direction, transactional }) => direction === "down" || transactional !== false,
  );
  await database.exec(isWhole ? "RESET ALL; BEGIN" : "RESET ALL");
  const why = await runWay(database, part, "up");
  if (isWhole) await database.exec(why === undefined ? "COMMIT" : "ROLLBACK");
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

/** PostgreSQL 18.6 refuses it, in a transaction or not. */
const SEVERAL_AT_ONCE = /^\s*DROP\s+INDEX\s+CONCURRENTLY\b[^;]*,/i;

/** CONCURRENTLY leaves the same behind, and is refused in the transaction that is undone here. */
async function runStatement(database: PGlite, statement: string): Promise<string | undefined> {
  try {
    if (SEVERAL_AT_ONCE.test(statement))
      throw new Error("DROP INDEX CONCURRENTLY does not support dropping multiple objects");
    await database.exec(
      statement.replace(/\b((?:CREATE(?:\s+UNIQUE)?|DROP)\s+INDEX)\s+CONCURRENTLY\b/i, "$1"),
    );
    return undefined;
  } catch (error) {
    return `${messageOf(error)}: ${statement.replaceAll(/\s+/g, " ").slice(0, 100)}`;
  }
}

function differencesBetween(
  { before, after, back }: Record<"before" | "after" | "back", Schema>,
  up: Part,
): Difference[] {
  const doubtful = doubtfulIn(up);
  return [...new Set([...before.keys(), ...back.keys()])]
    .filter((what) => before.get(what) !== back.get(what))
    .map((what) => {
      const [then, between, now] = [before.get(what), after.get(what), back.get(what)];
      const isOlder = then === undefined && mayBeOlder(what, { between, now, doubtful });
      const reason = isOlder ? "what no migration made" : reasonFor(what, { then, between, now });
      return { what, before: then, back: now, reason };
    });
}

interface Doubtful {
  /** Names of what a way up drops IF EXISTS. */
  dropped: ReadonlySet<string>;
  /** Schemas that it makes IF NOT EXISTS. */
  schemas: ReadonlySet<string>;
}

/** What a way up says may have been there before, or not. */
function doubtfulIn({ parsed }: Part): Doubtful {
  const dropped = new Set<string>();
  const schemas = new Set<string>();
  for (const { section, operation: read } of parsed.steps) {
    if (section.direction !== "up") continue;
    const operation = read();
    if (operation.kind === "Other") {
      for (const change of operation.changes ?? []) {
        if (change.action === "createSchema" && change.ifNotExists) schemas.add(change.name);
        if (change.action === "drop" && change.ifExists) dropped.add(change.name.name);
      }
    } else if ("ifExists" in operation && operation.ifExists) {
      if (operation.kind === "DropColumn") dropped.add(operation.column);
      else if (operation.kind === "DropConstraint") dropped.add(operation.constraint);
      else if (operation.kind === "DropIndex" || operation.kind === "DropView")
        dropped.add(operation.name.name);
      else if (operation.kind === "DropTable") dropped.add(operation.table.name);
    }
  }
  return { dropped, schemas };
}

/** Whether a thing may be older than the history, and with it what hangs on it. */
function mayBeOlder(
  what: string,
  { between, now, doubtful }: { between: string | undefined; now: string | undefined; doubtful: Doubtful },
): boolean {
  const [kind, name = ""] = what.split(" ", 2);
  if (kind === "schema") return doubtful.schemas.has(name) || (!between && doubtful.dropped.has(name));
  // The table of an index, or of the column that owns a sequence.
  const owner = kind === "sequence" ? / [^ .]+\.([^ .]+)\.\S+$/ : / ON (?:ONLY )?[^ .]+\.(\S+) USING /;
  const [, table = ""] = owner.exec(now ?? "") ?? [];
  const [, ...names] = name.replace(/\(.*/, "").split(".");
  return between === undefined && [...names, table].some((each) => doubtful.dropped.has(each));
}

/** What valid-down-migration's page says that it does not compare. */
function reasonFor(
  what: string,
  { then: before, between, now: back }: Record<"then" | "between" | "now", string | undefined>,
): string | undefined {
  const [kind] = what.split(" ", 1);
  if (kind === "order") return "the order of columns";
  if (kind === "comment" || kind === "extension") return `${kind}s`;
  if (before === undefined || back === undefined) return undefined;
  switch (kind) {
    case "column":
      if (between === undefined && before.endsWith(" NOT NULL") && back.startsWith(`${before} DEFAULT `))
        return "a default that NOT NULL needs";
      return plainType(before) === plainType(back) ? "text and varchar hold the same" : undefined;
    case "constraint":
      if (validated(before) === validated(back)) return "whether old rows were read for a constraint";
      return before.startsWith("CHECK") && back.startsWith("CHECK")
        ? "the spelling of expressions"
        : undefined;
    case "index":
      return isSpelledOtherwise(before, back) ? "the spelling of expressions" : undefined;
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

/**
 * Whether two definitions of an index differ in expressions only: PostgreSQL itself writes `date(day)` as `day` once
 * that is a date. An index of all rows is never the same as one of some.
 */
function isSpelledOtherwise(before: string, back: string): boolean {
  const [then, now] = [bareIndex(before), bareIndex(back)];
  return then.rest === now.rest && (then.columns === now.columns || then.hasExpression || now.hasExpression);
}

function bareIndex(definition: string): { columns: string; hasExpression: boolean; rest: string } {
  const [head = "", where] = definition.split(" WHERE ", 2);
  const [, start = "", columns = "", end = ""] = /^(.*? USING \w+ )\((.*)\)(.*)$/s.exec(head) ?? [];
  const hasExpression = /(?:^|, )(?:\(|\w+\()/.test(columns);
  return { columns, hasExpression, rest: [start, end, where === undefined ? "all" : "some"].join("\0") };
}

function hasAllValues(before: string, back: string): boolean {
  const values = new Set(back.split(", "));
  return before.startsWith("e ") && before.split(", ").every((value) => values.has(value));
}
