import {
  type ConstraintDefinition,
  type Operation,
  type QualifiedName,
  quotedName,
  type Reference,
} from "@yantra-lint/core";
import type { WayBack } from "./catalog/fold.ts";
import type { Trigger } from "./catalog/objects.ts";
import type { Column, Index, Table } from "./catalog/table.ts";
import type { Dropped } from "./dropped.ts";
import { shortName } from "./names.ts";

/** What a way up and its way down leave other in one table than it was, or that it is missing or left. */
export function tableDifferences(
  { up, down, before, back }: WayBack,
  name: QualifiedName,
  dropped: Dropped,
): string[] {
  const [then, now] = [before.table(name), back.table(name)];
  if (then.state === "unknown" || now.state === "unknown") return [];
  if (then.state === "absent" || now.state === "absent") {
    if (then.state === "known" && !then.table.temporary && !back.view(name))
      return [`table ${shortName(then.table)} is missing`];
    const isMade = now.state === "known" && !now.table.temporary && !dropped.has("table", name.name);
    if (isMade && !before.view(name)) return [`table ${shortName(now.table)} is left`];
    return [];
  }
  if (then.table === now.table) return [];
  const table = shortName(then.table);
  const [old, made] = [withColumnsOf(then.table, now.table), withColumnsOf(now.table, then.table)];
  return [
    ...ofColumns(table, then.table, now.table, dropped),
    ...ofConstraints(table, old, made, { dropped, operations: [...up, ...down] }),
    ...ofIndexes(table, old, made, dropped),
    ...ofTriggers(table, then.table, now.table, dropped),
  ];
}

/** A table without the constraints and indexes of columns that another lacks: they come and go with the column. */
function withColumnsOf(table: Table, other: Table): Table {
  const isThere = ({ columns }: { columns: readonly string[] }): boolean =>
    columns.every((name) => !table.columns.has(name) || other.columns.has(name));
  return {
    ...table,
    constraints: table.constraints.filter(isThere),
    indexes: table.indexes.filter(isThere),
  };
}

function ofColumns(table: string, before: Table, back: Table, dropped: Dropped): string[] {
  const isComplete = before.columnsComplete && back.columnsComplete;
  const missing = isComplete ? [...before.columns.keys()].filter((name) => !back.columns.has(name)) : [];
  const left = isComplete ? [...back.columns.values()].filter(({ name }) => !before.columns.has(name)) : [];
  const isSameTable = before.created === back.created;
  return [
    ...missing.map((name) => `column ${table}.${quotedName(name)} is missing`),
    ...left
      // One that was altered and never added had been there.
      .filter(({ name, added }) => added !== undefined && !dropped.has("column", name, before.name))
      .map(({ name }) => `column ${table}.${quotedName(name)} is left`),
    ...[...before.columns.values()].flatMap((column) => {
      const now = back.columns.get(column.name);
      return now ? ofColumn(`${table}.${quotedName(column.name)}`, column, now, isSameTable) : [];
    }),
  ];
}

function ofColumn(name: string, before: Column, back: Column, isSameTable: boolean): string[] {
  const differences: string[] = [];
  if (before.type !== undefined && back.type !== undefined && plainType(before) !== plainType(back))
    differences.push(`${name} is ${back.type} and was ${before.type}`);
  if (before.notNull !== back.notNull)
    differences.push(back.notNull ? `${name} is NOT NULL and was not` : `${name} is no longer NOT NULL`);
  const [then, now] = [valueOf(before.default), valueOf(back.default)];
  const isKnown = !isSequence(then) && !isSequence(now) && !(then && now && isOwnType(back));
  // Without a default NOT NULL is refused for a column that is added to rows: `column "a" of relation "t" contains null values`.
  const isNeeded = then === undefined && isSameTable && back.added !== before.added && back.notNull;
  if (then !== now && isKnown && !isNeeded) {
    if (now === undefined) differences.push(`${name} has lost its default`);
    else if (then === undefined) differences.push(`${name} keeps the default ${back.default}`);
    else differences.push(`${name} has the default ${back.default} and had ${before.default}`);
  }
  return differences;
}

/** Text and character varying without a length hold the same (PostgreSQL 18, "Character Types"). */
function plainType({ type }: Column): string | undefined {
  return type === "character varying" ? "text" : type;
}

/** The labels of an enum may have been renamed since a default was written. */
function isOwnType({ type }: Column): boolean {
  return type !== undefined && !BUILT_IN.test(type);
}

const BUILT_IN =
  /^(?:smallint|integer|bigint|real|double precision|numeric|boolean|text|character|uuid|jsonb?|bytea|date|time|timestamp|interval|inet)\b/;

