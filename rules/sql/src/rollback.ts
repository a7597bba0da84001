import type { ConstraintDefinition, Operation, QualifiedName } from "@yantra-lint/core";
import type { Catalog } from "./catalog/catalog.ts";
import type { Trigger } from "./catalog/objects.ts";
import type { Column, Index, Table } from "./catalog/table.ts";
import { shortName } from "./names.ts";

/** What a migration and its way back leave other than it was before, in words that end a sentence: `table a is left`. */
export function differencesOf(
  before: Catalog,
  after: Catalog,
  back: Catalog,
  operations: readonly Operation[],
): string[] {
  const { tables, views, indexes, functions, types } = namesIn(operations);
  for (const index of indexes) {
    for (const catalog of [before, after, back]) {
      const table = catalog.tableOfIndex(index);
      if (table) tables.push(table);
    }
  }
  // A function that goes takes the triggers with it that call it.
  const calling = functions.flatMap((name) => before.triggersCalling(name).map(({ table }) => table));
  // A name without a schema may be another's with one: what is found twice is told once.
  const differences = new Set([
    ...withoutRepeats([...tables, ...calling]).flatMap((name) => ofTable(before, back, name, operations)),
    ...withoutRepeats(views).flatMap((name) => ofView(before, back, name)),
    ...ofFunctions(before, back, functions),
    ...withoutRepeats(types).flatMap((name) => ofType(before, back, name)),
  ]);
  return [...differences].sort((one, other) => rankOf(one) - rankOf(other));
}

/** What holds data comes first. */
function rankOf(difference: string): number {
  const rank = ["table", "column", "view"].findIndex((kind) => difference.startsWith(kind));
  return rank < 0 ? 3 : rank;
}

function withoutRepeats(names: readonly QualifiedName[]): QualifiedName[] {
  return [...new Map(names.map((name) => [`${name.schema ?? ""}\0${name.name}`, name])).values()];
}

/** The tables, views and indexes that operations name, before and after they are renamed. */
function namesIn(operations: readonly Operation[]) {
  const tables: QualifiedName[] = [];
  const views: QualifiedName[] = [];
  const indexes: QualifiedName[] = [];
  const types: QualifiedName[] = [];
  const functions: QualifiedName[] = [];
  for (const operation of operations) {
    if ("table" in operation) tables.push(operation.table);
    switch (operation.kind) {
      case "RenameTable":
        tables.push({ ...operation.table, name: operation.to });
        break;
      case "SetSchema":
        tables.push({ ...operation.table, schema: operation.to });
        break;
      case "CreateView":
      case "DropView":
        views.push(operation.name);
        break;
      case "DropIndex":
        indexes.push(operation.name);
        break;
      case "Other":
        for (const change of operation.changes ?? []) {
          if ("table" in change) tables.push(change.table);
          const object = "object" in change ? change.object : change.action;
          if (!("name" in change) || typeof change.name === "string") continue;
          if (object === "createFunction" || object === "function") functions.push(change.name);
          if (TYPES.has(object)) types.push(change.name);
        }
        break;
      default:
        break;
    }
  }
  return { tables, views, indexes, functions, types };
}

const TYPES = new Set<string>(["createEnum", "createDomain", "createComposite", "type", "enum", "domain"]);

function ofFunctions(before: Catalog, back: Catalog, changed: readonly QualifiedName[]): string[] {
  if (changed.length === 0) return [];
  const names = [...new Set(changed.map(({ name }) => name))];
  const named = (catalog: Catalog) =>
    new Set(names.flatMap((name) => catalog.functionsNamed(name).map((each) => shortName(each))));
  const [then, now] = [named(before), named(back)];
  return [
    ...[...then].filter((name) => !now.has(name)).map((name) => `function ${name} is missing`),
    ...[...now].filter((name) => !then.has(name)).map((name) => `function ${name} is left`),
    ...[...names].flatMap((name) => otherBodies(before, back, name)),
  ];
}

