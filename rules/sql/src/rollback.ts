import type { Operation, QualifiedName } from "@yantra-lint/core";
import type { Catalog } from "./catalog/catalog.ts";
import type { WayBack } from "./catalog/fold.ts";
import type { SqlFunction } from "./catalog/objects.ts";
import { Dropped, signature } from "./dropped.ts";
import { shortName } from "./names.ts";
import { tableDifferences } from "./table-differences.ts";

/** What a migration and its way back leave other than it was before, in words that end a sentence: `table a is left`. */
export function differencesOf(way: WayBack): string[] {
  const { up, down, before, after, back } = way;
  const { tables, views, indexes, functions, types, sequences } = namesIn([...up, ...down]);
  const dropped = new Dropped(up, after);
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
    ...withoutRepeats([...tables, ...calling]).flatMap((name) => tableDifferences(way, name, dropped)),
    ...withoutRepeats(views).flatMap((name) => ofView(way, name, dropped)),
    ...ofFunctions(way, functions, dropped),
    ...withoutRepeats(types).flatMap((name) => ofType(way, name, dropped)),
    ...withoutRepeats(sequences).flatMap((name) => ofSequence(way, name, dropped)),
    ...ofSchemas(up, down),
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
  const sequences: QualifiedName[] = [];
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
          if (object === "sequence" || (change.action === "createSequence" && !change.temporary))
            sequences.push(change.name);
        }
        break;
      default:
        break;
    }
  }
  return { tables, views, indexes, functions, types, sequences };
}

const TYPES = new Set<string>(["createEnum", "createDomain", "createComposite", "type", "enum", "domain"]);

function ofFunctions(
  { before, back }: WayBack,
  changed: readonly QualifiedName[],
  dropped: Dropped,
): string[] {
  if (changed.length === 0) return [];
  const names = [...new Set(changed.map(({ name }) => name))];
  const named = (catalog: Catalog) =>
    new Map(names.flatMap((name) => catalog.functionsNamed(name).map((each) => [shortName(each), name])));
  const [then, now] = [named(before), named(back)];
  return [
    ...[...then.keys()].filter((name) => !now.has(name)).map((name) => `function ${name} is missing`),
    ...[...now]
      .filter(([full, name]) => !then.has(full) && !dropped.has("function", name))
      .map(([full]) => `function ${full} is left`),
    ...names.flatMap((name) => otherOverloads({ before, back }, name, dropped)),
    ...names.flatMap((name) => otherBodies(before, back, name)),
  ];
}

/** Functions of a name that stays, which are told by their arguments. */
function otherOverloads(
  { before, back }: Pick<WayBack, "before" | "back">,
  name: string,
  dropped: Dropped,
): string[] {
  const [then, now] = [before.functionsNamed(name), back.functionsNamed(name)];
  // The only one of a name goes with any DROP of it in the catalog, however its arguments are spelled.
  if (then.length === now.length) return [];
  const areHere = (list: readonly SqlFunction[], { schema }: SqlFunction) =>
    list.some((each) => each.schema === schema);
  const notIn = (list: readonly SqlFunction[]) => (each: SqlFunction) =>
    areHere(list, each) && !list.some((other) => signatureOf(other) === signatureOf(each));
  return [
    ...then.filter(notIn(now)).map((each) => `function ${signatureOf(each)} is missing`),
    ...now
      .filter(notIn(then))
      .filter(
        (each) => !dropped.has("function", name) && !dropped.has("function", signature(name, each.arguments)),
      )
      .map((each) => `function ${signatureOf(each)} is left`),
  ];
}

function signatureOf(each: SqlFunction): string {
  return signature(shortName(each), each.arguments);
}

function otherBodies(before: Catalog, back: Catalog, name: string): string[] {
  const made = back.functionsNamed(name);
  return before.functionsNamed(name).flatMap((then) => {
    const now = made.find((each) => signatureOf(each) === signatureOf(then));
    if (now?.body === undefined || then.body === undefined) return [];
    return plainBody(now.body) === plainBody(then.body)
      ? []
      : [`function ${shortName(then)} does something else`];
  });
}

