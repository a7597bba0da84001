import { type Bindings, keyName, type Node, unwrap, type Variable, walk } from "../routes/ast.ts";

/** Methods that change what they are called on. */
const CHANGING = /^(?:set|add|delete|clear|push|unshift|pop|shift|splice|assign|emit)$/;
const COLLECTION = /^(?:Map|Set|WeakMap|WeakSet|Array|EventEmitter|EventTarget)$/;

/**
 * Places at which a variable, or what it holds, is given something else after it was made: assignments to it and to its
 * members, methods that change it, and, of what this file makes itself, whatever it is handed to. What is written at
 * such a place is a state that some other code keeps up to date.
 */
export function changesOf(variable: Variable, bindings: Bindings): Node[] {
  const own = isOwnObject(variable, bindings);
  return variable.references.flatMap((reference): Node[] => {
    const { identifier, init } = reference;
    return !init && (reference.isWrite() || isChange(identifier, own)) ? [identifier] : [];
  });
}

/** Places of a class at which a member is assigned. */
export function changesOfMember(body: Node, name: string): Node[] {
  const changes: Node[] = [];
  walk(body, (node) => {
    if (node.type === "MemberExpression" && node.object.type === "ThisExpression" && keyName(node) === name)
      if (isChange(node, false)) changes.push(node);
  });
  return changes;
}

function isChange(node: Node, own: boolean): boolean {
  let top = node;
  let method: string | undefined;
  for (let parent = top.parent; parent; parent = top.parent) {
    if (parent.type === "MemberExpression" && parent.object === top) method = keyName(parent);
    else if (unwrap(parent) === parent || parent.type === "AwaitExpression") break;
    top = parent;
  }
  const { parent } = top;
  switch (parent?.type) {
    case "AssignmentExpression":
      return parent.left === top;
    case "UpdateExpression":
      return true;
    case "UnaryExpression":
      return parent.operator === "delete";
    case "CallExpression":
      if (parent.callee === top) return method !== undefined && (own || CHANGING.test(method));
      return own;
    case "NewExpression":
    case "ExportSpecifier":
    case "ExportDefaultDeclaration":
      return own;
    default:
      return false;
  }
}

/** Whether a variable holds an object, a collection or an instance of a class of this file. */
function isOwnObject(variable: Variable, bindings: Bindings): boolean {
  const declared: Node | undefined = variable.defs[0]?.node;
  const init = declared?.type === "VariableDeclarator" && declared.init ? unwrap(declared.init) : undefined;
  if (init?.type === "ObjectExpression" || init?.type === "ArrayExpression") return true;
  if (init?.type !== "NewExpression" || init.callee.type !== "Identifier") return false;
  const made = bindings.variableOf(init.callee)?.defs[0];
  return made?.node.type === "ClassDeclaration" || COLLECTION.test(init.callee.name);
}

/** Whether a variable is exported by its declaration, so that other modules may change what it holds. */
export function isSharedObject(variable: Variable, bindings: Bindings): boolean {
  const declared: Node | undefined = variable.defs[0]?.node;
  return declared?.parent.parent?.type === "ExportNamedDeclaration" && isOwnObject(variable, bindings);
}

/** A binding at the top level that may be assigned, an exported object with a flag, a member that a method assigns. */
const KEEPS =
  /^(?:export\s+)?(?:let|var)\s|^(?:export\s+)?const\s+\w+\b[^=\n]*=\s*\{[^}]{0,2000}?\b\w+\s*:\s*(?:true|false|null|undefined|0|new\s+Date)\b|^(?:export\s+)?const\s+\w+\b[^=\n]*=\s*new\s+(?:Map|Set|EventEmitter|EventTarget)\b|\bstatic\s+(?!readonly\b|async\b)#?\w+[^=;({\n]*=(?![=>])|\bthis\.#?\w+(?:\.\w+)*\s*=(?![=>])/m;

/** Whether a module may keep a state that code elsewhere changes, by its text: what it says then is no constant. */
export function mayKeepState(text: string): boolean {
  return KEEPS.test(text);
}