function otherBodies(before: Catalog, back: Catalog, name: string): string[] {
  const made = back.functionsNamed(name);
  return before.functionsNamed(name).flatMap((then) => {
    const now = made.find(
      (each) => each.schema === then.schema && each.arguments.join("\0") === then.arguments.join("\0"),
    );
    if (now?.body === undefined || then.body === undefined) return [];
    return plainBody(now.body) === plainBody(then.body)
      ? []
      : [`function ${shortName(then)} does something else`];
  });
}

/** The text of a function without comments, white space and the case of letters. */
export function plainBody(text: string): string {
  return text
    .replaceAll(/--[^\n]*|\/\*[^]*?(?:\*\/|$)/g, "")
    .replaceAll(/\s+/g, "")
    .toLowerCase();
}

/** Types of one's own: whether they are there. A value that an enum got cannot be taken away. */
function ofType(before: Catalog, back: Catalog, name: QualifiedName): string[] {
  const [then, now] = [before.typeOf(name), back.typeOf(name)];
  if ((then === undefined) === (now === undefined)) return [];
  return [`type ${shortName(then ?? now ?? name)} is ${then ? "missing" : "left"}`];
}

function ofView(before: Catalog, back: Catalog, name: QualifiedName): string[] {
  const [then, now] = [before.view(name), back.view(name)];
  // What the history does not tell of may be a view that it has not made.
  if ((then === undefined) === (now === undefined) || before.table(name).state === "unknown") return [];
  return [`view ${shortName(then ?? now ?? name)} is ${then ? "missing" : "left"}`];
}

