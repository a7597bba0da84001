import { dropColumn } from "./alter.ts";
import type { Draft } from "./draft.ts";
import { isRelationKey, keyOf, partsOf, spaceKey } from "./names.ts";
import { hasIndex, sameColumns, type Table, unknownTable } from "./table.ts";

/** The names of a table's indexes, those of its constraints too. */
function indexNames({ indexes, constraints }: Table): string[] {
  return [...indexes, ...constraints.filter(hasIndex)].flatMap(({ name }) =>
    name === undefined ? [] : [name],
  );
}

/** Drops a table, view or sequence with all that depends on it, as CASCADE does. */
export function dropRelation(draft: Draft, key: string): void {
  const entry = draft.get(key);
  draft.set(key, undefined);
  if (!entry || entry.kind === "mentioned") return;
  if (entry.kind === "index") return dropIndexOf(draft, entry.table, partsOf(key).name);
  if (entry.kind === "table") {
    for (const name of indexNames(entry)) draft.set(keyOf(entry.schema, name), undefined);
  } else if (entry.kind === "materializedView") {
    for (const { name } of entry.indexes) draft.set(keyOf(entry.schema, name), undefined);
  } else if (entry.kind !== "view") return;
  for (const user of draft.users(key)) dropUser(draft, user, key);
}

/** Something that refers to a relation that is gone. */
function dropUser(draft: Draft, user: string, key: string): void {
  const entry = draft.get(user);
  if (entry?.kind === "table") {
    if (entry.parents.includes(key)) return dropRelation(draft, user);
    const constraints = entry.constraints.filter(
      ({ references }) => !references || draft.referenceKey(references.table) !== key,
    );
    if (constraints.length < entry.constraints.length) draft.set(user, { ...entry, constraints });
  } else if (entry?.kind === "view" || entry?.kind === "materializedView") {
    if (entry.uses.some(({ relation }) => draft.referenceKey(relation) === key)) dropRelation(draft, user);
  } else if (entry?.kind === "sequence" && entry.ownedBy) {
    if (draft.referenceKey(entry.ownedBy.table) === key) draft.set(user, undefined);
  }
}

/** Takes an index off its table or materialized view; its name is free already. */
function dropIndexOf(draft: Draft, key: string, name: string): void {
  const table = draft.get(key);
  if (table?.kind === "materializedView") {
    draft.set(key, { ...table, indexes: table.indexes.filter((index) => index.name !== name) });
  }
  if (table?.kind !== "table") return;
  const index = table.indexes.find((each) => each.name === name);
  if (!index) return;
  draft.set(key, { ...table, indexes: table.indexes.filter((each) => each !== index) });
  if (!table.partitioned) return;
  for (const child of draft.children(key)) {
    const same = draft
      .table(child)
      ?.indexes.find((each) => each.unique === index.unique && sameColumns(each.columns, index.columns));
    if (same?.name !== undefined) dropRelation(draft, keyOf(draft.table(child)?.schema ?? "", same.name));
  }
}

/** The foreign keys that need a key that is gone. */
export function dropConstraintDependents(draft: Draft, key: string, columns: readonly string[]): void {
  const table = draft.table(key);
  const wanted = [...columns].sort();
  const others = table?.constraints.some(
    (constraint) => hasIndex(constraint) && sameColumns([...constraint.columns].sort(), wanted),
  );
  const indexed = table?.indexes.some(
    (index) => index.unique && !index.predicate && sameColumns([...index.columns].sort(), wanted),
  );
  if (others === true || indexed === true) return;
  for (const user of draft.users(key)) {
    const entry = draft.table(user);
    const constraints = entry?.constraints.filter(
      ({ references }) =>
        !references ||
        draft.referenceKey(references.table) !== key ||
        !sameColumns([...references.columns].sort(), wanted),
    );
    if (entry && constraints && constraints.length < entry.constraints.length)
      draft.set(user, { ...entry, constraints });
  }
}

/** Gives a relation another name or schema; all that refers to it follows. */
export function moveRelation(draft: Draft, from: string, schema: string, name: string): void {
  const to = keyOf(schema, name);
  if (to === from) return;
  const status = draft.status(from);
  if (status === "never") draft.incomplete(from);
  const entry = status === "never" || !status ? undefined : status;
  if (entry?.kind === "index") return moveIndex(draft, from, name);
  draft.set(from, undefined);
  if (!entry || entry.kind === "mentioned") {
    draft.set(to, unknownTable(schema, name));
    return;
  }
  if (entry.kind === "sequence") return draft.set(to, { ...entry, schema, name });
  if (entry.kind !== "table" && entry.kind !== "view" && entry.kind !== "materializedView") return;
  if (entry.kind === "table") {
    const own = entry.triggers.map((trigger) => ({ ...trigger, table: { schema, name } }));
    draft.set(to, { ...entry, schema, name, triggers: own });
    draft.useTypes(
      to,
      [...entry.columns.values()].map(({ type }) => type),
    );
  } else draft.set(to, { ...entry, schema, name });
  const names = entry.kind === "table" ? indexNames(entry) : entry.indexes.map((index) => index.name);
  for (const index of names) {
    if (schema !== entry.schema) draft.set(keyOf(entry.schema, index), undefined);
    draft.set(keyOf(schema, index), { kind: "index", table: to });
  }
  for (const user of draft.users(from)) follow(draft, user === from ? to : user, from, { schema, name });
}

