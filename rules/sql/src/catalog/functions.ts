import { type Draft, made } from "./draft.ts";
import { dropTriggersOf, wordsAsNames } from "./drop.ts";
import { partsOf, spaceKey, TEMPORARY_SCHEMA } from "./names.ts";
import type { Change, SqlFunction } from "./objects.ts";
import type { Origin, Table } from "./table.ts";

export function createFunction(draft: Draft, change: Change<"createFunction">, origin: Origin): void {
  const { what, returns, language, body, volatility } = change;
  const { schema, name } = made(draft, change.name);
  const key = spaceKey("function", schema, name);
  const entry = draft.get(key);
  const list = entry?.kind === "functions" ? entry.list : [];
  const types = change.arguments.map((type) => draft.resolvedType(type));
  const same = list.find((each) => isSame(each.arguments, types));
  const created: SqlFunction = {
    kind: "function",
    what,
    schema,
    name,
    arguments: types,
    returns: returns === undefined ? undefined : draft.resolvedType(returns),
    language,
    volatility,
    body,
    created: same?.created ?? origin,
  };
  draft.set(key, { kind: "functions", list: [...list.filter((each) => each !== same), created] });
  if (schema === TEMPORARY_SCHEMA)
    draft.state = { ...draft.state, temporary: [...draft.state.temporary, key] };
  draft.useTypes(key, [...change.arguments, returns]);
  if (body !== undefined) draft.addWords(key, wordsAsNames(body));
}

export function alterFunction(draft: Draft, change: Change<"alterFunction">): void {
  const key = draft.otherKey("function", change.name);
  const entry = draft.get(key);
  if (entry?.kind !== "functions") return;
  const isOurs = isMeant(draft, entry.list, change.arguments);
  const list = entry.list.map((each) =>
    isOurs(each.arguments) ? { ...each, volatility: change.volatility } : each,
  );
  draft.set(key, { ...entry, list });
}

/** Modifiers of types do not count in a function's signature. */
function isSame(a: readonly string[], b: readonly string[]): boolean {
  const plain = (type: string | undefined): string => (type ?? "").replace(/\([^)]*\)/, "");
  return a.length === b.length && a.every((type, index) => plain(type) === plain(b[index]));
}

export function createTrigger(draft: Draft, change: Change<"createTrigger">): void {
  const { action: _action, replace: _replace, ...trigger } = change;
  const key = draft.relationKey(change.table);
  const functionKey = draft.otherKey("function", change.function);
  const own = { ...trigger, function: partsOf(functionKey), table: partsOf(key) };
  setTrigger(draft, key, own);
}

function setTrigger(draft: Draft, key: string, trigger: Table["triggers"][number]): void {
  const table = draft.table(key);
  if (!table) return;
  const others = table.triggers.filter(({ name }) => name !== trigger.name);
  draft.set(key, { ...table, triggers: [...others, { ...trigger, table: partsOf(key) }] });
  if (!table.partitioned || !trigger.row) return;
  for (const child of draft.children(key)) if (draft.table(child)?.bound) setTrigger(draft, child, trigger);
}

export function dropTrigger(draft: Draft, key: string, name: string): void {
  const table = draft.table(key);
  if (!table) return;
  draft.set(key, { ...table, triggers: table.triggers.filter((trigger) => trigger.name !== name) });
  if (!table.partitioned) return;
  for (const child of draft.children(key)) dropTrigger(draft, child, name);
}

export function dropFunction(draft: Draft, { name, arguments: types }: Change<"drop">): void {
  const key = draft.otherKey("function", name);
  const entry = draft.get(key);
  if (entry?.kind !== "functions") return;
  const list = entry.list.filter((each) => !isMeant(draft, entry.list, types)(each.arguments));
  draft.set(key, list.length > 0 ? { ...entry, list } : undefined);
  if (list.length === 0) dropTriggersOf(draft, key);
}

/** Without arguments the only function of the name is meant; so it is where its arguments cannot be compared. */
export function isMeant(
  draft: Draft,
  list: readonly SqlFunction[],
  types: readonly string[] | undefined,
): (own: readonly string[]) => boolean {
  if (types === undefined || list.length === 1) return () => true;
  const wanted = types.map((type) => draft.resolvedType(type));
  return (own) => isSame(own, wanted);
}
