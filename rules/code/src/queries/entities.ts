import type { EntityColumn, EntityFact, Lines } from "@yantra-lint/core";
import type { Node } from "./nodes.ts";

/** A column as a tool's reader finds it. */
export interface FoundColumn extends Omit<
  EntityColumn,
  "startLine" | "startColumn" | "endLine" | "endColumn"
> {
  node: Node;
}

/** An entity's fact; the region is the declaration's name or the whole declaration, as `node` says. */
export function entity(
  tool: EntityFact["tool"],
  name: string,
  table: EntityFact["table"],
  found: readonly FoundColumn[],
  node: Node,
  lines: Lines,
): EntityFact {
  return {
    type: "entity",
    path: "",
    ...lines.region([node.start, node.end]),
    tool,
    name,
    table,
    columns: found.map(({ node: place, ...column }) => ({
      ...column,
      ...lines.region([place.start, place.end]),
    })),
  };
}

/** TypeORM's snakeCase (typeorm/src/util/StringUtils.ts), which typeorm-naming-strategies uses too. */
export function snakeCase(name: string): string {
  return name
    .replace(/([A-Z])([A-Z])([a-z])/g, "$1_$2$3")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase();
}
