import type { ObjectChange, QualifiedName } from "@yantra-lint/core";
import { addSequence } from "./alter.ts";
import { inheritConstraint } from "./constraints.ts";
import { inheritConstraints } from "./create.ts";
import { type Draft, made } from "./draft.ts";
import {
  dropRelation,
  dropSchema,
  dropType,
  moveFunction,
  moveRelation,
  moveSchema,
  moveType,
} from "./drop.ts";
import {
  alterFunction,
  createFunction,
  createTrigger,
  dropFunction,
  dropTrigger,
  isMeant,
} from "./functions.ts";
import { keyOf, partsOf, TEMPORARY_SCHEMA } from "./names.ts";
import type { Change } from "./objects.ts";
import { type Origin, withColumn } from "./table.ts";
import { alterComposite, alterDomain, changeType, createDomain, setType, withValue } from "./types.ts";

/** Follows a change of types, sequences, functions, triggers, schemas and partitions. */
export function applyChange(draft: Draft, change: ObjectChange, origin: Origin): void {
  switch (change.action) {
    case "createEnum":
      return setType(draft, {
        kind: "enum",
        ...made(draft, change.name),
        values: change.values,
        created: origin,
      });
    case "addEnumValue":
      return changeType(draft, change.name, "enum", (type) => withValue(type, change));
    case "renameEnumValue":
      return changeType(draft, change.name, "enum", (type) => ({
        ...type,
        values: type.values.map((value) => (value === change.value ? change.to : value)),
      }));
    case "createDomain":
      return createDomain(draft, change, origin);
    case "alterDomain":
      return changeType(draft, change.name, "domain", (type) => alterDomain(type, change));
    case "createComposite": {
      const fields = change.fields.map(({ name, type }) => ({ name, type: draft.resolvedType(type) }));
      return setType(draft, { kind: "composite", ...made(draft, change.name), fields, created: origin });
    }
    case "alterComposite":
      return changeType(draft, change.name, "composite", (type) => alterComposite(draft, type, change));
    case "createOpaqueType":
      return setType(draft, { kind: "opaque", ...made(draft, change.name), created: origin });
    case "createSequence":
      return createSequence(draft, change, origin);
    case "alterSequence":
      return alterSequence(draft, change);
    case "createFunction":
      return createFunction(draft, change, origin);
    case "alterFunction":
      return alterFunction(draft, change);
    case "createTrigger":
      return createTrigger(draft, change);
    case "createExtension":
    case "createSchema":
      return;
    case "attachPartition":
      return attach(
        draft,
        draft.relationKey(change.partition),
        draft.relationKey(change.table),
        change.bound,
      );
    case "detachPartition":
      return detach(draft, draft.relationKey(change.partition), draft.relationKey(change.table));
    case "attachIndex":
      return;
    case "inherit":
      return inherit(draft, draft.relationKey(change.table), draft.relationKey(change.parent));
    case "noInherit":
      return detach(draft, draft.relationKey(change.table), draft.relationKey(change.parent));
    case "addIdentity":
      changeColumn(draft, change, { generated: "identity", default: undefined });
      return addSequence(draft, draft.relationKey(change.table), change.column, origin);
    case "dropIdentity":
      changeColumn(draft, change, { generated: undefined });
      return dropSequenceOf(draft, draft.relationKey(change.table), change.column);
    case "dropExpression":
      return changeColumn(draft, change, { generated: undefined });
    case "drop":
      return drop(draft, change);
    case "rename":
      return rename(draft, change);
    case "renameViewColumn":
      return renameViewColumn(draft, change);
    case "setSchema":
      return setSchema(draft, change);
  }
}

function createSequence(draft: Draft, change: Change<"createSequence">, origin: Origin): void {
  const schema = change.temporary ? TEMPORARY_SCHEMA : (change.name.schema ?? draft.schema);
  const { name } = change.name;
  const key = keyOf(schema, name);
  if (change.ifNotExists && draft.get(key)) return;
  if (change.temporary) draft.state = { ...draft.state, temporary: [...draft.state.temporary, key] };
  draft.set(key, { kind: "sequence", schema, name, ownedBy: owner(draft, change.ownedBy), created: origin });
}

function owner(
  draft: Draft,
  ownedBy: Change<"createSequence">["ownedBy"],
): { table: QualifiedName; column: string } | undefined {
  if (ownedBy === undefined || ownedBy === "none") return undefined;
  return { table: partsOf(draft.relationKey(ownedBy.table)), column: ownedBy.column };
}

function alterSequence(draft: Draft, change: Change<"alterSequence">): void {
  const key = draft.relationKey(change.name);
  const entry = draft.get(key);
  if (entry?.kind !== "sequence" || change.ownedBy === undefined) return;
  draft.set(key, { ...entry, ownedBy: owner(draft, change.ownedBy) });
}

