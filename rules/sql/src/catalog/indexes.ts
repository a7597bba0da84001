import type { Draft } from "./draft.ts";
import { columnsPart, keyOf } from "./names.ts";
import { type Index, sameColumns } from "./table.ts";

/** Adds an index, under the name that PostgreSQL gives it when it has none, and to the partitions. */
export function addIndex(draft: Draft, key: string, index: Index, only: boolean): void {
  const entry = draft.get(key);
  if (entry?.kind !== "table" && entry?.kind !== "view" && entry?.kind !== "materializedView") return;
  const certain = entry.kind !== "table" || entry.complete;
  const name =
    index.name ??
    (certain
      ? draft.relationName(entry.schema, [entry.name, columnsPart(index.nameParts), "idx"], false)
      : undefined);
  if (entry.kind === "table") {
    const valid = index.valid && !(only && entry.partitioned);
    draft.set(key, { ...entry, indexes: [...entry.indexes, { ...index, name, valid }] });
  } else if (name !== undefined) {
    const { columns, unique } = index;
    draft.set(key, { ...entry, indexes: [...entry.indexes, { name, columns, unique }] });
  }
  if (name !== undefined) draft.set(keyOf(entry.schema, name), { kind: "index", table: key });
  if (only || entry.kind !== "table") return;
  for (const child of draft.children(key)) {
    if (draft.table(child)?.bound !== undefined) inheritIndex(draft, child, index);
  }
}

/** A partition has an index for each of its parent's, unless it has one alike. */
export function inheritIndex(draft: Draft, child: string, index: Index): void {
  const alike = draft
    .table(child)
    ?.indexes.some(
      (each) =>
        each.unique === index.unique &&
        each.method === index.method &&
        each.predicate === index.predicate &&
        sameColumns(each.columns, index.columns),
    );
  if (!alike) addIndex(draft, child, { ...index, name: undefined, valid: true }, false);
}
