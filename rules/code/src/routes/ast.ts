import type { TSESLint, TSESTree } from "@typescript-eslint/utils";
import type { Code } from "../source.ts";

export type Node = TSESTree.Node;
export type Variable = TSESLint.Scope.Variable;
export type FunctionNode =
  TSESTree.ArrowFunctionExpression | TSESTree.FunctionExpression | TSESTree.FunctionDeclaration;

/** What a value was imported or required as: `default` for a default import, a namespace or a whole module. */
export interface Origin {
  module: string;
  name: string;
}

const NOT_CHILDREN = new Set(["parent", "loc", "range", "tokens", "comments", "type"]);

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

/** Calls `visit` for every node below and including `node`, parents first, in the order of the text. */
export function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const [key, value] of Object.entries(node)) {
    if (NOT_CHILDREN.has(key)) continue;
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) walk(item, visit);
    } else if (isNode(value)) walk(value, visit);
  }
}

/**
 * Gives every node its `parent`, as ESLint does while it traverses. @typescript-eslint/parser leaves that to
 * ESLint, so a tree that ESLint has not seen has none.
 */
export function ensureParents(root: TSESTree.Program): void {
  if (root.body.every((statement) => "parent" in statement)) return;
  const open: Node[] = [root];
  for (let parent = open.pop(); parent !== undefined; parent = open.pop()) {
    for (const [key, value] of Object.entries(parent)) {
      if (NOT_CHILDREN.has(key)) continue;
      for (const child of Array.isArray(value) ? value : [value]) {
        if (!isNode(child)) continue;
        Object.assign(child, { parent });
        open.push(child);
      }
    }
  }
}

/** The expression inside type assertions, `!`, `await` and optional chains. */
export function unwrap(node: Node): Node {
  switch (node.type) {
    case "TSAsExpression":
    case "TSNonNullExpression":
    case "TSSatisfiesExpression":
    case "TSTypeAssertion":
    case "TSInstantiationExpression":
    case "ChainExpression":
      return unwrap(node.expression);
    case "AwaitExpression":
      return unwrap(node.argument);
    default:
      return node;
  }
}

/** The name of a property or key that is written out: `a.b`, `a["b"]`, `{ b: … }`, `{ "b": … }`. */
export function keyName(
  node:
    TSESTree.MemberExpression | TSESTree.Property | TSESTree.PropertyDefinition | TSESTree.MethodDefinition,
): string | undefined {
  const key: Node = node.type === "MemberExpression" ? node.property : node.key;
  if (key.type === "Identifier" && !node.computed) return key.name;
  if (key.type === "PrivateIdentifier") return `#${key.name}`;
  return key.type === "Literal" && typeof key.value === "string" ? key.value : undefined;
}

/** The value of a property of an object literal; undefined when it is absent. */
export function propertyOf(object: TSESTree.ObjectExpression, name: string): Node | undefined {
  for (const property of object.properties) {
    if (property.type === "Property" && keyName(property) === name) return property.value;
  }
  return undefined;
}

/** Whether an object literal takes in another object, whose members are not seen. */
export function hasSpread(object: TSESTree.ObjectExpression): boolean {
  return object.properties.some((property) => property.type === "SpreadElement");
}

/** The function a node is, or undefined. */
export function asFunction(node: Node | undefined): FunctionNode | undefined {
  switch (node?.type) {
    case "ArrowFunctionExpression":
    case "FunctionExpression":
    case "FunctionDeclaration":
      return node;
    default:
      return undefined;
  }
}

