import { type EntityFact, Lines, type QueryFact } from "@yantra-lint/core";
import { parseOxc } from "../oxc.ts";
import { drizzleEntities } from "./drizzle.ts";
import type { PackageDatabase } from "./drivers.ts";
import { kyselyEntities } from "./kysely.ts";
import { Names } from "./names.ts";
import type { Node } from "./nodes.ts";
import { maySend, Statements } from "./statements.ts";
import { typeormEntities } from "./typeorm.ts";

/** Tags, methods and declarations without which a file neither sends SQL nor declares a table. Linear. */
const SPEAKS =
  /\bsql(?:<[^`\n]{0,200}>|\.\w{1,20}(?:\([^`\n]{0,100}\))?)?`|\bSQL`|\$(?:query|execute)Raw|\.sql`|\bpgTable|\bpgSchema\b|@Entity\b|\bkysely\b|\b(?:postgres|neon)\(/;
/** A word of each alternative of `SPEAKS`: looking for words is several times quicker than for the expression. */
const WORDS = ["sql", "SQL`", "Raw", "pgTable", "pgSchema", "@Entity", "kysely", "postgres(", "neon("];
/** Methods that take SQL whatever the receiver, and those that count only with pg-promise and its kin. */
const METHODS = [".query", ".raw", ".unsafe", ".execute", "Cursor(", "QueryStream("];
const KNOWN_ONLY = ["pg-promise", "deno.land/x/postgres", "@db/postgres"];
const CALLS =
  /\.(?:query|raw|unsafe|execute|none|one|oneOrNone|many|any|manyOrNone|result|exec|queryOne|queryArray|queryObject|each)\s{0,9}(?:<|\()|\b(?:Cursor|QueryStream)\(/;
/** What a text begins with that is SQL. */
const BEGINS =
  /["'`(]\s*(?:(?:--|\/\*)[^"'`]{0,300})?(?:select\s(?:[^;`]{0,600}?\bfrom\s|\s{0,50}[\w.]{1,80}\()|insert\s{1,50}into\s|update\s[^;`]{0,300}?\bset\s|delete\s{1,50}from\s|with\s{1,50}(?:recursive\s{1,50})?\w{1,80}\s{1,50}as\s|merge\s{1,50}into\s|call\s|truncate\s|copy\s|lock\s{1,50}table\s|refresh\s{1,50}materialized\s)/i;

/** Code that runs once, before or beside the program: what it sends is no query of a running release. */
const NO_PROGRAM =
  /(?:^|\/)(?:migrations?|migrate|alterations?|seeds?|seeders?|scripts?|bench(?:marks?)?|perf|examples?)\/|\.migration\.[cm]?[jt]s$/i;

/** Whether a file may send SQL or declare a table, by its path and a look at its text. */
export function maySendQueries(path: string, text: string): boolean {
  const has = (word: string): boolean => text.includes(word);
  const speaks = WORDS.some(has) && SPEAKS.test(text);
  const calls = (): boolean => METHODS.some(has) || KNOWN_ONLY.some(has);
  if (!speaks && !(calls() && CALLS.test(text) && BEGINS.test(text))) return false;
  return !NO_PROGRAM.test(path);
}

/**
 * The SQL that a file of TypeScript or JavaScript sends to PostgreSQL, and the tables it declares for Drizzle, TypeORM
 * and Kysely. The file is read on its own: what other files put in is left out and said so. Never throws on bad
 * input; what cannot be parsed gives nothing.
 */
export function queryFacts(
  path: string,
  text: string,
  database: PackageDatabase,
): (QueryFact | EntityFact)[] {
  const parsed = parseOxc(path, text);
  if (!parsed) return [];
  const senders: [Node, Node | undefined][] = [];
  const names = new Names(parsed.program, (node, parent) => {
    if (maySend(node)) senders.push([node, parent]);
  });
  const lines = new Lines(text);
  const statements = new Statements(text, lines, names, database);
  for (const [node, parent] of senders) statements.visit(node, parent);
  return [
    ...statements.facts,
    ...drizzleEntities(parsed.program, names, lines, database),
    ...(database.other ? [] : typeormEntities(parsed.program, names, lines, database)),
    ...(database.other ? [] : kyselyEntities(parsed.program, names, lines)),
  ];
}
