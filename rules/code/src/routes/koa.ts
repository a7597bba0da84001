import type { TSESTree } from "@typescript-eslint/utils";
import { type Bindings, keyName, type Node, propertyOf, unwrap } from "./ast.ts";
import { answer, methodOf } from "./express.ts";
import type { Creation, Framework, Router } from "./framework.ts";
import type { RouterFile } from "./routers.ts";

const ROUTER_MODULES = new Set(["@koa/router", "koa-router", "koa-better-router"]);

/**
 * Koa with @koa/router (or its ancestor koa-router): `new Router({ prefix })`, `router.METHOD([name], path, …)`,
 * `router.prefix(path)`, `router.use([path], child.routes())`, and koa-mount. A router answers only when the
 * application uses its `routes()` (github.com/koajs/router/blob/master/API.md).
 */
export const koa: Framework = {
  name: "koa",
  syntax: "path-to-regexp",
  applicationsEscape: true,
  types: {
    koa: ["default", "Koa"],
    "@koa/router": ["default", "Router"],
    "koa-router": ["default", "Router"],
  },
  typeKinds: { Koa: "application", Router: "router" },

  create(node: TSESTree.CallExpression | TSESTree.NewExpression, bindings: Bindings): Creation | undefined {
    const origin = bindings.originOf(node.callee);
    if (origin?.module === "koa" && node.type === "NewExpression") return { kind: "application", prefix: "" };
    if (!origin || !ROUTER_MODULES.has(origin.module)) return undefined;
    const [options] = node.arguments;
    if (!options) return { kind: "router", prefix: "" };
    const inner = unwrap(options);
    if (inner.type !== "ObjectExpression") return { kind: "router", prefix: undefined };
    const prefix = propertyOf(inner, "prefix");
    return { kind: "router", prefix: prefix ? bindings.text(prefix) : "" };
  },

  chain(router: Router): Router {
    return router;
  },

  call(router: Router, method: string, call: TSESTree.CallExpression, file: RouterFile): void {
    if (router.kind === "application") {
      if (method === "use") for (const item of call.arguments) useIn(router, [""], item, file);
      return;
    }
    const [first, ...rest] = call.arguments;
    if (!first) return;
    if (method === "prefix") {
      const text = file.bindings.text(first);
      router.prefix = text === undefined || router.prefix === undefined ? undefined : text + router.prefix;
      return;
    }
    if (method === "use") {
      const prefixes = file.bindings.texts(first);
      for (const item of prefixes ? rest : call.arguments) useIn(router, prefixes ?? [""], item, file);
      return;
    }
    if (method === "redirect" && rest.length > 0) return file.route(router, ["*"], first);
    const verb = method === "del" ? "DELETE" : methodOf(method);
    if (!verb || rest.length === 0) return;
    const [second] = rest;
    const named = second !== undefined && rest.length > 1 && file.bindings.texts(second) !== undefined;
    file.route(router, [verb], named ? second : first);
  },
};

/** `use(middleware)`, where `mount("/x", …)` of koa-mount stands for a prefix. Koa's middleware takes ctx and next. */
function useIn(router: Router, prefixes: string[], node: Node, file: RouterFile): void {
  const inner = unwrap(node);
  if (inner.type === "CallExpression" && file.bindings.originOf(inner.callee)?.module === "koa-mount") {
    const [first, second] = inner.arguments;
    const at = first && file.bindings.text(first);
    const mounted = second ?? first;
    if (mounted) answer(router, second ? (at === undefined ? undefined : [at]) : prefixes, mounted, file, 2);
    return;
  }
  // `allowedMethods()` answers OPTIONS and 405 for the routes there are.
  const callee = inner.type === "CallExpression" ? inner.callee : undefined;
  if (callee?.type === "MemberExpression" && keyName(callee) === "allowedMethods") return;
  answer(router, prefixes, inner, file, 2);
}