/** Whether a module name means a file of the repository (or an alias for one) rather than a package. */
export function isLocalModule(module: string): boolean {
  return /^(?:\.{0,2}\/|\.{1,2}$|[@~#]\/|~|#|src\/|app\/)/.test(module);
}

const MAX_DEPTH = 8;

/** Which name means what in one file; answers come from ESLint's scope analysis. */
export class Bindings {
  readonly #resolved = new Map<Node, Variable>();

  constructor(code: Code) {
    for (const scope of code.scopeManager?.scopes ?? []) {
      for (const reference of scope.references) {
        if (reference.resolved) this.#resolved.set(reference.identifier, reference.resolved);
      }
      for (const variable of scope.variables) {
        for (const identifier of variable.identifiers) this.#resolved.set(identifier, variable);
      }
    }
  }

  variableOf(identifier: Node): Variable | undefined {
    return this.#resolved.get(identifier);
  }

  /** The value a variable has for good: its initialiser when nothing else is ever assigned. */
  valueOf(variable: Variable): Node | undefined {
    const [definition, ...more] = variable.defs;
    if (!definition || more.length > 0) return undefined;
    if (definition.node.type === "FunctionDeclaration") return definition.node;
    if (definition.node.type !== "VariableDeclarator" || definition.node.id.type !== "Identifier")
      return undefined;
    const writes = variable.references.filter((reference) => reference.isWrite());
    if (definition.node.init) return writes.length <= 1 ? unwrap(definition.node.init) : undefined;
    // `let app; … app = express();`
    const [write, ...others] = writes;
    return others.length === 0 && write?.writeExpr ? unwrap(write.writeExpr) : undefined;
  }

  /** The function an expression is, directly or through a name of this file. */
  functionOf(node: Node): FunctionNode | undefined {
    const inner = unwrap(node);
    if (inner.type !== "Identifier") return asFunction(inner);
    const variable = this.variableOf(inner);
    return variable && asFunction(this.valueOf(variable));
  }

  /** Which module's export an expression is; undefined when it is none. */
  originOf(node: Node, depth = 0): Origin | undefined {
    if (depth > MAX_DEPTH) return undefined;
    const inner = unwrap(node);
    switch (inner.type) {
      case "Identifier": {
        const variable = this.variableOf(inner);
        return variable && this.#originOfVariable(variable, depth + 1);
      }
      case "MemberExpression": {
        const object = this.originOf(inner.object, depth + 1);
        const name = keyName(inner);
        if (!object || name === undefined) return undefined;
        return { module: object.module, name: object.name === "default" ? name : `${object.name}.${name}` };
      }
      case "CallExpression": {
        const [argument] = inner.arguments;
        const isRequire = inner.callee.type === "Identifier" && inner.callee.name === "require";
        if (!isRequire || argument?.type !== "Literal" || typeof argument.value !== "string")
          return undefined;
        return { module: argument.value, name: "default" };
      }
      case "ImportExpression":
        return inner.source.type === "Literal" && typeof inner.source.value === "string"
          ? { module: inner.source.value, name: "default" }
          : undefined;
      default:
        return undefined;
    }
  }

  #originOfVariable(variable: Variable, depth: number): Origin | undefined {
    const [definition] = variable.defs;
    if (!definition) return undefined;
    const node: Node = definition.node;
    switch (node.type) {
      case "ImportDefaultSpecifier":
      case "ImportNamespaceSpecifier":
      case "ImportSpecifier": {
        const parent = node.parent;
        if (parent.type !== "ImportDeclaration") return undefined;
        const imported = node.type === "ImportSpecifier" ? node.imported : undefined;
        const name = imported?.type === "Identifier" ? imported.name : (imported?.value ?? "default");
        return { module: parent.source.value, name };
      }
      case "TSImportEqualsDeclaration": {
        const reference = node.moduleReference;
        if (reference.type !== "TSExternalModuleReference") return undefined;
        return { module: reference.expression.value, name: "default" };
      }
      case "VariableDeclarator": {
        if (!node.init) return undefined;
        if (node.id.type === "Identifier") return this.originOf(node.init, depth);
        if (node.id.type !== "ObjectPattern") return undefined;
        const origin = this.originOf(node.init, depth);
        const property = node.id.properties.find(
          (candidate) => candidate.type === "Property" && candidate.value === definition.name,
        );
        const name = property?.type === "Property" ? keyName(property) : undefined;
        return origin && name ? { module: origin.module, name } : undefined;
      }
      default:
        return undefined;
    }
  }

  /**
   * The text an expression always has: literals, templates and sums of such, constants of this file, members of
   * constant objects and string enums; undefined when it depends on anything else.
   */
  text(node: Node, depth = 0): string | undefined {
    if (depth > MAX_DEPTH) return undefined;
    const inner = unwrap(node);
    switch (inner.type) {
      case "Literal":
        return typeof inner.value === "string" ? inner.value : undefined;
      case "TemplateLiteral": {
        let text = inner.quasis[0]?.value.cooked ?? "";
        for (const [index, expression] of inner.expressions.entries()) {
          const part = this.text(expression, depth + 1);
          if (part === undefined) return undefined;
          text += part + (inner.quasis[index + 1]?.value.cooked ?? "");
        }
        return text;
      }
      case "BinaryExpression": {
        if (inner.operator !== "+") return undefined;
        const left = this.text(inner.left, depth + 1);
        const right = this.text(inner.right, depth + 1);
        return left === undefined || right === undefined ? undefined : left + right;
      }
      case "Identifier": {
        const variable = this.variableOf(inner);
        const value = variable && this.valueOf(variable);
        return value && this.text(value, depth + 1);
      }
      case "MemberExpression":
        return this.#textOfMember(inner, depth);
      default:
        return undefined;
    }
  }

  #textOfMember(node: TSESTree.MemberExpression, depth: number): string | undefined {
    const name = keyName(node);
    const object = this.#objectOf(node.object, depth + 1);
    if (!name || !object) return undefined;
    if (object.type === "ObjectExpression") {
      const value = propertyOf(object, name);
      return value && this.text(value, depth + 1);
    }
    const member = object.body.members.find(
      ({ id }) => (id.type === "Identifier" ? id.name : id.value) === name,
    );
    return member?.initializer && this.text(member.initializer, depth + 1);
  }

  #objectOf(node: Node, depth: number): TSESTree.ObjectExpression | TSESTree.TSEnumDeclaration | undefined {
    if (depth > MAX_DEPTH) return undefined;
    const inner = unwrap(node);
    if (inner.type === "ObjectExpression") return inner;
    if (inner.type === "MemberExpression") {
      const object = this.#objectOf(inner.object, depth + 1);
      const name = keyName(inner);
      const value = object?.type === "ObjectExpression" && name ? propertyOf(object, name) : undefined;
      return value && this.#objectOf(value, depth + 1);
    }
    if (inner.type !== "Identifier") return undefined;
    const variable = this.variableOf(inner);
    const definition = variable?.defs[0]?.node;
    if (definition?.type === "TSEnumDeclaration") return definition;
    const value = variable && this.valueOf(variable);
    return value && this.#objectOf(value, depth + 1);
  }

  /** The texts of a text or an array of texts; undefined when one of them cannot be read. */
  texts(node: Node): string[] | undefined {
    const inner = unwrap(node);
    if (inner.type === "Identifier") {
      const variable = this.variableOf(inner);
      const value = variable && this.valueOf(variable);
      if (value?.type === "ArrayExpression") return this.texts(value);
    }
    if (inner.type !== "ArrayExpression") {
      const text = this.text(inner);
      return text === undefined ? undefined : [text];
    }
    const texts: string[] = [];
    for (const element of inner.elements) {
      const text = element ? this.text(element) : undefined;
      if (text === undefined) return undefined;
      texts.push(text);
    }
    return texts;
  }
}
