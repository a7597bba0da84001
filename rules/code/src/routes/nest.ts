import type { DynamicRoutesFact, Fact, RouteFact, RoutePrefixFact } from "@yantra-lint/core";
import type { TSESTree } from "@typescript-eslint/utils";
import type { Code } from "../source.ts";
import { Bindings, keyName, type Node, propertyOf, unwrap, walk } from "./ast.ts";
import { joinPaths, patternsOf } from "./paths.ts";
import { place } from "./place.ts";

const METHOD_DECORATORS: Readonly<Record<string, string>> = {
  Get: "GET",
  Post: "POST",
  Put: "PUT",
  Patch: "PATCH",
  Delete: "DELETE",
  Options: "OPTIONS",
  Head: "HEAD",
  Search: "SEARCH",
  Sse: "GET",
  All: "*",
};

/** Modules of packages that open paths without a controller of the repository (GraphQL, metrics, files …). */
const OPENING_MODULE = /(?:ServeStatic|GraphQL|Prometheus|BullBoard|Metrics|Mercurius)Module$/;

/**
 * NestJS 10 and 11: the path of `@Controller()` before that of `@Get()` and its kin (docs.nestjs.com/controllers).
 * What stands before both is the application's affair, in another file: the version of URI versioning, then
 * `setGlobalPrefix` (RoutePathFactory in @nestjs/core). So routes are incomplete, and the file that makes the
 * application states the prefix that completes them.
 */
export function nestFacts(code: Code & { ast: TSESTree.Program }): Fact[] {
  const bindings = new Bindings(code);
  const facts: Fact[] = [];
  const application = new Application(bindings);
  walk(code.ast, (node) => {
    if (node.type === "ClassDeclaration" || node.type === "ClassExpression")
      facts.push(...classFacts(node, bindings));
    else if (node.type === "CallExpression") application.visit(node);
  });
  return [...facts, ...application.facts()];
}

function dynamic(node: Node, why: string): DynamicRoutesFact {
  return { type: "dynamicRoutes", ...place(node), framework: "nest", why };
}

/** The call of a decorator of a Nest package, with its name. */
function decoratorOf(
  decorator: TSESTree.Decorator,
  bindings: Bindings,
): { name: string; args: Node[] } | undefined {
  const { expression } = decorator;
  if (expression.type !== "CallExpression") return undefined;
  const origin = bindings.originOf(expression.callee);
  if (!origin?.module.startsWith("@nestjs/")) return undefined;
  return { name: origin.name, args: expression.arguments };
}

function classFacts(node: TSESTree.ClassDeclaration | TSESTree.ClassExpression, bindings: Bindings): Fact[] {
  let prefixes: string[] | undefined = [""];
  for (const decorator of node.decorators) {
    const call = decoratorOf(decorator, bindings);
    if (call?.name === "Module") return moduleFacts(call.args[0], bindings);
    if (call?.name === "Controller") prefixes = controllerPaths(call.args[0], bindings);
  }
  if (prefixes === undefined) return [dynamic(node.id ?? node, "the path of @Controller is computed")];
  const at = prefixes;
  return node.body.body.flatMap((member): Fact[] => {
    if (member.type !== "MethodDefinition") return [];
    return member.decorators.flatMap((decorator) => {
      const call = decoratorOf(decorator, bindings);
      const method = call && METHOD_DECORATORS[call.name];
      if (!call || !method) return [];
      return methodFacts(decorator, call.args[0], method, at, bindings);
    });
  });
}

function methodFacts(
  decorator: TSESTree.Decorator,
  path: Node | undefined,
  method: string,
  prefixes: readonly string[],
  bindings: Bindings,
): Fact[] {
  const paths = path ? bindings.texts(path) : [""];
  if (!paths) return [dynamic(decorator, "a route's path is computed")];
  const facts: Fact[] = [];
  for (const prefix of prefixes) {
    for (const text of paths) {
      const patterns = patternsOf(`${prefix}/${text}`, "nest");
      if (!patterns) return [dynamic(decorator, "a route's path is a regular expression")];
      facts.push(
        ...patterns.map((routePath): RouteFact => ({
          type: "route",
          ...place(path ?? decorator),
          framework: "nest",
          method,
          routePath,
          complete: false,
        })),
      );
    }
  }
  return facts;
}

