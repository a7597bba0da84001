import type { Tree } from "./normalise.ts";
import { chainOf, childOf, childrenOf, nameOf, textOf } from "./tree.ts";

/** One step down both trees: the field that the next step, or the difference itself, is in. */
export interface Step {
  before: Tree;
  after: Tree;
  field: string;
  index?: number;
}

/** Where a text stands, seen from the first thing around it that is more than a choice or a sum of texts. */
export type Position =
  | { kind: "jsx-text"; element: string; step: number }
  | { kind: "attribute"; element: string; name: string; step: number }
  | { kind: "property"; name: string; step: number }
  | { kind: "argument"; callee: string[]; index: number; call: Tree; step: number }
  | { kind: "other" };

/** The position of the text at the trail's end. */
export function positionOf(trail: readonly Step[]): Position {
  for (let at = trail.length - 1; at >= 0; at -= 1) {
    const step = trail[at];
    if (!step) break;
    const { after: node, field } = step;
    const parent = trail[at - 1]?.after;
    switch (node.type) {
      case "TemplateLiteral":
        if (parent?.type === "TaggedTemplateExpression") return { kind: "other" };
        continue;
      case "BinaryExpression":
        if (textOf(node, "operator") !== "+") return { kind: "other" };
        continue;
      case "ConditionalExpression":
        if (field === "test") return { kind: "other" };
        continue;
      case "LogicalExpression":
        if (field !== "right") return { kind: "other" };
        continue;
      case "TemplateElement":
      case "Literal":
      case "JSXText":
      case "JSXExpressionContainer":
        continue;
      case "JSXElement":
      case "JSXFragment":
        return { kind: "jsx-text", element: elementOf(node), step: at };
      case "JSXAttribute":
        return {
          kind: "attribute",
          element: parent ? openingName(parent) : "?",
          name: nameOf(node) ?? "?",
          step: at,
        };
      case "Property":
        return field === "value" && node.fields.computed !== true
          ? { kind: "property", name: nameOf(node) ?? "?", step: at }
          : { kind: "other" };
      case "CallExpression":
      case "NewExpression":
        if (field !== "arguments") return { kind: "other" };
        return {
          kind: "argument",
          callee: chainOf(childOf(node, "callee")),
          index: step.index ?? 0,
          call: node,
          step: at,
        };
      default:
        return { kind: "other" };
    }
  }
  return { kind: "other" };
}

function openingName(opening: Tree): string {
  return chainOf(childOf(opening, "name")).join(".");
}

export function elementOf(node: Tree): string {
  const opening = childOf(node, "openingElement");
  return opening ? openingName(opening) : "";
}

/** Whether an element is one of the browser's. */
export function isIntrinsic(element: string): boolean {
  return /^[a-z][a-z\d-]*$/.test(element);
}

/** The attribute of an element, or undefined. */
export function attributeOf(element: Tree | undefined, name: string): Tree | undefined {
  const opening = childOf(element, "openingElement");
  return childrenOf(opening, "attributes").find((attribute) => nameOf(attribute) === name);
}

const FUNCTIONS = new Set(["ArrowFunctionExpression", "FunctionExpression", "FunctionDeclaration"]);

/** What surrounds a place up to the next function or element: names of called functions, of properties, siblings. */
export function surroundings(
  trail: readonly Step[],
  from: number,
): { calls: string[][]; keys: string[]; siblings: Set<string> } {
  const calls: string[][] = [];
  const keys: string[] = [];
  const siblings = new Set<string>();
  for (let at = from; at >= 0; at -= 1) {
    const node = trail[at]?.after;
    if (!node || FUNCTIONS.has(node.type)) break;
    if ((node.type === "CallExpression" || node.type === "NewExpression") && at < from)
      calls.push(chainOf(childOf(node, "callee")));
    else if (node.type === "Property" && at < from) keys.push(nameOf(node) ?? "?");
    else if (node.type === "ObjectExpression" && siblings.size === 0) {
      for (const property of childrenOf(node, "properties")) siblings.add(nameOf(property) ?? "?");
    } else if (node.type === "VariableDeclarator") keys.push(nameOf(childOf(node, "id")) ?? "?");
    else if (node.type === "JSXElement" || node.type === "JSXFragment") break;
  }
  return { calls, keys, siblings };
}
