import type { DynamicRoutesFact, Fact, RouteFact, RoutePrefixFact } from "@yantra-lint/core";
import type { TSESTree } from "@typescript-eslint/utils";
import type { Code } from "../source.ts";
import {
  asFunction,
  Bindings,
  type FunctionNode,
  isLocalModule,
  keyName,
  type Node,
  unwrap,
  type Variable,
  walk,
} from "./ast.ts";
import { originWithin } from "./effects.ts";
import type { CallNode, Creation, Framework, Router } from "./framework.ts";
import { joinPaths, patternsOf } from "./paths.ts";
import { place } from "./place.ts";

const GUESSED_NAME = /^(?:app|router|server|fastify|instance)$|(?:App|Router|Routes)$/;

/** Reads all routers of one file, whatever their framework, and the routes on them. */
export class RouterFile {
  readonly bindings: Bindings;
  readonly #frameworks: readonly Framework[];
  readonly #guess: Framework | undefined;
  readonly #byNode = new Map<Node, Router | undefined>();
  readonly #byVariable = new Map<Variable, Router | undefined>();
  readonly #byMember = new Map<Node, Map<string, Router | undefined>>();
  readonly #routers: Router[] = [];
  readonly #mounted = new Set<Node>();
  readonly #leaving: { router: Router; node: Node }[] = [];
  readonly #prefixes: { router: Router; prefix: string; node: Node; module: string | undefined }[] = [];
  readonly #dynamic: DynamicRoutesFact[] = [];

  constructor(code: Code & { ast: TSESTree.Program }, frameworks: readonly Framework[]) {
    this.bindings = new Bindings(code);
    this.#frameworks = frameworks;
    this.#guess =
      frameworks.find(({ name }) =>
        new RegExp(`["'\`](?:@?${name}[/"'\`-]|${name}["'\`])`).test(code.text),
      ) ?? frameworks.find(({ name }) => name === (/\bfastify\b/.test(code.text) ? "fastify" : "express"));
    walk(code.ast, (node) => {
      if (node.type === "CallExpression") this.#visitCall(node);
      else if (node.type === "NewExpression") this.routerOf(node);
    });
  }