function dropSequenceOf(draft: Draft, table: string, column: string): void {
  for (const user of draft.users(table)) {
    const entry = draft.get(user);
    if (entry?.kind === "sequence" && entry.ownedBy?.column === column) {
      if (draft.referenceKey(entry.ownedBy.table) === table) draft.set(user, undefined);
    }
  }
}

function attach(draft: Draft, key: string, parent: string, bound: Change<"attachPartition">["bound"]): void {
  const table = draft.table(key);
  if (!table) return;
  const partitioned = draft.table(parent)?.columns ?? new Map<string, { notNull: boolean }>();
  const columns = new Map(
    [...table.columns].map(([name, column]) => [
      name,
      partitioned.get(name)?.notNull ? { ...column, notNull: true } : column,
    ]),
  );
  draft.set(key, { ...table, columns, parents: [...table.parents, parent], bound });
  inheritConstraints(draft, key, parent);
}

function detach(draft: Draft, key: string, parent: string): void {
  const table = draft.table(key);
  if (!table) return;
  const triggers = draft.table(parent)?.triggers ?? [];
  draft.set(key, {
    ...table,
    parents: table.parents.filter((each) => each !== parent),
    bound: undefined,
    // Those that were copied from the parent go.
    triggers: table.bound
      ? table.triggers.filter(({ name }) => !triggers.some((trigger) => trigger.name === name))
      : table.triggers,
  });
}

function inherit(draft: Draft, key: string, parent: string): void {
  const table = draft.table(key);
  if (!table) return;
  draft.set(key, { ...table, parents: [...table.parents, parent] });
  for (const constraint of draft.table(parent)?.constraints ?? [])
    inheritConstraint(draft, key, constraint, parent);
}

function changeColumn(
  draft: Draft,
  { table: name, column }: { table: QualifiedName; column: string },
  change: Parameters<typeof withColumn>[2],
): void {
  const key = draft.relationKey(name);
  const table = draft.table(key);
  if (table) draft.set(key, withColumn(table, column, change));
}

function drop(draft: Draft, change: Change<"drop">): void {
  const { object, name, table } = change;
  switch (object) {
    case "sequence":
      return dropRelation(draft, draft.relationKey(name));
    case "type":
      return dropType(draft, draft.otherKey("type", name));
    case "function":
      return dropFunction(draft, change);
    case "trigger":
      return table ? dropTrigger(draft, draft.relationKey(table), name.name) : undefined;
    case "schema":
      return dropSchema(draft, name.name);
    default:
      return;
  }
}

function rename(draft: Draft, change: Change<"rename">): void {
  const { object, name, table, to } = change;
  switch (object) {
    case "view":
    case "materializedView":
    case "index":
    case "sequence": {
      const key = draft.relationKey(name);
      if (change.ifExists && !draft.get(key)) return;
      return moveRelation(draft, key, partsOf(key).schema, to);
    }
    case "type":
    case "enum":
    case "domain": {
      const key = draft.otherKey("type", name);
      return moveType(draft, key, partsOf(key).schema, to);
    }
    case "function": {
      const key = draft.otherKey("function", name);
      const entry = draft.get(key);
      const list = entry?.kind === "functions" ? entry.list : [];
      return moveFunction(draft, key, partsOf(key).schema, to, isMeant(draft, list, change.arguments));
    }
    case "trigger": {
      const key = table && draft.relationKey(table);
      const entry = key === undefined ? undefined : draft.table(key);
      if (key === undefined || !entry) return;
      const triggers = entry.triggers.map((each) => (each.name === name.name ? { ...each, name: to } : each));
      return draft.set(key, { ...entry, triggers });
    }
    case "schema":
      return moveSchema(draft, name.name, to);
    default:
      return;
  }
}

function renameViewColumn(draft: Draft, { name, column, to }: Change<"renameViewColumn">): void {
  const key = draft.relationKey(name);
  const view = draft.get(key);
  if (view?.kind !== "view" && view?.kind !== "materializedView") return;
  const columns = view.columns?.map((each) => (each.name === column ? { ...each, name: to } : each));
  draft.set(key, { ...view, columns });
}

function setSchema(draft: Draft, change: Change<"setSchema">): void {
  const { object, name, to } = change;
  if (object === "type") {
    const key = draft.otherKey("type", name);
    return moveType(draft, key, to, partsOf(key).name);
  }
  if (object === "function") {
    const key = draft.otherKey("function", name);
    const entry = draft.get(key);
    const list = entry?.kind === "functions" ? entry.list : [];
    return moveFunction(draft, key, to, partsOf(key).name, isMeant(draft, list, change.arguments));
  }
  if (object === "extension" || object === "schema" || object === "trigger") return;
  const key = draft.relationKey(name);
  moveRelation(draft, key, to, partsOf(key).name);
}
