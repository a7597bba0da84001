import type { TSESTree } from "@typescript-eslint/utils";
import { type Bindings, hasSpread, isLocalModule, type Node, propertyOf, unwrap } from "./ast.ts";
import { methodOf, optionText } from "./express.ts";
import { effectOf } from "./effects.ts";
import { effectOf as effectOfModule } from "./modules.ts";
import { joinPaths } from "./paths.ts";
import type { Creation, Framework, Router } from "./framework.ts";
import type { RouterFile } from "./routers.ts";

const INSTANCE_TYPES = ["FastifyInstance", "FastifyTypedInstance"];

/**
 * Fastify 4 and 5: `fastify.METHOD(path, …)`, `fastify.route({ method, url })`, and plugins, which get an instance
 * of their own whose prefix `register(plugin, { prefix })` gives (fastify.dev/docs/latest/Reference/Routes).
 * GET routes answer HEAD too (`exposeHeadRoutes`, on by default since version 4).
 */
export const fastify: Framework = {
  name: "fastify",
  syntax: "fastify",
  applicationsEscape: false,
  types: { fastify: INSTANCE_TYPES },
  typeKinds: Object.fromEntries(INSTANCE_TYPES.map((name) => [name, "router" as const])),

  create(node: TSESTree.CallExpression | TSESTree.NewExpression, bindings: Bindings): Creation | undefined {
    const origin = bindings.originOf(node.callee);
    if (origin?.module !== "fastify" || !/^(?:default|fastify|Fastify)$/.test(origin.name)) return undefined;
    return { kind: "application", prefix: "" };
  },

  chain(router: Router): Router {
    return router;
  },

  call(router: Router, method: string, call: TSESTree.CallExpression, file: RouterFile): void {
    const [first, second] = call.arguments;
    if (!first) return;
    if (method === "register") return register(router, first, second, file);
    if (method === "route") return route(router, call, first, file);
    if (method === "setNotFoundHandler") {
      const handler = second ?? first;
      // Without a 404 in it, the handler answers what no route does: a single-page application's fallback.
      if (effectOf(handler, 3, file.bindings) === "everything") file.declare(router, ["*"], ["/*"], call);
      return;
    }
    const verb = methodOf(method);
    if (verb && second) file.route(router, [verb], first);
  },
};

function route(router: Router, call: TSESTree.CallExpression, node: Node, file: RouterFile): void {
  const options = unwrap(node);
  if (options.type !== "ObjectExpression")
    return file.dynamic(router, call, "route() gets options made elsewhere");
  const url = propertyOf(options, "url") ?? propertyOf(options, "path");
  const method = propertyOf(options, "method");
  const methods = method && file.bindings.texts(method);
  if (!url) {
    if (hasSpread(options)) file.dynamic(router, call, "route() gets options made elsewhere");
    return;
  }
  file.route(router, methods ?? ["*"], url);
}

function register(router: Router, plugin: Node, options: Node | undefined, file: RouterFile): void {
  const inner = unwrap(plugin);
  const prefixes = prefixesOf(options, file.bindings);
  const fn = file.bindings.functionOf(innermostFunction(inner, file.bindings));
  const child = fn && file.routerOfFunction(router.framework, fn);
  if (child) {
    file.mount(router, child, prefixes, inner);
    return;
  }
  const origin =
    file.bindings.originOf(inner) ??
    (inner.type === "CallExpression" ? file.bindings.originOf(inner.callee) : undefined);
  if (!origin || isLocalModule(origin.module)) return file.mountElsewhere(router, prefixes, plugin);
  if (origin.module === "@fastify/swagger-ui") {
    const at = optionText(options, "routePrefix", file.bindings) ?? "/documentation";
    return file.declare(router, ["*"], [joinPaths(at, "*")], plugin);
  }
  const effect = effectOfModule(origin);
  if (effect === "passes") return;
  const [prefix] = prefixes ?? [];
  if (prefix !== undefined && prefix !== "" && prefix !== "/")
    file.declare(router, ["*"], [joinPaths(prefix, "*")], plugin);
  else if (effect === "static" && prefix !== undefined) file.declare(router, ["GET"], ["/"], plugin);
  else file.dynamic(router, plugin, `the plugin ${origin.module} may answer paths of its own`);
}

/** The prefix a plugin is registered with; undefined when it cannot be read. */
function prefixesOf(options: Node | undefined, bindings: Bindings): string[] | undefined {
  if (!options) return [""];
  const inner = unwrap(options);
  if (inner.type !== "ObjectExpression") return undefined;
  const prefix = propertyOf(inner, "prefix");
  if (!prefix) return hasSpread(inner) ? undefined : [""];
  const text = bindings.text(prefix);
  return text === undefined ? undefined : [text];
}

/** `fp(async (instance) => …)` of fastify-plugin: the function inside. */
function innermostFunction(node: Node, bindings: Bindings): Node {
  if (node.type !== "CallExpression" || bindings.originOf(node.callee)?.module !== "fastify-plugin")
    return node;
  return node.arguments[0] ?? node;
}
