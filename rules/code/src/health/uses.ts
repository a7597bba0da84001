import { isBuiltin } from "node:module";
import type { HandlerUses, Use } from "@yantra-lint/core";
import type { TSESTree } from "@typescript-eslint/utils";
import { type Bindings, keyName, type Node, propertyOf, unwrap, type Variable, walk } from "../routes/ast.ts";
import { classOf, typeOfMember } from "./members.ts";
import { changesOf, changesOfMember, isSharedObject } from "./state.ts";

/** Node.js' own modules that open connections or start programs: what they reach stands in their arguments. */
export const CONNECTING =
  /^(?:node:)?(?:https?|http2|net|tls|dgram|dns|child_process|worker_threads|sqlite)(?:\/|$)/;

/** Globals that tell nothing of what is outside of the process. */
const HARMLESS_GLOBALS = new Set(
  "Array Boolean Buffer Date Error Headers Infinity Intl JSON Map Math NaN Number Object Promise Reflect RangeError RegExp Response Set String Symbol TextEncoder TypeError URL URLSearchParams WeakMap clearTimeout console decodeURIComponent encodeURIComponent isNaN module exports parseFloat parseInt performance process queueMicrotask require setImmediate setTimeout structuredClone undefined arguments".split(
    " ",
  ),
);

/** What a handler asks of the request, the reply or the context that it is given. Other members may lead anywhere. */
const REPLYING = new Set(
  "append body charset code contentType end flush format hasHeader header headers headersSent hostname html ip json jsonp length log message method newResponse notFound ok originalUrl params path pathname protocol query raw redirect remove removeHeader render reply req request res response send sendStatus set setHeader status statusCode statusMessage statusText text throw type url vary write writeHead".split(
    " ",
  ),
);

const DATA = new Set(["log", "query", "params", "headers", "body", "url"]);

/** Globals that open connections (nodejs.org/api/globals.html). */
const CONNECTING_GLOBALS = /^(?:fetch|WebSocket|EventSource|WebTransport)$/;

/**
 * What code uses: every import that it names, and what the functions, constants and members of its own file that it
 * names use in turn. Types do not count.
 */
export function usesOf(code: readonly Node[], bindings: Bindings): HandlerUses {
  return new UsesReader(bindings).read(code);
}

class UsesReader {
  readonly #bindings: Bindings;
  readonly #uses = new Map<string, Use>();
  readonly #walked = new Set<Node>();
  readonly #open: Node[] = [];
  readonly #followed = new Set<Variable>();
  /** Places where what the code reads is changed. */
  readonly #changes = new Set<Node>();
  #opaque = false;
  #asks = false;

  constructor(bindings: Bindings) {
    this.#bindings = bindings;
  }

