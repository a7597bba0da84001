import { type Fact, Lines, type RouteFact } from "@yantra-lint/core";
import type { TSESTree } from "@typescript-eslint/utils";
import { isHealthPath } from "../groups.ts";
import { Bindings, type Node, walk } from "../routes/ast.ts";
import type { Code } from "../source.ts";
import { handlersOf, usesOf } from "./uses.ts";

/** More routes than this are not written by hand, and what their handlers have in common would be read for each. */
const MAX_ROUTES = 200;

/** Gives the routes among a file's facts what their handlers use, where the handler can be seen. */
export function withHandlers(code: Code & { ast: TSESTree.Program }, facts: readonly Fact[]): Fact[] {
  if (facts.filter(({ type }) => type === "route").length > MAX_ROUTES) return [...facts];
  const lines = new Lines(code.text);
  const rangeOf = ({ startLine, startColumn, endLine, endColumn }: RouteFact): string => {
    const start = lines.offset({ line: startLine, column: startColumn });
    return `${start}:${lines.offset({ line: endLine, column: endColumn })}`;
  };
  let nodes: Map<string, Node> | undefined;
  let bindings: Bindings | undefined;
  return facts.map((fact) => {
    if (fact.type !== "route" || fact.page) return fact;
    nodes ??= nodesByRange(code.ast);
    bindings ??= new Bindings(code);
    const handler = codeOf(nodes.get(rangeOf(fact)), isHealthPath(fact.routePath));
    return handler ? { ...fact, handler: usesOf(handler, bindings) } : fact;
  });
}

function nodesByRange(program: TSESTree.Program): Map<string, Node> {
  const nodes = new Map<string, Node>();
  walk(program, (node) => nodes.set(node.range.join(":"), node));
  return nodes;
}

/** The code that answers a route, of the place where its path stands: of a check without what every route has. */
function codeOf(place: Node | undefined, check: boolean): Node[] | undefined {
  for (let node = place; node; node = node.parent) {
    if (node.type === "Decorator") return node.parent.type === "MethodDefinition" ? [node.parent] : undefined;
    if (node.type === "CallExpression" && node.callee.type === "MemberExpression") {
      const [last] = node.arguments.slice(-1);
      if (!last || last.type === "Literal") return undefined;
      return check ? handlersOf(node) : [...node.arguments];
    }
    if (/Statement$|Declaration$|Function/.test(node.type)) return undefined;
  }
  return undefined;
}
