import type { TSESTree } from "@typescript-eslint/utils";
import type { Bindings, Node } from "./ast.ts";
import { propertyOf, unwrap } from "./ast.ts";
import { effectOf, isOfRepository } from "./effects.ts";
import { joinPaths } from "./paths.ts";
import type { Creation, Framework, Router } from "./framework.ts";
import type { RouterFile } from "./routers.ts";

/** The request methods of `app.METHOD` (expressjs.com/en/5x/api.html#app.METHOD) that routes are written with. */
const HTTP_METHODS: ReadonlySet<string> = new Set([
  "get",
  "head",
  "post",
  "put",
  "patch",
  "delete",
  "options",
  "trace",
  "search",
  "report",
  "purge",
]);

/** The method of a route as facts have it; undefined when the name is no method. */
export function methodOf(name: string): string | undefined {
  if (name === "all") return "*";
  return HTTP_METHODS.has(name) ? name.toUpperCase() : undefined;
}

const MODULES = new Set(["express", "ultimate-express"]);

/**
 * Express 4 and 5. `express()` is an application, `express.Router()` a router that answers where it is mounted;
 * GET routes answer HEAD too (app.METHOD, "app.get() … automatically called for the HTTP HEAD method").
 */
export const express: Framework = {
  name: "express",
  syntax: "path-to-regexp",
  applicationsEscape: false,
  types: {
    express: ["Express", "Application", "Router", "IRouter", "default.Express"],
    "express-serve-static-core": ["Express", "Application", "Router", "IRouter"],
  },
  typeKinds: { Express: "application", Application: "application", Router: "router", IRouter: "router" },

  create(node: TSESTree.CallExpression | TSESTree.NewExpression, bindings: Bindings): Creation | undefined {
    const origin = bindings.originOf(node.callee);
    if (!origin) return undefined;
    if (origin.module === "express-promise-router") return { kind: "router", prefix: "" };
    if (!MODULES.has(origin.module)) return undefined;
    if (origin.name === "default" || origin.name === "express") return { kind: "application", prefix: "" };
    return origin.name === "Router" ? { kind: "router", prefix: "" } : undefined;
  },

  chain(router: Router, method: string, call: TSESTree.CallExpression, file: RouterFile): Router | undefined {
    const [path] = call.arguments;
    if (method !== "route" || router.fixedPath || !path) return router;
    const builder = file.add(router.framework, { kind: "router", prefix: "" }, { fixedPath: path });
    file.mount(router, builder, [""], call);
    return builder;
  },

  call(router: Router, method: string, call: TSESTree.CallExpression, file: RouterFile): void {
    if (method === "use") return use(router, call, file);
    const verb = methodOf(method);
    if (!verb) return;
    if (router.fixedPath) {
      file.route(
        router,
        [verb],
        router.fixedPath,
        call.callee.type === "MemberExpression" ? call.callee.property : call,
      );
      return;
    }
    const [path, ...handlers] = call.arguments;
    // `app.get("setting")` reads a setting.
    if (path && handlers.length > 0) file.route(router, [verb], path);
  },
};

/** `use([path], ...middleware)`: mounts routers, and says what else may answer there. */
function use(router: Router, call: TSESTree.CallExpression, file: RouterFile): void {
  const [first, ...rest] = call.arguments;
  if (!first) return;
  let prefixes: string[] | undefined = file.bindings.texts(first);
  let middleware: readonly Node[] = rest;
  if (prefixes === undefined) {
    const inner = unwrap(first);
    if (rest.length === 0 || isMiddleware(inner, file)) {
      prefixes = [""];
      middleware = call.arguments;
    }
  }
  for (const item of flatten(middleware)) answer(router, prefixes, item, file, 3);
}

/** Whether the first of several arguments is middleware, and no path that cannot be read. */
function isMiddleware(node: Node, file: RouterFile): boolean {
  if (file.routerOf(node) || file.bindings.functionOf(node)) return true;
  const { type } = node;
  if (type === "CallExpression" || type === "NewExpression") return true;
  if (type === "ArrayExpression") return file.bindings.texts(node) === undefined;
  // An imported name may be a constant that holds a path: `use(API_PREFIX, router)`.
  if (type === "Identifier") {
    const variable = file.bindings.variableOf(node);
    const value = variable && file.bindings.valueOf(variable);
    if (value) return value.type === "CallExpression" || value.type === "NewExpression";
    return file.bindings.originOf(node) !== undefined && !/^[A-Z_\d]+$|path|prefix|url/i.test(node.name);
  }
  return false;
}

function flatten(nodes: readonly Node[]): Node[] {
  return nodes.flatMap((node) => {
    const inner = unwrap(node);
    if (inner.type === "ArrayExpression")
      return flatten(inner.elements.filter((element) => element !== null));
    return [inner];
  });
}

/** What one piece of middleware mounted at `prefixes` answers. `arity` is the parameters of one that passes on. */
export function answer(
  router: Router,
  prefixes: string[] | undefined,
  node: Node,
  file: RouterFile,
  arity: number,
): void {
  const child = file.routerOf(node);
  if (child) {
    file.mount(router, child, prefixes, node);
    return;
  }
  const effect = effectOf(node, arity, file.bindings);
  if (effect === "passes") {
    if (!file.bindings.functionOf(node) && isOfRepository(node, file.bindings))
      file.mountElsewhere(router, prefixes, node);
    return;
  }
  if (prefixes === undefined) {
    file.dynamic(router, node, "middleware is mounted at a computed path");
    return;
  }
  const below = prefixes.filter((prefix) => !/^[/*]*$/.test(prefix));
  if (effect === "everything")
    file.declare(
      router,
      ["*"],
      prefixes.map((prefix) => joinPaths(prefix, "*")),
      node,
    );
  else if (below.length > 0)
    file.declare(
      router,
      ["*"],
      below.map((prefix) => joinPaths(prefix, "*")),
      node,
    );
  if (below.length === prefixes.length || effect === "everything") return;
  if (effect === "static") file.declare(router, ["GET"], ["/"], node);
  else file.dynamic(router, node, "middleware of a package may answer paths of its own");
}

/** The text of an option, or undefined when it is absent or cannot be read. */
export function optionText(options: Node | undefined, name: string, bindings: Bindings): string | undefined {
  const inner = options && unwrap(options);
  if (inner?.type !== "ObjectExpression") return undefined;
  const value = propertyOf(inner, name);
  return value && bindings.text(value);
}