/** ALTER INDEX … RENAME: a constraint's index takes the constraint along. */
function moveIndex(draft: Draft, from: string, to: string): void {
  const { schema, name } = partsOf(from);
  const entry = draft.get(from);
  if (entry?.kind !== "index") return;
  draft.set(from, undefined);
  draft.set(keyOf(schema, to), entry);
  const table = draft.get(entry.table);
  if (table?.kind === "materializedView") {
    const indexes = table.indexes.map((index) => (index.name === name ? { ...index, name: to } : index));
    draft.set(entry.table, { ...table, indexes });
  }
  if (table?.kind !== "table") return;
  draft.set(entry.table, {
    ...table,
    indexes: table.indexes.map((index) => (index.name === name ? { ...index, name: to } : index)),
    constraints: table.constraints.map((each) =>
      each.name === name && hasIndex(each) ? { ...each, name: to } : each,
    ),
  });
}

function follow(draft: Draft, user: string, from: string, to: { schema: string; name: string }): void {
  const entry = draft.get(user);
  const key = keyOf(to.schema, to.name);
  if (entry?.kind === "table") {
    const constraints = entry.constraints.map((constraint) => {
      const { references } = constraint;
      if (!references || draft.referenceKey(references.table) !== from) return constraint;
      const isPlain = references.table.schema === undefined && isRelationKey(key) && !key.includes("\0");
      const table = isPlain ? { name: to.name } : to;
      return { ...constraint, references: { ...references, table } };
    });
    const parents = entry.parents.map((parent) => (parent === from ? key : parent));
    const changed =
      constraints.some((constraint, index) => constraint !== entry.constraints[index]) ||
      entry.parents.includes(from);
    if (changed) draft.set(user, { ...entry, constraints, parents });
  } else if (entry?.kind === "view" || entry?.kind === "materializedView") {
    const uses = entry.uses.map((use) =>
      draft.referenceKey(use.relation) === from ? { ...use, relation: to } : use,
    );
    draft.set(user, { ...entry, uses });
  } else if (entry?.kind === "sequence" && entry.ownedBy) {
    if (draft.referenceKey(entry.ownedBy.table) !== from) return;
    const moved = { ...entry, ownedBy: { ...entry.ownedBy, table: to } };
    if (entry.schema === to.schema) return draft.set(user, moved);
    // SET SCHEMA takes a column's sequence along.
    draft.set(user, undefined);
    draft.set(keyOf(to.schema, entry.name), { ...moved, schema: to.schema });
  }
}

/** DROP TYPE … CASCADE: the columns, domains and functions that have it go too. */
export function dropType(draft: Draft, key: string): void {
  const { schema, name } = partsOf(key);
  const printed = draft.resolvedType(`${schema}.${name}`);
  draft.set(key, undefined);
  for (const user of draft.users(key)) {
    const entry = draft.get(user);
    if (entry?.kind === "table") {
      for (const column of entry.columns.values())
        if (column.type?.replace(/\[\]$/, "") === printed) dropColumn(draft, user, column.name);
    } else if (entry?.kind === "view" || entry?.kind === "materializedView") {
      if (entry.columns?.some(({ type }) => type?.replace(/\[\]$/, "") === printed))
        dropRelation(draft, user);
    } else if (entry?.kind === "composite") {
      const fields = entry.fields.filter(({ type }) => type.replace(/\[\]$/, "") !== printed);
      draft.set(user, { ...entry, fields });
    } else if (entry?.kind === "domain") {
      if (entry.base.replace(/\[\]$/, "") === printed) dropType(draft, user);
    } else if (entry?.kind === "functions") {
      const list = entry.list.filter(
        (each) => !each.arguments.includes(printed) && each.returns?.replace(/\[\]$/, "") !== printed,
      );
      draft.set(user, list.length > 0 ? { ...entry, list } : undefined);
    }
  }
}