function controllerPaths(argument: Node | undefined, bindings: Bindings): string[] | undefined {
  if (!argument) return [""];
  const inner = unwrap(argument);
  if (inner.type !== "ObjectExpression") return bindings.texts(inner);
  const path = propertyOf(inner, "path");
  return path ? bindings.texts(path) : [""];
}

function moduleFacts(argument: Node | undefined, bindings: Bindings): Fact[] {
  const inner = argument && unwrap(argument);
  const imports = inner?.type === "ObjectExpression" ? propertyOf(inner, "imports") : undefined;
  if (imports?.type !== "ArrayExpression") return [];
  return imports.elements.flatMap((element) => {
    if (!element) return [];
    const item = unwrap(element);
    const callee = item.type === "CallExpression" ? unwrap(item.callee) : item;
    const named = callee.type === "MemberExpression" ? callee.object : callee;
    const origin = bindings.originOf(named);
    if (!origin) return [];
    if (origin.name === "RouterModule" && origin.module === "@nestjs/core") {
      return [dynamic(element, "RouterModule puts prefixes before modules")];
    }
    const isPackage = !/^\.{0,2}\//.test(origin.module);
    return isPackage && OPENING_MODULE.test(origin.name)
      ? [dynamic(element, `${origin.name} opens paths of its own`)]
      : [];
  });
}

/** What one file says of the application as a whole. */
class Application {
  readonly #bindings: Bindings;
  #created: Node | undefined;
  #prefix: { node: Node; text: string | undefined; except: string[] | undefined } | undefined;
  #versioned = false;

  constructor(bindings: Bindings) {
    this.#bindings = bindings;
  }

  visit(call: TSESTree.CallExpression): void {
    const callee = unwrap(call.callee);
    if (callee.type !== "MemberExpression") return;
    const method = keyName(callee);
    const [first, second] = call.arguments;
    if (method === "create" && this.#bindings.originOf(callee)?.name === "NestFactory.create")
      this.#created = call;
    else if (method === "setGlobalPrefix" && first) {
      this.#prefix = { node: call, text: this.#bindings.text(first), except: this.#exceptions(second) };
    } else if (method === "enableVersioning") {
      // Only URI versioning, the default, changes paths (docs.nestjs.com/techniques/versioning).
      const options = first && unwrap(first);
      const type = options?.type === "ObjectExpression" ? propertyOf(options, "type") : undefined;
      const name = type?.type === "MemberExpression" ? keyName(type) : "URI";
      this.#versioned ||= name === "URI";
    }
  }

  #exceptions(node: Node | undefined): string[] | undefined {
    if (!node) return [];
    const options = unwrap(node);
    const exclude = options.type === "ObjectExpression" ? propertyOf(options, "exclude") : undefined;
    if (options.type === "ObjectExpression" && !exclude) return [];
    if (exclude?.type !== "ArrayExpression") return undefined;
    const paths: string[] = [];
    for (const element of exclude.elements) {
      const inner = element && unwrap(element);
      const path = inner?.type === "ObjectExpression" ? propertyOf(inner, "path") : inner;
      const text = path ? this.#bindings.text(path) : undefined;
      const patterns = text === undefined ? undefined : patternsOf(text, "nest");
      if (!patterns) return undefined;
      paths.push(...patterns);
    }
    return paths;
  }

  facts(): Fact[] {
    const node = this.#prefix?.node ?? this.#created;
    if (!node) return [];
    if (this.#prefix && (this.#prefix.text === undefined || this.#prefix.except === undefined)) {
      return [dynamic(node, "the global prefix or its exceptions are computed")];
    }
    // With URI versioning a version may stand before any path: the routes stay incomplete.
    if (this.#versioned) return [];
    const prefix = this.#prefix?.text ?? "";
    const fact: RoutePrefixFact = {
      type: "routePrefix",
      ...place(node),
      framework: "nest",
      prefix: /^\/*$/.test(prefix) ? "" : joinPaths(prefix),
      except: this.#prefix?.except ?? [],
    };
    return [fact];
  }
}
