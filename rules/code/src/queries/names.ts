import { nameOf, type Node, type NodeOf, type Program, unwrap, walk } from "./nodes.ts";

/** What a name stands for. `scope`: the offsets between which it does. */
export type Declaration = { name: string; scope: readonly [number, number] } & (
  | { kind: "import"; module: string; imported: string }
  /** `path`: the property that a pattern takes from the initialiser. `constant`: it is never assigned again. */
  | {
      kind: "variable";
      init: Node | undefined;
      annotation: Node | undefined;
      path?: string;
      constant: boolean;
    }
  /** `callee`: what is called with the function whose parameter this is. */
  | { kind: "parameter"; annotation: Node | undefined; callee: Node | undefined }
  | { kind: "type"; node: NodeOf<"TSInterfaceDeclaration"> | NodeOf<"TSTypeAliasDeclaration"> }
  | { kind: "other" }
);

/** A property of `this`: its type as written and what it is set to. */
interface Property {
  annotation: Node | undefined;
  value: Node | undefined;
}

const MAX_DEPTH = 12;

/** oxc has one interface for declarations and expressions. */
type FunctionNode = NodeOf<"FunctionDeclaration"> | NodeOf<"ArrowFunctionExpression">;

function isFunction(node: Node): node is FunctionNode {
  return (
    node.type === "FunctionDeclaration" ||
    node.type === "FunctionExpression" ||
    node.type === "ArrowFunctionExpression"
  );
}

/**
 * Which name means what in one file. oxc-parser gives no scopes; blocks and functions suffice to tell the few names
 * apart that queries are made with (`var` is taken for `let`).
 */
export class Names {
  readonly #byName = new Map<string, Declaration[]>();
  /** By the name alone: a file rarely has two classes that keep different databases under one name. */
  readonly #properties = new Map<string, Property>();
  /** Modules that the file imports or requires. */
  readonly modules = new Set<string>();

  /** `visit`: called for each node on the way, with the one around it, so that the tree is gone through once. */
  constructor(program: Program, visit: (node: Node, parent: Node | undefined) => void = () => undefined) {
    const reassigned: [string, number][] = [];
    walk(program, (node, around) => {
      visit(node, around.at(-1));
      switch (node.type) {
        case "ImportDeclaration":
          this.#addImport(node);
          break;
        case "VariableDeclaration":
          this.#addVariables(node, scopeAround(around));
          break;
        case "FunctionDeclaration":
        case "FunctionExpression":
        case "ArrowFunctionExpression":
          this.#addFunction(node, around);
          break;
        case "ClassDeclaration":
          if (node.id) this.#add({ kind: "other", name: node.id.name, scope: scopeAround(around) });
          break;
        case "TSInterfaceDeclaration":
        case "TSTypeAliasDeclaration":
          this.#add({ kind: "type", node, name: node.id.name, scope: scopeAround(around) });
          break;
        case "PropertyDefinition": {
          const name = nameOf(node);
          if (name) this.#addProperty(name, node.typeAnnotation?.typeAnnotation, node.value ?? undefined);
          break;
        }
        case "AssignmentExpression":
          if (node.left.type === "MemberExpression" && node.left.object.type === "ThisExpression") {
            const name = nameOf(node.left);
            if (name) this.#addProperty(name, undefined, node.right);
          } else if (node.left.type === "Identifier") reassigned.push([node.left.name, node.start]);
          break;
        case "CallExpression": {
          const [first] = node.arguments;
          if (
            node.callee.type === "Identifier" &&
            node.callee.name === "require" &&
            first?.type === "Literal"
          )
            this.modules.add(String(first.value));
          break;
        }
        default:
          break;
      }
    });
    for (const [name, at] of reassigned) {
      const declaration = this.resolve(name, at);
      if (declaration?.kind === "variable") declaration.constant = false;
    }
  }

  /** What a name means at an offset: the innermost declaration around it. */
  resolve(name: string, at: number): Declaration | undefined {
    let best: Declaration | undefined;
    for (const declaration of this.#byName.get(name) ?? []) {
      const [start, end] = declaration.scope;
      if (at < start || at >= end) continue;
      if (!best || end - start <= best.scope[1] - best.scope[0]) best = declaration;
    }
    return best;
  }

  property(name: string): Property | undefined {
    return this.#properties.get(name);
  }

  /** The value that a name of this file always has. */
  valueOf(node: Node): Node | undefined {
    if (node.type === "MemberExpression") {
      const name = nameOf(node);
      if (node.object.type === "ThisExpression") {
        const value = name === undefined ? undefined : this.#properties.get(name)?.value;
        return value && unwrap(value);
      }
      if (node.object.type !== "Identifier" || name === undefined) return undefined;
      const object = this.valueOf(node.object);
      if (object?.type !== "ObjectExpression") return undefined;
      const found = object.properties.find((each) => each.type === "Property" && nameOf(each) === name);
      return found?.type === "Property" ? unwrap(found.value) : undefined;
    }
    if (node.type !== "Identifier") return undefined;
    const found = this.resolve(node.name, node.start);
    if (found?.kind !== "variable" || !found.constant || !found.init || found.path !== undefined)
      return undefined;
    return unwrap(found.init);
  }