/** Another name or schema for a type; columns, domains and functions follow. */
export function moveType(draft: Draft, from: string, schema: string, name: string): void {
  const entry = draft.get(from);
  if (!entry || entry.kind === "mentioned") return;
  const old = partsOf(from);
  const before = draft.resolvedType(`${old.schema}.${old.name}`);
  const to = spaceKey("type", schema, name);
  draft.set(from, undefined);
  if (
    entry.kind !== "enum" &&
    entry.kind !== "domain" &&
    entry.kind !== "composite" &&
    entry.kind !== "opaque"
  )
    return;
  draft.set(to, { ...entry, schema, name });
  const after = draft.resolvedType(`${schema}.${name}`);
  const renamed = (type: string): string =>
    type.replace(/\[\]$/, "") === before ? after + (type.endsWith("[]") ? "[]" : "") : type;
  for (const user of draft.users(from)) {
    const using = draft.get(user);
    if (using?.kind === "table") {
      const columns = new Map(
        [...using.columns].map(([column, each]) => [
          column,
          each.type === undefined ? each : { ...each, type: renamed(each.type) },
        ]),
      );
      draft.set(user, { ...using, columns });
    } else if (using?.kind === "view" || using?.kind === "materializedView") {
      const columns = using.columns?.map((each) =>
        each.type === undefined ? each : { ...each, type: renamed(each.type) },
      );
      draft.set(user, { ...using, columns });
    } else if (using?.kind === "composite") {
      const fields = using.fields.map((field) => ({ ...field, type: renamed(field.type) }));
      draft.set(user, { ...using, fields });
    } else if (using?.kind === "domain") draft.set(user, { ...using, base: renamed(using.base) });
    else if (using?.kind === "functions") {
      const list = using.list.map((each) => ({
        ...each,
        arguments: each.arguments.map(renamed),
        returns: each.returns === undefined ? undefined : renamed(each.returns),
      }));
      draft.set(user, { ...using, list });
    }
    draft.uses(user, to);
  }
}

/** The triggers that call a function that is gone. */
export function dropTriggersOf(draft: Draft, key: string): void {
  for (const user of draft.users(key)) {
    const table = draft.table(user);
    if (!table) continue;
    const triggers = table.triggers.filter((trigger) => draft.functionKeyOf(trigger.function) !== key);
    if (triggers.length < table.triggers.length) draft.set(user, { ...table, triggers });
  }
}

/** Another name or schema for the functions of one name; triggers follow. */
export function moveFunction(
  draft: Draft,
  from: string,
  schema: string,
  name: string,
  isMeant: (argumentTypes: readonly string[]) => boolean,
): void {
  const entry = draft.get(from);
  if (entry?.kind !== "functions") return;
  const moved = entry.list.filter((each) => isMeant(each.arguments));
  const rest = entry.list.filter((each) => !moved.includes(each));
  const to = spaceKey("function", schema, name);
  const there = draft.get(to);
  draft.set(from, rest.length > 0 ? { ...entry, list: rest } : undefined);
  draft.set(to, {
    kind: "functions",
    list: [
      ...(there?.kind === "functions" ? there.list : []),
      ...moved.map((each) => ({ ...each, schema, name })),
    ],
  });
  for (const user of draft.users(from)) {
    const table = draft.table(user);
    if (!table) continue;
    const triggers = table.triggers.map((trigger) =>
      draft.functionKeyOf(trigger.function) === from ? { ...trigger, function: { schema, name } } : trigger,
    );
    draft.set(user, { ...table, triggers });
  }
  for (const { body } of moved) if (body !== undefined) draft.addWords(to, wordsAsNames(body));
}

/** The words of a text, each once, as names are compared: unquoted ones in lower case. */
export function wordsAsNames(text: string): Set<string> {
  const words = text.match(/[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/g) ?? [];
  return new Set([...words, ...words.map((word) => word.toLowerCase())]);
}

/** DROP SCHEMA … CASCADE. */
export function dropSchema(draft: Draft, schema: string): void {
  for (const key of draft.keysIn(schema)) {
    if (isRelationKey(key)) {
      const kind = draft.get(key)?.kind;
      if (kind === "index") draft.set(key, undefined);
      else if (kind !== undefined) dropRelation(draft, key);
    } else if (draft.get(key)?.kind === "functions") {
      draft.set(key, undefined);
      dropTriggersOf(draft, key);
    } else dropType(draft, key);
  }
}

/** ALTER SCHEMA … RENAME TO. */
export function moveSchema(draft: Draft, from: string, to: string): void {
  for (const key of draft.keysIn(from)) {
    const { name } = partsOf(key);
    if (isRelationKey(key)) {
      const kind = draft.get(key)?.kind;
      // Indexes go with their tables, and sequences of columns with those.
      if (kind !== undefined && kind !== "index" && kind !== "mentioned") moveRelation(draft, key, to, name);
    } else if (draft.get(key)?.kind === "functions") moveFunction(draft, key, to, name, () => true);
    else moveType(draft, key, to, name);
  }
}
