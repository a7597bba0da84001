import { displayName, type QualifiedName } from "@yantra-lint/core";

/** A name of the catalog as messages write it: the catalog knows the schema of each, and nobody writes `public`. */
export function shortName({ schema, name }: QualifiedName): string {
  return schema === "public" ? name : displayName(schema === undefined ? { name } : { schema, name });
}
