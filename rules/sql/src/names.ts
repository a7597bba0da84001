import { displayName, type QualifiedName, quotedName } from "@yantra-lint/core";

/** A name of the catalog as messages write it: the catalog knows the schema of each, and nobody writes `public`. */
export function shortName({ schema, name }: QualifiedName): string {
  return displayName(schema === undefined || schema === "public" ? { name } : { schema, name });
}

/** The keys of an index as messages write them: columns, and expressions as they are. */
export function keysInWords(keys: readonly string[]): string {
  return keys.map((key) => (key.includes("(") ? key : quotedName(key))).join(", ");
}