  facts(): Fact[] {
    const routes = this.#routers.flatMap((router) => this.#routesOf(router));
    return [...routes, ...this.#prefixFacts(), ...this.#dynamic];
  }

  #prefixFacts(): RoutePrefixFact[] {
    return this.#prefixes.flatMap(({ router, prefix: inner, node, module }) =>
      this.#prefixesOf(router).flatMap((outer): RoutePrefixFact[] => {
        const prefix = joinPaths(outer.prefix, inner);
        if (prefix === "/" && module === undefined) return [];
        return [
          {
            type: "routePrefix",
            ...place(node),
            framework: router.framework.name,
            prefix: prefix === "/" ? "" : prefix,
            except: [],
            ...(module === undefined ? {} : { module }),
          },
        ];
      }),
    );
  }

  #visitCall(call: TSESTree.CallExpression): void {
    const callee = unwrap(call.callee);
    if (callee.type !== "MemberExpression") {
      this.routerOf(call);
      this.#noteServer(call);
      return;
    }
    const method = keyName(callee);
    const router = this.routerOf(callee.object, call);
    this.#noteServer(call);
    if (!router) {
      this.routerOf(call);
      return;
    }
    if (method === "listen" || method === "callback" || method === "fire") router.listens = true;
    if (method !== undefined) router.framework.call(router, method, call, this);
    else if (call.arguments.length >= 2 && !router.guessed) {
      this.dynamic(router, call, "the method's name is computed");
    }
  }

  /** `serve(app)` of a framework's own package or of Node: a server gets the application, not another router. */
  #noteServer(call: TSESTree.CallExpression): void {
    const module = this.bindings.originOf(call.callee)?.module;
    if (module && /^(?:@?hono\/|(?:node:)?https?$)/.test(module)) {
      for (const argument of call.arguments) this.#mounted.add(unwrap(argument));
    }
  }

  /** The router an expression is. `call` is the call on it, which may show that a guess is right. */
  routerOf(node: Node, call?: TSESTree.CallExpression): Router | undefined {
    const inner = unwrap(node);
    switch (inner.type) {
      case "Identifier": {
        const variable = this.bindings.variableOf(inner);
        return variable && this.#routerOfVariable(variable, call);
      }
      case "MemberExpression":
        return inner.object.type === "ThisExpression" ? this.#routerOfMember(inner) : undefined;
      case "CallExpression":
      case "NewExpression":
        if (!this.#byNode.has(inner)) {
          this.#byNode.set(inner, undefined);
          this.#byNode.set(inner, this.#routerOfCall(inner));
        }
        return this.#byNode.get(inner);
      default:
        return undefined;
    }
  }

  #routerOfCall(node: CallNode): Router | undefined {
    for (const framework of this.#frameworks) {
      const creation = framework.create(node, this.bindings);
      if (creation) return this.#track(this.add(framework, creation), node);
    }
    if (node.type !== "CallExpression") return undefined;
    const callee = unwrap(node.callee);
    if (callee.type !== "MemberExpression") return undefined;
    const method = keyName(callee);
    const parent = method !== undefined && this.routerOf(callee.object, node);
    return parent ? parent.framework.chain(parent, method, node, this) : undefined;
  }

  add(framework: Framework, creation: Creation, more: Partial<Router> = {}): Router {
    const router: Router = {
      framework,
      kind: creation.kind,
      prefix: creation.prefix,
      mounts: [],
      routes: [],
      guessed: false,
      escapes: false,
      listens: false,
      variables: new Set(),
      ...more,
    };
    this.#routers.push(router);
    return router;
  }

  /** Follows a creation to where its value goes: a name of this file, or away. */
  #track(router: Router, node: Node): Router {
    let top = node;
    for (;;) {
      const parent: Node | undefined = top.parent;
      if (!parent) break;
      const passes =
        (parent.type === "MemberExpression" && parent.object === top) ||
        (parent.type === "CallExpression" && parent.callee === top) ||
        unwrap(parent) !== parent;
      if (!passes) break;
      top = parent;
    }
    const parent = top.parent;
    if (parent?.type === "ExpressionStatement") return router;
    const name =
      parent?.type === "VariableDeclarator"
        ? parent.id
        : parent?.type === "AssignmentExpression"
          ? parent.left
          : undefined;
    const variable = name && this.bindings.variableOf(name);
    if (variable) router.variables.add(variable);
    else this.#leaving.push({ router, node: top });
    return router;
  }

  #routerOfVariable(variable: Variable, call: TSESTree.CallExpression | undefined): Router | undefined {
    const known = this.#byVariable.get(variable);
    if (known) return known;
    if (this.#byVariable.has(variable) && !call) return undefined;
    this.#byVariable.set(variable, undefined);
    const router = this.#makeRouterOfVariable(variable, call);
    if (router) {
      this.#byVariable.set(variable, router);
      router.variables.add(variable);
    }
    return router;
  }

  #makeRouterOfVariable(variable: Variable, call: TSESTree.CallExpression | undefined): Router | undefined {
    const value = this.bindings.valueOf(variable);
    const own = value && this.routerOf(value);
    if (own) return own;
    const [definition] = variable.defs;
    const name = definition?.name;
    if (!definition || name?.type !== "Identifier") return undefined;
    const typed = name.typeAnnotation && this.#routerOfType(name.typeAnnotation.typeAnnotation);
    if (typed) return typed;
    // An annotation that we do not know says that it is something else.
    const untyped = definition.type === "Parameter" && !name.typeAnnotation;
    const origin = this.bindings.originOf(name);
    const imported =
      definition.type === "ImportBinding" && origin !== undefined && isLocalModule(origin.module);
    if ((!untyped && !imported) || !GUESSED_NAME.test(variable.name) || !this.#guess || !call)
      return undefined;
    if (!this.#looksLikeRoute(call)) return undefined;
    return this.add(this.#guess, { kind: "router", prefix: "" }, { guessed: true, escapes: true });
  }

  /** `x.get("/path", …, handler)`: what no HTTP client, map or cache is called with. */
  #looksLikeRoute(call: TSESTree.CallExpression): boolean {
    const [path, ...handlers] = call.arguments;
    const last = handlers.at(-1);
    if (!path || !last || !this.bindings.texts(path)?.every((text) => /^[/*]/.test(text))) return false;
    return (
      asFunction(last) !== undefined ||
      this.bindings.functionOf(last) !== undefined ||
      isHandlerReference(last)
    );
  }

  #routerOfType(type: TSESTree.TypeNode): Router | undefined {
    if (type.type !== "TSTypeReference") return undefined;
    const { typeName } = type;
    const root = typeName.type === "TSQualifiedName" ? typeName.left : typeName;
    const origin = this.bindings.originOf(root);
    if (!origin) return undefined;
    const name = typeName.type === "TSQualifiedName" ? typeName.right.name : origin.name;
    const framework = this.#frameworks.find(({ types }) => types[origin.module]?.includes(name));
    const kind = framework?.typeKinds[name];
    return framework && kind
      ? this.add(framework, { kind, prefix: "" }, { escapes: kind === "router" })
      : undefined;
  }

  #routerOfMember(member: TSESTree.MemberExpression): Router | undefined {
    const name = keyName(member);
    let body: Node | undefined = member.parent;
    while (body && body.type !== "ClassBody") body = body.parent;
    if (!body || name === undefined) return undefined;
    const members = this.#byMember.get(body) ?? new Map<string, Router | undefined>();
    this.#byMember.set(body, members);
    if (!members.has(name)) {
      members.set(name, undefined);
      members.set(name, this.#makeRouterOfMember(body, name));
    }
    return members.get(name);
  }

  #makeRouterOfMember(body: TSESTree.ClassBody, name: string): Router | undefined {
    let found: Router | undefined;
    walk(body, (node) => {
      if (found) return;
      if (node.type === "PropertyDefinition" && keyName(node) === name) {
        found = (node.value ? this.routerOf(node.value) : undefined) ?? undefined;
      } else if (node.type === "AssignmentExpression" && node.left.type === "MemberExpression") {
        const isMember = node.left.object.type === "ThisExpression" && keyName(node.left) === name;
        if (isMember) found = this.routerOf(node.right);
      }
    });
    if (found) return found;
    walk(body, (node) => {
      if (found) return;
      const property = node.type === "PropertyDefinition" && keyName(node) === name ? node : undefined;
      const parameter = node.type === "TSParameterProperty" ? node.parameter : undefined;
      const annotation =
        property?.typeAnnotation ??
        (parameter?.type === "Identifier" && parameter.name === name ? parameter.typeAnnotation : undefined);
      if (annotation) found = this.#routerOfType(annotation.typeAnnotation);
    });
    return found;
  }

  /** The router that a plugin function gets as its first parameter. */
  routerOfFunction(framework: Framework, fn: FunctionNode): Router | undefined {
    const [parameter] = fn.params;
    if (parameter?.type !== "Identifier") return undefined;
    const variable = this.bindings.variableOf(parameter);
    if (!variable) return undefined;
    const known = this.#byVariable.get(variable);
    if (known) {
      // What was guessed or left open is known now that the function is registered.
      known.guessed = false;
      known.escapes = false;
      return known;
    }
    const router = this.add(framework, { kind: "router", prefix: "" });
    router.variables.add(variable);
    this.#byVariable.set(variable, router);
    return router;
  }

  /** Declares routes; a path that cannot be read makes the file dynamic. `at` is the place that facts name. */
  route(router: Router, methods: readonly string[], path: Node, at: Node = path): void {
    const patterns = this.bindings.texts(path)?.map((text) => patternsOf(text, router.framework.syntax));
    if (!patterns || patterns.includes(undefined)) {
      this.dynamic(router, at, "a route's path is computed");
      return;
    }
    const upper = methods.map((method) => method.toUpperCase());
    this.declare(
      router,
      upper,
      patterns.flatMap((pattern) => pattern ?? []),
      at,
    );
  }

  /** Declares routes whose patterns are known. */
  declare(router: Router, methods: readonly string[], paths: readonly string[], node: Node): void {
    router.routes.push({ methods: [...methods], paths: [...paths], node });
  }

  mount(parent: Router, child: Router, prefixes: string[] | undefined, node: Node): void {
    this.#mounted.add(unwrap(node));
    const patterns = prefixes?.map((prefix) => patternsOf(prefix, parent.framework.syntax));
    const readable =
      patterns && !patterns.includes(undefined) ? patterns.flatMap((pattern) => pattern ?? []) : undefined;
    child.mounts.push({ parent, prefixes: readable });
  }

  /** Something that may hold routes of another file stands at `prefixes`; undefined: at a computed path. */
  mountElsewhere(router: Router, prefixes: readonly string[] | undefined, node: Node): void {
    const patterns = prefixes?.map((prefix) => patternsOf(prefix, router.framework.syntax));
    if (!patterns || patterns.includes(undefined)) {
      this.dynamic(router, node, "a router is mounted at a computed path");
      return;
    }
    for (const prefix of patterns.flatMap((pattern) => pattern ?? [])) {
      this.#prefixes.push({ router, prefix, node, module: originWithin(node, this.bindings)?.module });
    }
  }

  dynamic(router: Router, node: Node, why: string): void {
    this.#dynamic.push({ type: "dynamicRoutes", ...place(node), framework: router.framework.name, why });
  }

  #prefixesOf(
    router: Router,
    seen: ReadonlySet<Router> = new Set(),
  ): { prefix: string; complete: boolean }[] {
    if (seen.has(router)) return [];
    const own = router.prefix ?? "";
    const readable = router.prefix !== undefined;
    const escapes = this.#escapes(router);
    const prefixes = router.mounts.flatMap(({ parent, prefixes: at }) =>
      this.#prefixesOf(parent, new Set([...seen, router])).flatMap((outer) =>
        (at ?? [undefined]).map((inner) => ({
          prefix: inner === undefined ? own : joinPaths(outer.prefix, inner, own),
          complete: inner !== undefined && outer.complete && readable,
        })),
      ),
    );
    if (router.kind === "application" && router.mounts.length === 0) {
      const elsewhere = router.framework.applicationsEscape && escapes && !router.listens;
      prefixes.push({ prefix: own, complete: readable && !elsewhere });
    } else if (prefixes.length === 0 || escapes) prefixes.push({ prefix: own, complete: false });
    return [...new Map(prefixes.map((one) => [`${one.complete} ${one.prefix}`, one])).values()];
  }

  #escapes(router: Router): boolean {
    if (router.escapes) return true;
    if (this.#leaving.some(({ router: other, node }) => other === router && !this.#mounted.has(unwrap(node))))
      return true;
    return [...router.variables].some((variable) => this.#variableEscapes(variable));
  }

  #variableEscapes(variable: Variable): boolean {
    const declarator = variable.defs[0]?.node.parent;
    if (declarator?.type === "VariableDeclaration" && declarator.parent.type === "ExportNamedDeclaration")
      return true;
    return variable.references.some((reference) => {
      if (reference.isWriteOnly() || !reference.isValueReference) return false;
      const { identifier } = reference;
      let node: Node = identifier;
      while (node.parent && unwrap(node.parent) !== node.parent) node = node.parent;
      if (this.#mounted.has(identifier)) return false;
      const parent = node.parent;
      return !(
        (parent?.type === "MemberExpression" && parent.object === node) ||
        parent?.type === "TSTypeQuery" ||
        parent?.type === "VariableDeclarator"
      );
    });
  }

  #routesOf(router: Router): RouteFact[] {
    if (router.routes.length === 0) return [];
    const prefixes = this.#prefixesOf(router);
    return router.routes.flatMap(({ methods, paths, node }) =>
      prefixes.flatMap(({ prefix, complete }) =>
        paths.flatMap((path) =>
          methods.map((method): RouteFact => ({
            type: "route",
            ...place(node),
            framework: router.framework.name,
            method,
            routePath: joinPaths(prefix, path),
            complete,
          })),
        ),
      ),
    );
  }
}

function isHandlerReference(node: Node): boolean {
  const inner = unwrap(node);
  return (
    (inner.type === "Identifier" && inner.name !== "undefined") ||
    inner.type === "MemberExpression" ||
    inner.type === "CallExpression"
  );
}
