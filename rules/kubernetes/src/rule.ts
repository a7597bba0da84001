import { type FileRule, defineRule as defineCoreRule } from "@yantra-lint/core";
import type { KubernetesNode } from "./language/nodes.ts";
import type { KubernetesSourceCode } from "./language/source-code.ts";

/** A visitor of manifest nodes, by type, and by type with `:exit`. */
export type KubernetesVisitor = {
  [Node in KubernetesNode as Node["type"] | `${Node["type"]}:exit`]?: (node: Node) => void;
};

export type KubernetesRule = FileRule<KubernetesSourceCode, KubernetesNode, KubernetesVisitor>;

/** Defines a file rule on the language `yantra/kubernetes`. */
export function defineRule(rule: KubernetesRule): KubernetesRule {
  return defineCoreRule(rule);
}