  read(code: readonly Node[]): HandlerUses {
    this.#open.push(...code);
    for (let node = this.#open.pop(); node !== undefined; node = this.#open.pop()) {
      if (this.#walked.has(node)) continue;
      this.#walked.add(node);
      this.#visit(node);
    }
    // Who keeps a state up to date outside of the code that is read may have asked anybody for it.
    const kept = [...this.#changes].some((node) => !this.#isWithin(node));
    return { uses: [...this.#uses.values()], opaque: this.#opaque || kept, asks: this.#asks || kept };
  }

  #visit(root: Node): void {
    const skipped = new Set<Node>();
    const skip = (node: Node | null | undefined): void => {
      if (node) walk(node, (inner) => skipped.add(inner));
    };
    walk(root, (node) => {
      if (skipped.has(node)) return;
      if (node !== root && this.#walked.has(node)) skip(node);
      else if (isType(node) || node.type === "Decorator") skip(node);
      else if (this.#take(node)) skip(node);
      else this.#name(node, skip);
    });
  }

  /** Notes an expression that is another module's export. */
  #take(node: Node): boolean {
    if (node.type === "ImportDeclaration") {
      for (const name of importedNames(node)) this.#use(node.source.value, name);
      return true;
    }
    const isExport = ["MemberExpression", "ImportExpression", "CallExpression", "Identifier"].includes(
      node.type,
    );
    const origin = isExport ? this.#bindings.originOf(node) : undefined;
    if (!origin) return false;
    this.#use(origin.module, origin.name);
    // `a[b()]`: what stands in the brackets is code, too.
    if (node.type === "MemberExpression" && node.computed) this.#open.push(node.property);
    return true;
  }

  #use(specifier: string, name: string): void {
    if (isBuiltin(specifier)) {
      if (CONNECTING.test(specifier)) this.#opaque = this.#asks = true;
    } else this.#uses.set(`${specifier}\0${name}`, { specifier, name });
  }

  #name(node: Node, skip: (node: Node | null | undefined) => void): void {
    switch (node.type) {
      case "MemberExpression":
        if (node.object.type === "ThisExpression") this.#member(node);
        if (!node.computed) skip(node.property);
        return;
      case "Property":
      case "PropertyDefinition":
      case "MethodDefinition":
        if (!node.computed && node.key !== node.value) skip(node.key);
        return;
      case "MetaProperty":
        skip(node);
        return;
      case "LabeledStatement":
      case "BreakStatement":
      case "ContinueStatement":
        skip(node.label);
        return;
      case "Identifier":
        this.#identifier(node);
        return;
      default:
    }
  }

  #identifier(node: TSESTree.Identifier): void {
    const variable = this.#bindings.variableOf(node);
    const [definition] = variable?.defs ?? [];
    if (!variable || !definition) {
      if (!HARMLESS_GLOBALS.has(node.name)) this.#opaque = true;
      if (CONNECTING_GLOBALS.test(node.name)) this.#asks = true;
      return;
    }
    if (definition.type === "Parameter") {
      this.#parameter(node, definition.node);
      return;
    }
    if (this.#followed.has(variable)) return;
    this.#followed.add(variable);
    for (const { node: declared } of variable.defs) this.#follow(declared);
    for (const { writeExpr } of variable.references) if (writeExpr) this.#open.push(writeExpr);
    for (const change of changesOf(variable, this.#bindings)) this.#changes.add(change);
    if (isSharedObject(variable, this.#bindings)) this.#opaque = true;
  }

  #follow(declared: Node): void {
    if (declared.type === "VariableDeclarator") {
      if (declared.init) this.#open.push(declared.init);
      else if (declared.parent.parent.type === "ForOfStatement")
        this.#open.push(declared.parent.parent.right);
    } else if (declared.type === "FunctionDeclaration" || declared.type === "ClassDeclaration") {
      this.#open.push(declared);
    }
  }

  /** A parameter of the code itself is the request or the reply, or comes from code that is read as well. */
  #parameter(node: TSESTree.Identifier, owner: Node): void {
    if (!this.#isWithin(owner)) {
      this.#opaque = this.#asks = true;
      return;
    }
    for (let top: Node = node; ;) {
      const parent: Node | undefined = top.parent;
      if (parent && unwrap(parent) !== parent) top = parent;
      else if (parent?.type === "CallExpression" && parent.callee === top) top = parent;
      else if (parent?.type === "MemberExpression" && parent.object === top) {
        const name = keyName(parent);
        // Below these is what the request says, or a logger.
        if (name !== undefined && DATA.has(name)) return;
        if (name === undefined || !REPLYING.has(name)) {
          // A method of an array or a promise that a callback gets is harmless as well, but cannot be told from others.
          this.#opaque = this.#asks = true;
          return;
        }
        top = parent;
      } else return;
    }
  }

  #isWithin(owner: Node): boolean {
    for (let node: Node | undefined = owner; node; node = node.parent)
      if (this.#walked.has(node)) return true;
    return false;
  }

  /** `this.x`: a member of the class, or what the constructor is given by its type. */
  #member(node: TSESTree.MemberExpression): void {
    const name = keyName(node);
    const body = classOf(node);
    const member = body?.body.find(
      (one) =>
        (one.type === "MethodDefinition" || one.type === "PropertyDefinition") && keyName(one) === name,
    );
    if (member?.type === "MethodDefinition") {
      this.#open.push(member);
      return;
    }
    if (body && name !== undefined && member?.type === "PropertyDefinition" && member.value) {
      this.#open.push(member.value);
      for (const change of changesOfMember(body, name)) this.#changes.add(change);
      return;
    }
    const type = body && name !== undefined ? typeOfMember(body, name) : undefined;
    const origin = type && this.#bindings.originOf(type);
    if (origin) this.#use(origin.module, origin.name);
    else this.#opaque = this.#asks = true;
  }
}

function isType(node: Node): boolean {
  return /^TS(?!AsExpression|NonNull|Satisfies|TypeAssertion|Instantiation|Enum|Export|Import|Parameter)/.test(
    node.type,
  );
}

function importedNames({ importKind, specifiers }: TSESTree.ImportDeclaration): string[] {
  if (importKind === "type") return [];
  if (specifiers.length === 0) return ["default"];
  return specifiers.flatMap((one) => {
    if (one.type !== "ImportSpecifier") return ["default"];
    if (one.importKind === "type") return [];
    return [one.imported.type === "Identifier" ? one.imported.name : one.imported.value];
  });
}

/** The code that runs when a request comes, of a statement, a class member or a property that declares a route. */
export function handlersOf(node: Node): Node[] {
  const inner = unwrap(node.type === "ExpressionStatement" ? node.expression : node);
  if (inner.type !== "CallExpression" || unwrap(inner.callee).type !== "MemberExpression") return [node];
  // `router.get(path, ...middleware, handler)`: what comes before the handler is there for every route.
  const last = inner.arguments.at(-1);
  if (!last || last.type === "Literal") return [node];
  const options = unwrap(last);
  const handler = options.type === "ObjectExpression" ? propertyOf(options, "handler") : undefined;
  return [handler ?? options];
}