/** A default as far as two texts of it are told apart: casts of literals, blanks and other words for now() are not. */
function valueOf(text: string | undefined): string | undefined {
  if (text === undefined || /^null\b/i.test(text.trim())) return undefined;
  const plain = text
    .trim()
    .replace(/^\((.*)\)$/s, "$1")
    .replace(/^('(?:[^']|'')*'|-?[\d.]+|true|false)\s*::\s*[\w .()"[\]]+$/is, "$1");
  const isLiteral = plain.startsWith("'");
  const bare = isLiteral && /^'-?[\d.]+'$|^'(?:t|f|true|false)'$/i.test(plain) ? plain.slice(1, -1) : plain;
  if (isLiteral && bare === plain) return plain;
  const word = bare.toLowerCase().replaceAll(/\s+/g, "").replaceAll("pg_catalog.", "");
  return NOW.has(word) ? "now()" : word === "t" ? "true" : word === "f" ? "false" : word;
}

const NOW = new Set(["now()", "current_timestamp", "transaction_timestamp()", "localtimestamp"]);

/** A serial column's: what a down writes of it may be spelled in many ways. */
function isSequence(value: string | undefined): boolean {
  return value?.startsWith("nextval(") === true;
}

function ofConstraints(
  table: string,
  before: Table,
  back: Table,
  { dropped, operations }: { dropped: Dropped; operations: readonly Operation[] },
): string[] {
  // NOT NULL is the column's.
  const all = ({ constraints }: Table) => constraints.filter(({ type }) => type !== "notNull");
  const [then, now] = [all(before), all(back)];
  const names = new Set(then.map(({ name }) => name));
  // A name that PostgreSQL gave by itself, and that was not worked out, may mean any: then it is not known which is left.
  const isUncertain = operations.some(
    (operation) =>
      (operation.kind === "DropConstraint" || operation.kind === "RenameConstraint") &&
      !names.has(operation.constraint) &&
      names.has(undefined),
  );
  if (isUncertain) return [];
  const lost = [...then];
  const differences: string[] = [];
  for (const constraint of now) {
    const same =
      lost.find(({ name }) => name !== undefined && name === constraint.name) ??
      lost.find((other) => isAlike(constraint, other));
    if (!same) {
      const asIndex = constraint.type === "unique" && hasUniqueIndex(before, constraint.columns);
      const isMadeAgain =
        constraint.name !== undefined && dropped.has("constraint", constraint.name, before.name);
      if (!asIndex && !isMadeAgain) differences.push(`${constraintName(constraint)} of ${table} is left`);
      continue;
    }
    lost.splice(lost.indexOf(same), 1);
    const { name } = same;
    if (name === undefined || constraint.name === undefined) continue;
    const changes = name === constraint.name ? [] : [`is called ${quotedName(constraint.name)}`];
    changes.push(...changesOfKey(same, constraint));
    if (changes.length > 0)
      differences.push(`constraint ${quotedName(name)} of ${table} ${changes.join(", ")}`);
    // One that comes back NOT VALID holds for new rows: not to read the old ones then is right.
  }
  return [
    ...lost
      .filter(({ type, columns }) => type !== "unique" || !hasUniqueIndex(back, columns))
      .map((constraint) => `${constraintName(constraint)} of ${table} is missing`),
    ...differences,
  ];
}

function isAlike(one: ConstraintDefinition, other: ConstraintDefinition): boolean {
  return (
    one.type === other.type &&
    one.columns.join("\0") === other.columns.join("\0") &&
    one.references?.table.name === other.references?.table.name &&
    (one.type !== "check" || bareText(one.expression) === bareText(other.expression))
  );
}

/** What else a constraint demands than it did, as far as the spelling of a check does not count. */
function changesOfKey(before: ConstraintDefinition, back: ConstraintDefinition): string[] {
  const isKnown = before.type !== "exclude" && !before.usingIndex && !back.usingIndex;
  if (before.type !== back.type) return ["is of another kind"];
  if (before.type === "check" || !isKnown) return [];
  const changes: string[] = [];
  const [columns, madeOf] = [before, back].map((each) => `(${each.columns.join(", ")})`);
  if (columns !== madeOf) changes.push(`is on ${madeOf} and was on ${columns}`);
  const [then, now] = [before.references, back.references];
  if (!then || !now) return changes;
  // No columns: the primary key, which may be the ones that are written elsewhere.
  const areOthers = [then, now].every(({ columns: targets }) => targets.length > 0);
  if (then.table.name !== now.table.name || (areOthers && then.columns.join() !== now.columns.join()))
    changes.push(`points to ${targetOf(now)} and pointed to ${targetOf(then)}`);
  for (const [event, was, is] of [
    ["DELETE", then.onDelete, now.onDelete],
    ["UPDATE", then.onUpdate, now.onUpdate],
  ] as const) {
    if (was === is) continue;
    if (is === undefined) changes.push(`is no longer ON ${event} ${was}`);
    else changes.push(`is ON ${event} ${is} and was ${was === undefined ? "not" : `ON ${event} ${was}`}`);
  }
  return changes;
}

