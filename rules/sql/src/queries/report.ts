import {
  type AnnotationFact,
  displayName,
  quotedName,
  type FactIndex,
  type Location,
  type Operation,
  type Region,
  type RelatedLocation,
} from "@yantra-lint/core";
import { columnName, confirmedAfter } from "../release.ts";
import type { Break } from "./broken.ts";
import type { Stage } from "./history.ts";
import type { Query } from "./query.ts";

/** What one operation breaks: the certain ones, or, where there are none, those that only look like queries. */
type Broken<B extends Break> = B & { all: readonly B[]; queries: readonly Query[]; certain: boolean };

/** Breaks by the operation that is to blame: the first one with all of them. */
export function byOperation<B extends Break>(breaks: readonly B[]): Broken<B>[] {
  const groups = new Map<Operation, B[]>();
  for (const found of breaks) {
    const group = groups.get(found.operation);
    if (group) group.push(found);
    else groups.set(found.operation, [found]);
  }
  return [...groups.values()].flatMap((group) => {
    const certain = group.filter(({ query }) => query.certain);
    const told = certain.length > 0 ? certain : group;
    const [first] = told;
    if (!first) return [];
    return [{ ...first, all: told, queries: told.map(({ query }) => query), certain: certain.length > 0 }];
  });
}

/** A use of the base, where a reader finds it. */
export interface Place {
  location: Location;
  /** What stands there: `the query GetOrder`, `the entity Order`. */
  what: string;
}

/** What an operation does, as the beginning of a sentence. */
export function changeOf(operation: Operation): string {
  switch (operation.kind) {
    case "DropTable":
      return `${displayName(operation.table)} is dropped`;
    case "RenameTable":
      return `${displayName(operation.table)} becomes ${quotedName(operation.to)}`;
    case "SetSchema":
      return `${displayName(operation.table)} moves to the schema ${quotedName(operation.to)}`;
    case "AddColumn":
      return `${columnName(operation.table, operation.column.name)} is added`;
    case "DropColumn":
      return `${columnName(operation.table, operation.column)} is dropped`;
    case "RenameColumn":
      return `${columnName(operation.table, operation.column)} becomes ${quotedName(operation.to)}`;
    case "AlterColumnType":
      return `${columnName(operation.table, operation.column)} becomes ${operation.to}`;
    case "SetNotNull":
      return `${columnName(operation.table, operation.column)} becomes NOT NULL`;
    case "DropDefault":
      return `${columnName(operation.table, operation.column)} loses its default`;
    case "AddConstraint":
      return `${displayName(operation.table)} gets the constraint ${operation.constraint.name === undefined ? operation.constraint.type : quotedName(operation.constraint.name)}`;
    case "CreateIndex":
      return `${displayName(operation.table)} gets the ${operation.unique ? "unique " : ""}index${operation.name === undefined ? ` on ${operation.columns.map(quotedName).join(", ")}` : ` ${quotedName(operation.name)}`}`;
    case "DropConstraint":
      return `The constraint ${quotedName(operation.constraint)} of ${displayName(operation.table)} is dropped`;
    case "RenameConstraint":
      return `The constraint ${quotedName(operation.constraint)} of ${displayName(operation.table)} becomes ${quotedName(operation.to)}`;
    case "DropIndex":
      return `The index ${displayName(operation.name)} is dropped`;
    case "CreateView":
      return `The ${operation.materialized ? "materialized view" : "view"} ${displayName(operation.name)} is made anew`;
    case "DropView":
      return `The ${operation.materialized ? "materialized view" : "view"} ${displayName(operation.name)} is dropped`;
    case "Other":
      return (
        (operation.changes ?? []).map(objectChange).find((words) => words !== undefined) ??
        "This changes the schema"
      );
    default:
      return "This changes the schema";
  }
}

type Change = NonNullable<Extract<Operation, { kind: "Other" }>["changes"]>[number];

function objectChange(change: Change): string | undefined {
  switch (change.action) {
    case "drop":
      return `The ${wordsOfKind(change.object)} ${nameIn(change.name)} is dropped`;
    case "rename":
      return `The ${wordsOfKind(change.object)} ${nameIn(change.name)} becomes ${quotedName(change.to)}`;
    case "setSchema":
      return `The ${wordsOfKind(change.object)} ${nameIn(change.name)} moves to the schema ${quotedName(change.to)}`;
    case "renameEnumValue":
      return `The value '${change.value}' of ${nameIn(change.name)} becomes '${change.to}'`;
    case "alterDomain":
      if (change.addCheck)
        return `The domain ${nameIn(change.name)} gets the check ${change.addCheck.name ?? `(${change.addCheck.expression})`}`;
      if (change.default === null) return `The domain ${nameIn(change.name)} loses its default`;
      return change.notNull === true ? `The domain ${nameIn(change.name)} becomes NOT NULL` : undefined;
    case "renameViewColumn":
      return `${columnName(change.name, change.column)} becomes ${quotedName(change.to)}`;
    default:
      return undefined;
  }
}

const nameIn = displayName;

function wordsOfKind(kind: string): string {
  return kind === "materializedView" ? "materialized view" : kind;
}

/** Where the queries stand: in the head, when it has them unchanged, else at the base. */
export function placesOf(queries: readonly Query[], facts: FactIndex): Place[] {
  const now = new Map<string, Location>();
  for (const fact of facts.of("query")) now.set(`${fact.path}\0${fact.sql}`, fact);
  const places = queries.map(({ fact, location }): Place => {
    if (fact.type === "entity") return { location: regionIn(location), what: `the entity ${fact.name}` };
    const found = now.get(`${fact.path}\0${fact.sql}`) ?? location;
    return {
      location: regionIn(found),
      what: fact.name === undefined ? "a query" : `the query ${fact.name}`,
    };
  });
  const seen = new Set<string>();
  return places.filter(({ location, what }) => {
    const key = `${location.path}:${location.startLine}:${location.startColumn}:${what}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** The location alone, of a fact that has more. */
function regionIn({ path, startLine, startColumn, endLine, endColumn }: Location): Location {
  return { path, startLine, startColumn, endLine, endColumn };
}

/** The first three uses, and how many more there are. */
export function usesInWords(places: readonly Place[]): string {
  const shown = places.slice(0, 3).map(({ location, what }) => {
    const at = `${location.path}:${location.startLine}`;
    return what === "a query" ? at : `${what} (${at})`;
  });
  const more = places.length - shown.length;
  const parts = more > 0 ? [...shown, `${more} more`] : shown;
  return parts.length > 1 ? `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}` : (parts[0] ?? "");
}

export function relatedTo(places: readonly Place[], message: string): RelatedLocation[] {
  return places.map(({ location, what }) => ({ ...location, message: `${capital(what)} ${message}` }));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Where an operation stands. */
export function locationOf(stage: Stage, { startLine, startColumn, endLine, endColumn }: Region): Location {
  return { path: stage.migration.path, startLine, startColumn, endLine, endColumn };
}

/** What to say of an annotation that the uses prove wrong; empty without one. */
export function disproved(facts: FactIndex, { migration }: Stage, operation: Operation): string {
  const after: AnnotationFact["value"] | undefined = confirmedAfter(facts, { operation, migration });
  return after === undefined
    ? ""
    : ` The annotation \`contract after=${after}\` says that nothing uses it any more, which is not so.`;
}
