import { type FileRule, defineRule as defineCoreRule } from "@yantra-lint/core";
import type { DeliveryNode } from "./language/nodes.ts";
import type { DeliverySourceCode } from "./language/source-code.ts";

/** A visitor of nodes, by type, and by type with `:exit`. */
export type DeliveryVisitor = {
  [Node in DeliveryNode as Node["type"] | `${Node["type"]}:exit`]?: (node: Node) => void;
};

export type DeliveryRule = FileRule<DeliverySourceCode, DeliveryNode, DeliveryVisitor>;

/** Defines a file rule on the language `yantra/delivery`. */
export function defineRule(rule: DeliveryRule): DeliveryRule {
  return defineCoreRule(rule);
}
