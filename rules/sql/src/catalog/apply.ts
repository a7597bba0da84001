import type { ObjectChange, Operation, OperationOf, QualifiedName } from "@yantra-lint/core";
import { type Alteration, alterTable } from "./alter.ts";
import { applyChange } from "./changes.ts";
import { createTable, createView, perhapsCreateTable } from "./create.ts";
import type { Draft } from "./draft.ts";
import { dropRelation, moveRelation } from "./drop.ts";
import { addIndex } from "./indexes.ts";
import { DEFAULT_SCHEMA, isRelationKey, keyOf, partsOf, spaceKey, TEMPORARY_SCHEMA } from "./names.ts";
import { isSystem } from "./query.ts";
import { type Origin, unknownTable } from "./table.ts";

/** Follows an operation: what it makes, changes and drops. */
export function applyTo(draft: Draft, operation: Operation, origin: Origin): void {
  switch (operation.kind) {
    case "CreateTable":
      if (operation.condition !== "maybe") return createTable(draft, operation, origin);
      if (!perhapsCreateTable(draft, operation, origin)) doubt(draft, draft.relationKey(operation.table));
      return;
    case "DropTable":
      return dropRelation(draft, draft.relationKey(operation.table));
    case "RenameTable": {
      const key = draft.relationKey(operation.table);
      const missing = operation.ifExists || operation.condition === "ifThere";
      if (missing && draft.get(key) === undefined && draft.isComplete(key)) return;
      return moveRelation(draft, key, partsOf(key).schema, operation.to);
    }
    case "SetSchema": {
      const key = draft.relationKey(operation.table);
      return moveRelation(draft, key, operation.to, partsOf(key).name);
    }
    case "CreateIndex":
      return createIndex(draft, operation);
    case "DropIndex":
      return dropRelation(draft, draft.relationKey(operation.name));
    case "CreateView":
      return createView(draft, operation, origin);
    case "DropView":
      return dropRelation(draft, draft.relationKey(operation.name));
    case "SetParameter":
      if (operation.name === "search_path") setPath(draft, operation);
      return;
    case "Transaction":
      return;
    case "Other":
      return other(draft, operation, origin);
    default:
      return alter(draft, operation, origin);
  }
}

/** Changes a table; one that the history has not made is begun, and shows that the history is not all. */
function alter(draft: Draft, operation: Alteration, origin: Origin): void {
  if (isSystem(operation.table)) return;
  const key = draft.relationKey(operation.table);
  const status = draft.status(key);
  if (!begin(draft, operation.table, operation.condition === "ifThere")) return;
  if (operation.condition === "unlessThere" && isThere(draft, key, operation)) return;
  if (status === "never") draft.incomplete(key);
  alterTable(draft, key, operation, origin);
}

function isThere(draft: Draft, key: string, operation: Alteration): boolean {
  if (operation.kind !== "AddConstraint") return false;
  const { name } = operation.constraint;
  return draft.table(key)?.constraints.some((each) => each.name !== undefined && each.name === name) === true;
}

/** Makes sure that there is a table to change; false when the name is something else's. */
function begin(draft: Draft, name: QualifiedName, ifThere: boolean): boolean {
  const key = draft.relationKey(name);
  const status = draft.status(key);
  if (status && status !== "never" && status.kind !== "mentioned") return status.kind === "table";
  if (ifThere && draft.isComplete(key) && status !== undefined) return false;
  if (status === "never") draft.incomplete(key);
  const { schema } = partsOf(key);
  draft.set(key, unknownTable(schema, name.name));
  return true;
}

function createIndex(draft: Draft, operation: OperationOf<"CreateIndex">): void {
  const { table, name, ifNotExists, condition } = operation;
  const key = draft.relationKey(table);
  const own = name === undefined ? undefined : keyOf(partsOf(key).schema, name);
  const unless = ifNotExists || condition === "unlessThere";
  const there = own === undefined ? undefined : draft.get(own);
  if (unless && there && there.kind !== "mentioned") return;
  if (draft.get(key)?.kind !== "materializedView" && !begin(draft, table, false)) return;
  const { columns, unique, include, uses, predicate, method } = operation;
  const nameParts = operation.nameParts ?? [...columns, ...(include ?? [])];
  addIndex(
    draft,
    key,
    { name, columns, unique, include, uses, predicate, method, nameParts, valid: true },
    operation.only,
  );
}

/** SET and RESET of search_path: a list of names, some of them quoted. */
function setPath(draft: Draft, { value, local }: OperationOf<"SetParameter">): void {
  const names = value
    .split(",")
    .map((part) => part.trim().replace(/^"|"$/g, ""))
    .filter((part) => !["", "$user", "pg_catalog", "default", TEMPORARY_SCHEMA].includes(part));
  const path = names.length > 0 ? names : [DEFAULT_SCHEMA];
  const pathAfter = local ? (draft.state.pathAfter ?? draft.state.path) : undefined;
  draft.state = { ...draft.state, path, pathAfter };
}

function other(draft: Draft, operation: OperationOf<"Other">, origin: Origin): void {
  const { changes, mentions } = operation;
  for (const change of changes ?? []) {
    if (operation.condition === "unlessThere" && isMade(draft, change)) continue;
    applyChange(draft, change, origin);
  }
  // A statement that is followed has its words for others.
  if (mentions && !(changes && operation.tag.startsWith("Drop"))) unfollowed(draft, operation);
}

/** Whether the thing that a statement makes is there already. */
function isMade(draft: Draft, change: ObjectChange): boolean {
  switch (change.action) {
    case "createEnum":
    case "createDomain":
    case "createComposite":
    case "createOpaqueType": {
      const { schema, name } = change.name;
      return draft.get(spaceKey("type", schema ?? draft.schema, name)) !== undefined;
    }
    case "createSequence":
      return draft.get(draft.relationKey(change.name)) !== undefined;
    case "createTrigger":
      return (
        draft.table(draft.relationKey(change.table))?.triggers.some(({ name }) => name === change.name) ===
        true
      );
    default:
      return false;
  }
}

/**
 * Something that cannot be followed ran. What it names is unknown from here on: tables lose their certainty, and
 * names not yet seen may exist. A psql command may have run a whole file.
 */
function unfollowed(draft: Draft, { tag, mentions = [] }: OperationOf<"Other">): void {
  if (tag === "UnreadStatement") draft.incomplete();
  const names = new Set(mentions);
  const keys = new Set(mentions.map((name) => draft.relationKey({ name })));
  for (const name of mentions) {
    if (name === draft.schema || !draft.state.seen.schemas.has(name)) continue;
    for (const key of draft.keysIn(name))
      if (isRelationKey(key) && names.has(partsOf(key).name)) keys.add(key);
  }
  for (const key of keys) {
    const entry = draft.get(key);
    // What only such a section has shown may not be there.
    if (tag === "Precondition" && entry?.kind === "table" && !entry.complete)
      draft.set(key, { kind: "mentioned" });
    else doubt(draft, key);
  }
  for (const name of names) {
    const key = draft.otherKey("type", { name });
    if (draft.get(key)) draft.set(key, { kind: "mentioned" });
  }
}

/** Nothing is certain any more of what a name means. */
function doubt(draft: Draft, key: string): void {
  const entry = draft.get(key);
  if (!entry) return draft.set(key, { kind: "mentioned" });
  if (entry.kind !== "table") return;
  draft.set(key, {
    ...entry,
    complete: false,
    constraints: [],
    created: undefined,
    emptied: undefined,
    rows: "unknown",
  });
}