function ofTable(
  before: Catalog,
  back: Catalog,
  name: QualifiedName,
  operations: readonly Operation[],
): string[] {
  const [then, now] = [before.table(name), back.table(name)];
  if (then.state === "unknown" || now.state === "unknown") return [];
  if (then.state === "absent" || now.state === "absent") {
    if (then.state === "known" && !then.table.temporary && !back.view(name))
      return [`table ${shortName(then.table)} is missing`];
    if (now.state === "known" && !now.table.temporary && !before.view(name))
      return [`table ${shortName(now.table)} is left`];
    return [];
  }
  if (then.table === now.table) return [];
  const table = shortName(then.table);
  const [old, made] = [withColumnsOf(then.table, now.table), withColumnsOf(now.table, then.table)];
  return [
    ...ofColumns(table, then.table, now.table),
    ...ofConstraints(table, old, made, operations),
    ...ofIndexes(table, old, made),
    ...ofTriggers(table, then.table, now.table),
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

function ofColumns(table: string, before: Table, back: Table): string[] {
  const isComplete = before.columnsComplete && back.columnsComplete;
  const missing = isComplete ? [...before.columns.keys()].filter((name) => !back.columns.has(name)) : [];
  const left = isComplete ? [...back.columns.keys()].filter((name) => !before.columns.has(name)) : [];
  return [
    ...missing.map((name) => `column ${table}.${name} is missing`),
    ...left.map((name) => `column ${table}.${name} is left`),
    ...[...before.columns.values()].flatMap((column) => {
      const now = back.columns.get(column.name);
      return now ? ofColumn(`${table}.${column.name}`, column, now) : [];
    }),
  ];
}

function ofColumn(name: string, before: Column, back: Column): string[] {
  const differences: string[] = [];
  if (before.type !== undefined && back.type !== undefined && plainType(before) !== plainType(back))
    differences.push(`${name} is ${back.type} and was ${before.type}`);
  if (before.notNull !== back.notNull)
    differences.push(back.notNull ? `${name} is NOT NULL and was not` : `${name} is no longer NOT NULL`);
  const [then, now] = [valueOf(before.default), valueOf(back.default)];
  const isKnown = !isSequence(then) && !isSequence(now) && !(then && now && isOwnType(back));
  if (then !== now && isKnown) {
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
  operations: readonly Operation[],
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
      if (!asIndex) differences.push(`${constraintName(constraint)} of ${table} is left`);
      continue;
    }
    lost.splice(lost.indexOf(same), 1);
    const { name } = same;
    if (name === undefined || constraint.name === undefined) continue;
    if (name !== constraint.name)
      differences.push(`constraint ${name} of ${table} is called ${constraint.name}`);
    else if (!isSameKey(constraint, same)) differences.push(`constraint ${name} of ${table} is another one`);
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

/** Whether two of one name hold the same, as far as the spelling of a check does not count. */
function isSameKey(one: ConstraintDefinition, other: ConstraintDefinition): boolean {
  const isKnown = one.type !== "exclude" && one.usingIndex === undefined && other.usingIndex === undefined;
  if (one.type !== other.type) return false;
  if (one.type === "check" || !isKnown) return true;
  const targets = [one, other].map(({ references }) => references?.columns.join("\0") ?? "");
  return (
    one.columns.join("\0") === other.columns.join("\0") &&
    one.references?.table.name === other.references?.table.name &&
    (targets[0] === targets[1] || targets.includes("")) &&
    one.references?.onDelete === other.references?.onDelete &&
    one.references?.onUpdate === other.references?.onUpdate
  );
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
  return name === undefined ? `${KINDS[type]} (${columns.join(", ")})` : `constraint ${name}`;
}

/** An index without a name that is known is left out: a DROP INDEX may have meant it. */
function ofIndexes(table: string, before: Table, back: Table): string[] {
  const named = ({ indexes }: Table) => indexes.filter(({ name }) => name !== undefined);
  const [then, now] = [named(before), named(back)];
  const find = (list: readonly Index[], { name }: Index) => list.find((other) => other.name === name);
  const left = now.filter((index) => !find(then, index));
  const differences: string[] = [];
  for (const index of then) {
    const same = find(now, index);
    const likewise = left.find((other) => isSameIndex(index, other));
    if (same && !isSameIndex(index, same)) differences.push(`index ${index.name} of ${table} is another one`);
    else if (!same && likewise) {
      left.splice(left.indexOf(likewise), 1);
      differences.push(`index ${index.name} of ${table} is called ${likewise.name}`);
    } else if (!same && !(index.unique && hasUniqueConstraint(back, index.columns)))
      differences.push(`index ${index.name} of ${table} is missing`);
  }
  return [
    ...differences,
    ...left
      .filter((index) => !(index.unique && hasUniqueConstraint(before, index.columns)))
      .map((index) => `index ${index.name} of ${table} is left`),
  ];
}

/** Whether two indexes may be the same: of expressions there are many spellings. */
function isSameIndex(one: Index, other: Index): boolean {
  const isSameList = (a: readonly string[] = [], b: readonly string[] = []) =>
    [...a, ...b].some(isExpression) || a.join("\0") === b.join("\0");
  return (
    one.unique === other.unique &&
    isSameList(one.columns, other.columns) &&
    isSameList(one.include, other.include) &&
    (one.predicate === undefined) === (other.predicate === undefined) &&
    (one.method ?? "btree") === (other.method ?? "btree")
  );
}

function isExpression(column: string): boolean {
  return /[^\w$]/.test(column);
}

function hasUniqueConstraint({ constraints }: Table, columns: readonly string[]): boolean {
  return constraints.some(
    (constraint) => constraint.type === "unique" && constraint.columns.join("\0") === columns.join("\0"),
  );
}

function ofTriggers(table: string, before: Table, back: Table): string[] {
  const [then, now] = [before, back].map(
    ({ triggers }) => new Map(triggers.map((trigger) => [trigger.name, firingOf(trigger)])),
  );
  if (!then || !now) return [];
  return [
    ...[...then.keys()]
      .filter((name) => !now.has(name))
      .map((name) => `trigger ${name} of ${table} is missing`),
    ...[...now.keys()].filter((name) => !then.has(name)).map((name) => `trigger ${name} of ${table} is left`),
    ...[...then.entries()]
      .filter(([name, firing]) => now.has(name) && now.get(name) !== firing)
      .map(([name]) => `trigger ${name} of ${table} is another one`),
  ];
}

/** When a trigger fires and what it calls, but for its WHEN. */
function firingOf({ timing, row, events, columns, function: called }: Trigger): string {
  return [timing, row, [...events].sort(), [...columns].sort(), called.name].join("\0");
}
