import type { FactIndex, Operation } from "@yantra-lint/core";
import { type History, historiesOf, operationThat, type Stage, wordsTaken } from "./history.ts";
import { type Query, queriesOf } from "./query.ts";
import type { Problem } from "./resolution.ts";
import { resolve } from "./resolve.ts";
import type { Schema } from "./schema.ts";

/** Why PostgreSQL refuses a query under a schema; empty when it certainly takes it, or that is not known. */
export type Judge = (query: Query, schema: Schema) => readonly Problem[];

/** A query that PostgreSQL takes before a migration and refuses after it. */
export interface Break {
  query: Query;
  stage: Stage;
  operation: Operation;
  problem: Problem;
}

/** Whether a query may name any of the names, whose words are given. */
function isPossible(query: Query, names: readonly ReadonlySet<string>[]): boolean {
  const words = query.words();
  return names.some((name) => [...name].every((word) => words.has(word)));
}

/** What was found of a query's text under a schema: rules and migrations ask again. */
const FOUND = new WeakMap<Schema, Map<string, readonly Problem[]>>();

/** Why PostgreSQL refuses to prepare a query. */
export const unprepared: Judge = (query, schema) => {
  let known = FOUND.get(schema);
  if (!known) FOUND.set(schema, (known = new Map<string, readonly Problem[]>()));
  const before = known.get(query.text);
  if (before) return before;
  const { problems } = resolve(query.statements(), query.text, schema);
  known.set(query.text, problems);
  return problems;
};

/**
 * The queries that migrations break. With a base: its queries, which the running release sends, against each migration
 * that the change adds. Without one: the queries as they stand, against what all migrations together have made.
 */
export function breaksOf(facts: FactIndex, base: FactIndex | undefined, judge: Judge): Break[] {
  const queries = queriesOf(base ?? facts);
  if (queries.length === 0) return [];
  const histories = historiesOf(facts, base !== undefined);
  return histories.flatMap((history) => {
    if (history.stages.length === 0) return [];
    const named = new Map<Stage, readonly ReadonlySet<string>[]>();
    const stagesFor = (query: Query): Stage[] =>
      history.stages.filter((stage) => {
        const names = named.get(stage) ?? wordsTaken(stage);
        named.set(stage, names);
        return isPossible(query, names);
      });
    return queries.flatMap((query) => {
      const find = base ? firstBreak : standingBreak;
      const found = find(query, history, judge, stagesFor);
      return found && isOf(query, history, histories) ? [found] : [];
    });
  });
}

/** The stages that may take something from a query. */
type StagesFor = (query: Query) => readonly Stage[];

/** The first migration that breaks a query which stood before. */
function firstBreak(query: Query, _history: History, judge: Judge, stagesFor: StagesFor): Break | undefined {
  const stages = stagesFor(query);
  const [first] = stages;
  if (!first || query.statements().length === 0) return undefined;
  // One that PostgreSQL refuses already, as far as the history tells, is of another database or of no use.
  if (unprepared(query, first.before).length > 0 || judge(query, first.before).length > 0) return undefined;
  for (const stage of stages) {
    const found = breakOf(query, stage, judge);
    if (found) return found;
  }
  return undefined;
}

/** The migration that took what a query still uses after all of them. */
function standingBreak(
  query: Query,
  history: History,
  judge: Judge,
  stagesFor: StagesFor,
): Break | undefined {
  if (query.statements().length === 0 || judge(query, history.end()).length === 0) return undefined;
  for (const stage of stagesFor(query).toReversed()) {
    if (unprepared(query, stage.before).length > 0 || judge(query, stage.before).length > 0) continue;
    return breakOf(query, stage, judge);
  }
  return undefined;
}

function breakOf(query: Query, stage: Stage, judge: Judge): Break | undefined {
  const [problem] = judge(query, stage.after);
  if (!problem) return undefined;
  const operation = operationThat(stage, (schema) => judge(query, schema).length > 0);
  return operation && { query, stage, operation, problem };
}

/** Whether a query is one of this stream's database, when another stream's has such tables too. */
export function isOf(query: Query, history: History, histories: readonly History[]): boolean {
  return histories.every((other) => {
    if (other === history) return true;
    const end = other.end();
    const { uses, problems } = resolve(query.statements(), query.text, end);
    const isThere = uses.some(({ table }) => {
      const relation = end.relation(table);
      return typeof relation === "object" && relation.complete;
    });
    if (!isThere || problems.length > 0) return true;
    return nearness(query.location.path, history.stream) > nearness(query.location.path, other.stream);
  });
}

/** How many folders two paths share. */
function nearness(path: string, other: string): number {
  const parts = path.split("/");
  const others = other.split("/");
  const index = parts.findIndex((part, at) => part !== others[at]);
  return index < 0 ? parts.length : index;
}
