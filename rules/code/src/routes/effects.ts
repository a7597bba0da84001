import {
  asFunction,
  type Bindings,
  type FunctionNode,
  isLocalModule,
  type Node,
  type Origin,
  unwrap,
  walk,
} from "./ast.ts";
import { type Effect, effectOf as effectOfModule } from "./modules.ts";

/**
 * What middleware does to paths. A function of this file passes requests on unless it takes fewer parameters than
 * `arity`, so that it gets no `next`, and never says 404: then it answers everything.
 */
export function effectOf(node: Node, arity: number, bindings: Bindings, depth = 0): Effect | "everything" {
  const inner = unwrap(node);
  if (depth > 4) return "passes";
  const fn = bindings.functionOf(inner);
  if (fn) return depth === 0 && answersAll(fn, arity) ? "everything" : "passes";
  const origin = bindings.originOf(inner);
  if (origin) return effectOfModule(origin);
  switch (inner.type) {
    case "CallExpression":
    case "NewExpression":
      return effectOf(inner.callee, arity, bindings, depth + 1);
    case "MemberExpression":
      return effectOf(inner.object, arity, bindings, depth + 1);
    case "Identifier": {
      const variable = bindings.variableOf(inner);
      const value = variable && bindings.valueOf(variable);
      return value ? effectOf(value, arity, bindings, depth + 1) : "passes";
    }
    default:
      return "passes";
  }
}

/** Whether a value comes from another file of the repository, or from where it cannot be seen. */
export function isOfRepository(node: Node, bindings: Bindings): boolean {
  const inner = unwrap(node);
  if (inner.type === "CallExpression" || inner.type === "NewExpression")
    return isOfRepository(inner.callee, bindings);
  const origin = bindings.originOf(inner);
  if (origin) return isLocalModule(origin.module);
  if (inner.type === "MemberExpression") return isOfRepository(inner.object, bindings);
  if (inner.type !== "Identifier") return true;
  const variable = bindings.variableOf(inner);
  const value = variable && bindings.valueOf(variable);
  return value ? asFunction(value) === undefined && isOfRepository(value, bindings) : true;
}

/** What an expression that gives a router was imported as: `router`, `router.routes()`, `make(router)`. */
export function originWithin(node: Node, bindings: Bindings): Origin | undefined {
  const inner = unwrap(node);
  const origin = bindings.originOf(inner);
  if (origin) return origin;
  if (inner.type === "CallExpression") return originWithin(inner.callee, bindings);
  return inner.type === "MemberExpression" ? originWithin(inner.object, bindings) : undefined;
}

function answersAll(fn: FunctionNode, arity: number): boolean {
  // A handler without any parameter, or with `next`, or (Express) with an error before it, is another matter.
  if (fn.params.length >= arity || fn.params.length === 0) return false;
  let words = "";
  walk(fn, (node) => {
    if (node.type === "Literal") words += ` ${String(node.value)}`;
    else if (node.type === "Identifier") words += ` ${node.name}`;
  });
  return !/\b(?:404|NOT_FOUND|NotFound\w*|next)\b/i.test(words);
}
