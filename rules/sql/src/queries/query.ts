import type { EntityFact, FactIndex, Location, QueryFact } from "@yantra-lint/core";
import { loadModule, type Node, parseSync } from "libpg-query";
import { lowerCaseWords } from "../language/lower.ts";

await loadModule();

/** What a program sends to its database: a query's text, or what an entity stands for. */
export interface Query {
  fact: QueryFact | EntityFact;
  text: string;
  /** False for what only looks like a query, and for a type that names columns without asking for them. */
  certain: boolean;
  location: Location;
  statements(): readonly Node[];
  /** Its words in lower case: what it does not name, it does not use. */
  words(): ReadonlySet<string>;
}

/** Longer ones are no queries that a program sends often, and would cost much. */
const LONGEST = 200_000;

function parsed(text: string): readonly Node[] {
  if (text.length > LONGEST || text.includes("\0") || text.trim() === "") return [];
  try {
    return (parseSync(text).stmts ?? []).flatMap(({ stmt }) => (stmt ? [stmt] : []));
  } catch {
    // A text that does not parse, such as one with parts that are missing, uses nothing that could be told.
    return [];
  }
}

/** A name as SQL quotes it. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** An entity as the query that reads all its columns. */
function textOf({ table, columns }: EntityFact): string {
  const from =
    table.schema === undefined ? quoted(table.name) : `${quoted(table.schema)}.${quoted(table.name)}`;
  return `SELECT ${columns.map(({ name }) => quoted(name)).join(", ")} FROM ${from}`;
}

/** Worked out once for a run's facts. */
const QUERIES = new WeakMap<FactIndex, readonly Query[]>();

/** The queries and entities of a repository. Each distinct text is parsed once, and only when it is asked for. */
export function queriesOf(facts: FactIndex): readonly Query[] {
  const known = QUERIES.get(facts);
  if (known) return known;
  const trees = new Map<string, readonly Node[]>();
  const words = new Map<string, ReadonlySet<string>>();
  const query = (fact: QueryFact | EntityFact, text: string, certain: boolean): Query => ({
    fact,
    text,
    certain,
    location: fact,
    statements() {
      const before = trees.get(text);
      const statements = before ?? parsed(text);
      if (!before) trees.set(text, statements);
      return statements;
    },
    words() {
      const before = words.get(text);
      const found = before ?? new Set(lowerCaseWords(text));
      if (!before) words.set(text, found);
      return found;
    },
  });
  const all = [
    ...facts.of("query").map((fact) => query(fact, fact.sql, fact.certainty === "certain" && fact.complete)),
    ...facts.of("entity").map((fact) => query(fact, textOf(fact), fact.tool !== "kysely")),
  ];
  QUERIES.set(facts, all);
  return all;
}
