import type { QualifiedName } from "@yantra-lint/core";

/** The schema of names without one, unless search_path says otherwise. */
export const DEFAULT_SCHEMA = "public";

/** Where temporary tables live. */
export const TEMPORARY_SCHEMA = "pg_temp";

/** One text for a schema and a relation's name; nearly all are of the default schema, whose keys need no new text. */
export function keyOf(schema: string, name: string): string {
  return schema === DEFAULT_SCHEMA ? name : `${schema}\0${name}`;
}

/** Things that are no relations have names of their own: a type may be called as a table is. */
export type Space = "type" | "function";

const MARKS: Readonly<Record<Space, string>> = { type: "\u0001t", function: "\u0001f" };

/** The key of a type or of the functions of one name. */
export function spaceKey(space: Space, schema: string, name: string): string {
  return `${MARKS[space]}${keyOf(schema, name)}`;
}

/** Whether a key is of a relation: a table, view, index or sequence. */
export function isRelationKey(key: string): boolean {
  return !key.startsWith("\u0001");
}

/** The schema and the name of a key. */
export function partsOf(key: string): Required<QualifiedName> {
  const plain = isRelationKey(key) ? key : key.slice(2);
  const at = plain.indexOf("\0");
  return at < 0
    ? { schema: DEFAULT_SCHEMA, name: plain }
    : { schema: plain.slice(0, at), name: plain.slice(at + 1) };
}

/** The bytes that a name may have (NAMEDATALEN - 1). */
const NAME_BYTES = 63;

function clip(name: string, bytes: number): string {
  if (Buffer.byteLength(name) <= bytes) return name;
  let clipped = name;
  // A character is cut off whole, also one of two UTF-16 units.
  while (Buffer.byteLength(clipped) > bytes) clipped = clipped.replace(/.$/su, "");
  return clipped;
}

/** `name1_name2_label`, the longer of both names cut until it fits (`makeObjectName`, PostgreSQL 18, indexcmds.c). */
function objectName(name1: string, name2: string | undefined, label: string): string {
  const available = NAME_BYTES - Buffer.byteLength(label) - 1 - (name2 === undefined ? 0 : 1);
  let first = Buffer.byteLength(name1);
  let second = name2 === undefined ? 0 : Buffer.byteLength(name2);
  while (first + second > available) {
    if (first > second) first -= 1;
    else second -= 1;
  }
  const parts = [clip(name1, first), ...(name2 === undefined ? [] : [clip(name2, second)]), label];
  return parts.join("_");
}

/** The columns' part of a name (`ChooseIndexNameAddition`, `ChooseForeignKeyConstraintNameAddition`). */
export function columnsPart(columns: readonly string[]): string {
  let text = "";
  for (const column of columns) {
    text = text === "" ? column : `${text}_${column}`;
    if (Buffer.byteLength(text) > NAME_BYTES) break;
  }
  return text;
}

/** The first name that is not taken: the label alone, then with 1, 2, …. */
export function freeName(
  name1: string,
  name2: string | undefined,
  label: string,
  isTaken: (name: string) => boolean,
): string {
  for (let pass = 0; ; pass += 1) {
    const name = objectName(name1, name2, pass === 0 ? label : `${label}${pass}`);
    if (!isTaken(name)) return name;
  }
}
