import { type Location, regionOf } from "@yantra-lint/core";
import type { Node } from "./ast.ts";

/** A node's place, the path left to the engine. ESTree's columns are 0-based. */
export function place(node: Node): Location {
  const { start, end } = node.loc;
  const region = regionOf({
    start: { line: start.line, column: start.column + 1 },
    end: { line: end.line, column: end.column + 1 },
  });
  return { path: "", ...region };
}
