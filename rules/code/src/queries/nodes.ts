import type { Node, Program } from "oxc-parser";
import { oxcParser } from "../oxc.ts";

export type { Node, Program } from "oxc-parser";
/** The node of a type; classes and functions share one interface for several types. */
export type NodeOf<T extends Node["type"], N = Node> = N extends { type: infer Own }
  ? T extends Own
    ? N
    : never
  : never;

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value;
}

/**
 * Calls `visit` for every node, parents first, in the order of the text, with the nodes around it, innermost last.
 * Without recursion: trees may be deep. `around` is only valid during the call.
 */
export function walk(root: Program, visit: (node: Node, around: readonly Node[]) => void): void {
  const { visitorKeys } = oxcParser();
  const open: (Node | undefined)[] = [root];
  const around: Node[] = [];
  while (open.length > 0) {
    const node = open.pop();
    if (node === undefined) {
      around.pop();
      continue;
    }
    visit(node, around);
    around.push(node);
    // What ends the node, when all below it is done.
    open.push(undefined);
    const keys = visitorKeys[node.type] ?? [];
    for (let index = keys.length - 1; index >= 0; index -= 1) {
      const value: unknown = Reflect.get(node, keys[index] ?? "");
      if (Array.isArray(value)) {
        for (let at = value.length - 1; at >= 0; at -= 1) {
          const child: unknown = value[at];
          if (isNode(child)) open.push(child);
        }
      } else if (isNode(value)) open.push(value);
    }
  }
}

/** The expression inside type assertions, `!`, `await`, parentheses and optional chains. */
export function unwrap(node: Node): Node {
  let inner = node;
  for (;;) {
    switch (inner.type) {
      case "TSAsExpression":
      case "TSNonNullExpression":
      case "TSSatisfiesExpression":
      case "TSTypeAssertion":
      case "TSInstantiationExpression":
      case "ChainExpression":
      case "ParenthesizedExpression":
        inner = inner.expression;
        break;
      case "AwaitExpression":
        inner = inner.argument;
        break;
      default:
        return inner;
    }
  }
}

/** The name of a member access, property or class member that is written out. */
export function nameOf(node: Node): string | undefined {
  switch (node.type) {
    case "MemberExpression":
      return keyText(node.property, node.computed);
    case "Property":
    case "PropertyDefinition":
    case "TSPropertySignature":
    case "MethodDefinition":
      return keyText(node.key, node.computed);
    default:
      return undefined;
  }
}

function keyText(key: Node, computed: boolean): string | undefined {
  if (key.type === "Identifier") return computed ? undefined : key.name;
  if (key.type === "PrivateIdentifier") return `#${key.name}`;
  return key.type === "Literal" && typeof key.value === "string" ? key.value : undefined;
}

/** The value of a property of an object literal. */
export function propertyOf(object: NodeOf<"ObjectExpression">, name: string): Node | undefined {
  for (const property of object.properties) {
    if (property.type === "Property" && nameOf(property) === name) return unwrap(property.value);
  }
  return undefined;
}

/** The text of a literal, or of a template without expressions. */
export function literalText(node: Node | undefined): string | undefined {
  if (!node) return undefined;
  const inner = unwrap(node);
  if (inner.type === "Literal") return typeof inner.value === "string" ? inner.value : undefined;
  if (inner.type !== "TemplateLiteral" || inner.expressions.length > 0) return undefined;
  return inner.quasis[0]?.value.cooked ?? undefined;
}

/** The identifier at the root of a chain of members and calls: `a` of `a.b().c`. */
export function rootOf(node: Node): NodeOf<"Identifier"> | undefined {
  let inner = unwrap(node);
  for (;;) {
    if (inner.type === "Identifier") return inner;
    if (inner.type === "MemberExpression") inner = unwrap(inner.object);
    else if (inner.type === "CallExpression" || inner.type === "NewExpression") inner = unwrap(inner.callee);
    else if (inner.type === "TaggedTemplateExpression") inner = unwrap(inner.tag);
    else return undefined;
  }
}