  /**
   * The module that an expression comes from: `pg` for `new Pool()`, for the client that `await pool.connect()` gives,
   * for `this.pool` of type Pool. `name`: what is imported of it. Undefined when the file does not show it.
   */
  originOf(node: Node, depth = 0): { module: string; name: string } | undefined {
    if (depth > MAX_DEPTH) return undefined;
    const inner = unwrap(node);
    switch (inner.type) {
      case "Identifier": {
        const found = this.resolve(inner.name, inner.start);
        return found && this.#originOfDeclaration(found, depth + 1);
      }
      case "MemberExpression": {
        const name = nameOf(inner);
        if (inner.object.type !== "ThisExpression") return this.originOf(inner.object, depth + 1);
        const property = name === undefined ? undefined : this.#properties.get(name);
        return (
          (property?.annotation && this.#originOfType(property.annotation, depth + 1)) ??
          (property?.value && this.originOf(property.value, depth + 1))
        );
      }
      case "CallExpression": {
        const [first] = inner.arguments;
        if (inner.callee.type === "Identifier" && inner.callee.name === "require")
          return first?.type === "Literal" && typeof first.value === "string"
            ? { module: first.value, name: "default" }
            : undefined;
        return this.originOf(inner.callee, depth + 1);
      }
      case "NewExpression":
        return this.originOf(inner.callee, depth + 1);
      case "LogicalExpression":
        return this.originOf(inner.left, depth + 1) ?? this.originOf(inner.right, depth + 1);
      default:
        return undefined;
    }
  }

  #originOfDeclaration(found: Declaration, depth: number): { module: string; name: string } | undefined {
    switch (found.kind) {
      case "import":
        return { module: found.module, name: found.imported };
      case "variable":
        return (
          (found.annotation && this.#originOfType(found.annotation, depth)) ??
          (found.init && this.originOf(found.init, depth))
        );
      case "parameter":
        return (
          (found.annotation && this.#originOfType(found.annotation, depth)) ??
          (found.callee && this.originOf(found.callee, depth))
        );
      default:
        return undefined;
    }
  }

  #originOfType(node: Node, depth: number): { module: string; name: string } | undefined {
    if (depth > MAX_DEPTH) return undefined;
    if (node.type === "TSUnionType") {
      for (const part of node.types) {
        const origin = this.#originOfType(part, depth + 1);
        if (origin) return origin;
      }
      return undefined;
    }
    if (node.type !== "TSTypeReference") return undefined;
    let name: Node = node.typeName;
    while (name.type === "TSQualifiedName") name = name.left;
    if (name.type !== "Identifier") return undefined;
    const found = this.resolve(name.name, name.start);
    return found?.kind === "import" ? { module: found.module, name: found.imported } : undefined;
  }

  #add(declaration: Declaration): void {
    const known = this.#byName.get(declaration.name);
    if (known) known.push(declaration);
    else this.#byName.set(declaration.name, [declaration]);
  }

  #addProperty(name: string, annotation: Node | undefined, value: Node | undefined): void {
    const known = this.#properties.get(name);
    this.#properties.set(name, {
      annotation: known?.annotation ?? annotation,
      value: known?.value ?? value,
    });
  }

  #addImport(node: NodeOf<"ImportDeclaration">): void {
    const module = node.source.value;
    this.modules.add(module);
    for (const specifier of node.specifiers) {
      const named = specifier.type === "ImportSpecifier" ? specifier.imported : undefined;
      const imported = named?.type === "Identifier" ? named.name : (named?.value ?? "default");
      this.#add({ kind: "import", module, imported, name: specifier.local.name, scope: [0, Infinity] });
    }
  }

  #addVariables(node: NodeOf<"VariableDeclaration">, scope: readonly [number, number]): void {
    for (const { id, init } of node.declarations) {
      const rest = { kind: "variable" as const, scope, init: init ?? undefined, constant: true };
      if (id.type === "Identifier") {
        this.#add({ ...rest, name: id.name, annotation: id.typeAnnotation?.typeAnnotation });
      } else if (id.type === "ObjectPattern") {
        for (const property of id.properties) {
          if (property.type !== "Property" || property.value.type !== "Identifier") continue;
          const path = nameOf(property) ?? "";
          this.#add({ ...rest, path, name: property.value.name, annotation: undefined });
        }
      } else if (id.type === "ArrayPattern") {
        for (const element of id.elements) {
          if (element?.type === "Identifier")
            this.#add({ ...rest, path: "", name: element.name, annotation: undefined });
        }
      }
    }
  }

  #addFunction(node: FunctionNode, around: readonly Node[]): void {
    if (node.type === "FunctionDeclaration" && node.id)
      this.#add({ kind: "other", name: node.id.name, scope: scopeAround(around) });
    const scope: readonly [number, number] = [node.start, node.end];
    const parent = around.at(-1);
    const isArgument = parent?.type === "CallExpression" && parent.arguments.some((each) => each === node);
    for (const parameter of node.params) {
      const own = parameter.type === "TSParameterProperty";
      let pattern: Node = own ? parameter.parameter : parameter;
      if (pattern.type === "AssignmentPattern") pattern = pattern.left;
      if (pattern.type === "Identifier") {
        const annotation = pattern.typeAnnotation?.typeAnnotation;
        const callee = isArgument ? parent.callee : undefined;
        this.#add({ kind: "parameter", name: pattern.name, scope, annotation, callee });
        if (own) this.#addProperty(pattern.name, annotation, undefined);
      } else if (pattern.type === "ObjectPattern") {
        for (const property of pattern.properties) {
          if (property.type === "Property" && property.value.type === "Identifier")
            this.#add({ kind: "other", name: property.value.name, scope });
        }
      }
    }
  }
}

function scopeAround(around: readonly Node[]): readonly [number, number] {
  for (let index = around.length - 1; index >= 0; index -= 1) {
    const node = around[index];
    if (!node || node.type === "Program") break;
    if (
      isFunction(node) ||
      node.type === "BlockStatement" ||
      node.type === "ForStatement" ||
      node.type === "ForOfStatement" ||
      node.type === "StaticBlock" ||
      node.type === "TSModuleBlock"
    )
      return [node.start, node.end];
  }
  return [0, Infinity];
}