function targetOf({ table, columns }: Reference): string {
  return `${table.name}${columns.length > 0 ? ` (${columns.join(", ")})` : ""}`;
}

function bareText(text: string | undefined): string {
  return (text ?? "").toLowerCase().replaceAll(/[\s()]+/g, "");
}

function hasUniqueIndex({ indexes }: Table, columns: readonly string[]): boolean {
  return indexes.some((index) => index.unique && index.columns.join("\0") === columns.join("\0"));
}

const KINDS: Readonly<Record<ConstraintDefinition["type"], string>> = {
  check: "the check",
  foreignKey: "the foreign key",
  unique: "the unique constraint",
  primaryKey: "the primary key",
  exclude: "the exclusion constraint",
  notNull: "NOT NULL",
};

function constraintName({ name, type, columns }: ConstraintDefinition): string {
  return name === undefined ? `${KINDS[type]} (${columns.join(", ")})` : `constraint ${quotedName(name)}`;
}

function indexName({ name = "" }: Index): string {
  return quotedName(name);
}

/** An index without a name that is known is left out: a DROP INDEX may have meant it. */
function ofIndexes(table: string, before: Table, back: Table, dropped: Dropped): string[] {
  const named = ({ indexes }: Table) => indexes.filter(({ name }) => name !== undefined);
  const [then, now] = [named(before), named(back)];
  const find = (list: readonly Index[], { name }: Index) => list.find((other) => other.name === name);
  const left = now.filter((index) => !find(then, index));
  const differences: string[] = [];
  for (const index of then) {
    const same = find(now, index);
    const likewise = left.find((other) => changesOfIndex(index, other).length === 0);
    const changes = same ? changesOfIndex(index, same) : [];
    if (changes.length > 0) differences.push(`index ${indexName(index)} of ${table} ${changes.join(", ")}`);
    else if (!same && likewise) {
      left.splice(left.indexOf(likewise), 1);
      differences.push(`index ${indexName(index)} of ${table} is called ${indexName(likewise)}`);
    } else if (!same && !(index.unique && hasUniqueConstraint(back, index.columns)))
      differences.push(`index ${indexName(index)} of ${table} is missing`);
  }
  return [
    ...differences,
    ...left
      .filter(({ name = "" }) => !dropped.has("index", name))
      .filter((index) => !(index.unique && hasUniqueConstraint(before, index.columns)))
      .map((index) => `index ${indexName(index)} of ${table} is left`),
  ];
}

/** What is other about an index: nothing where it may be the same, as there are many spellings of an expression. */
function changesOfIndex(before: Index, back: Index): string[] {
  const isSameList = (a: readonly string[] = [], b: readonly string[] = []) =>
    [...a, ...b].some(isExpression) || a.join("\0") === b.join("\0");
  const changes: string[] = [];
  if (before.unique !== back.unique)
    changes.push(back.unique ? "is UNIQUE and was not" : "is no longer UNIQUE");
  if (!isSameList(before.columns, back.columns))
    changes.push(`is on (${back.columns.join(", ")}) and was on (${before.columns.join(", ")})`);
  if (!isSameList(before.include, back.include)) changes.push("has another INCLUDE");
  if ((before.predicate === undefined) !== (back.predicate === undefined))
    changes.push(back.predicate === undefined ? "has lost its WHERE" : "has a WHERE and had none");
  if ((before.method ?? "btree") !== (back.method ?? "btree")) changes.push("is of another method");
  return changes;
}

function isExpression(column: string): boolean {
  return /[^\w$]/.test(column);
}

function hasUniqueConstraint({ constraints }: Table, columns: readonly string[]): boolean {
  return constraints.some(
    (constraint) => constraint.type === "unique" && constraint.columns.join("\0") === columns.join("\0"),
  );
}

function ofTriggers(table: string, before: Table, back: Table, dropped: Dropped): string[] {
  const [then, now] = [before, back].map(
    ({ triggers }) => new Map(triggers.map((trigger) => [trigger.name, firingOf(trigger)])),
  );
  if (!then || !now) return [];
  return [
    ...[...then.keys()]
      .filter((name) => !now.has(name))
      .map((name) => `trigger ${quotedName(name)} of ${table} is missing`),
    ...[...now.keys()]
      .filter((name) => !then.has(name) && !dropped.has("trigger", name, before.name))
      .map((name) => `trigger ${quotedName(name)} of ${table} is left`),
    ...[...then.entries()]
      .filter(([name, firing]) => now.has(name) && now.get(name) !== firing)
      .map(([name]) => `trigger ${quotedName(name)} of ${table} is another one`),
  ];
}

/** When a trigger fires and what it calls, but for its WHEN. */
function firingOf({ timing, row, events, columns, function: called }: Trigger): string {
  return [timing, row, [...events].sort(), [...columns].sort(), called.name].join("\0");
}