/** The text of a function without comments, white space, parentheses and the case of letters. */
export function plainBody(text: string): string {
  return text
    .replaceAll(/--[^\n]*|\/\*[^]*?(?:\*\/|$)/g, "")
    .replaceAll(/[\s()]+/g, "")
    .toLowerCase();
}

/** Types of one's own: whether they are there. A value that an enum got cannot be taken away. */
function ofType({ before, back }: WayBack, name: QualifiedName, dropped: Dropped): string[] {
  const [then, now] = [before.typeOf(name), back.typeOf(name)];
  if ((then === undefined) === (now === undefined)) return [];
  if (!then && dropped.has("type", name.name)) return [];
  return [`type ${shortName(then ?? now ?? name)} is ${then ? "missing" : "left"}`];
}

function ofSequence({ before, back }: WayBack, name: QualifiedName, dropped: Dropped): string[] {
  const [then, now] = [before.sequenceOf(name), back.sequenceOf(name)];
  if ((then === undefined) === (now === undefined)) return [];
  if (!then && dropped.has("sequence", name.name)) return [];
  return [`sequence ${shortName(then ?? now ?? name)} is ${then ? "missing" : "left"}`];
}

/**
 * By what the statements say, as the catalog keeps no schema that is empty. One that is made IF NOT EXISTS may be older,
 * and one that goes IF EXISTS may never have been there.
 */
function ofSchemas(up: readonly Operation[], down: readonly Operation[]): string[] {
  const [then, now] = [schemasIn(up), schemasIn(down)];
  // A text that names it may do anything to it.
  const words = new Set(down.flatMap((each) => (each.kind === "Other" ? (each.mentions ?? []) : [])));
  const certain = then.filter(({ isCertain, name }) => isCertain && !words.has(name));
  const lost = certain.filter(({ isDropped, name }) => isDropped && !makes(now, name) && !makes(then, name));
  const made = certain.filter(({ isDropped, name }) => !isDropped && !drops(now, name) && !drops(then, name));
  return [
    ...lost.map(({ name }) => `schema ${name} is missing`),
    ...made.map(({ name }) => `schema ${name} is left`),
  ];
}

interface SchemaChange {
  name: string;
  isDropped: boolean;
  /** Without IF [NOT] EXISTS, and in every case. */
  isCertain: boolean;
}

function makes(changes: readonly SchemaChange[], schema: string): boolean {
  return changes.some(({ name, isDropped }) => name === schema && !isDropped);
}

function drops(changes: readonly SchemaChange[], schema: string): boolean {
  return changes.some(({ name, isDropped }) => name === schema && isDropped);
}

function schemasIn(operations: readonly Operation[]): SchemaChange[] {
  return operations.flatMap((operation) => {
    const changes = operation.kind === "Other" ? (operation.changes ?? []) : [];
    const always = operation.condition === undefined;
    return changes.flatMap((change): SchemaChange[] => {
      if (change.action === "createSchema")
        return [{ name: change.name, isDropped: false, isCertain: always && !change.ifNotExists }];
      if (change.action !== "drop" || change.object !== "schema") return [];
      return [{ name: change.name.name, isDropped: true, isCertain: always && !change.ifExists }];
    });
  });
}

function ofView({ before, back }: WayBack, name: QualifiedName, dropped: Dropped): string[] {
  const [then, now] = [before.view(name), back.view(name)];
  // What the history does not tell of may be a view that it has not made.
  if ((then === undefined) === (now === undefined) || before.table(name).state === "unknown") return [];
  if (!then && dropped.has("view", name.name)) return [];
  return [`view ${shortName(then ?? now ?? name)} is ${then ? "missing" : "left"}`];
}
