import type { TSESTree } from "@typescript-eslint/utils";
import { type Bindings, type Node, propertyOf, unwrap } from "./ast.ts";
import { methodOf, optionText } from "./express.ts";
import { effectOf } from "./effects.ts";
import { joinPaths } from "./paths.ts";
import type { Creation, Framework, Router } from "./framework.ts";
import type { RouterFile } from "./routers.ts";

const CLASSES: Readonly<Record<string, readonly string[]>> = {
  hono: ["Hono"],
  "hono/tiny": ["Hono"],
  "hono/quick": ["Hono"],
  "@hono/zod-openapi": ["OpenAPIHono"],
};

/**
 * Hono 4: `app.METHOD(path, …)`, `app.on(method, path, …)`, `app.route(path, sub)`, `app.basePath(path)` (a new
 * instance), `app.mount(path, handler)`, and `app.openapi(createRoute({ method, path }), …)` of @hono/zod-openapi
 * (hono.dev/docs/api/routing). Every instance is both application and router, so one that leaves its file other
 * than to a server may be mounted elsewhere.
 */
export const hono: Framework = {
  name: "hono",
  syntax: "hono",
  applicationsEscape: true,
  types: CLASSES,
  typeKinds: { Hono: "router", OpenAPIHono: "router" },

  create(node: TSESTree.CallExpression | TSESTree.NewExpression, bindings: Bindings): Creation | undefined {
    const origin = bindings.originOf(node.callee);
    if (origin && node.type === "NewExpression" && CLASSES[origin.module]?.includes(origin.name)) {
      return { kind: "application", prefix: "" };
    }
    return undefined;
  },

  chain(router: Router, method: string, call: TSESTree.CallExpression, file: RouterFile): Router {
    if (method !== "basePath") return router;
    const [path] = call.arguments;
    const text = path && file.bindings.text(path);
    const child = file.add(router.framework, { kind: "router", prefix: "" });
    file.mount(router, child, text === undefined ? undefined : [text], call);
    return child;
  },

  call(router: Router, method: string, call: TSESTree.CallExpression, file: RouterFile): void {
    const [first, second] = call.arguments;
    if (!first) return;
    const path = file.bindings.texts(first);
    switch (method) {
      case "route": {
        const child = second && file.routerOf(second);
        if (child) file.mount(router, child, path, second);
        else if (second) file.mountElsewhere(router, path, second);
        return;
      }
      case "mount":
        if (path)
          file.declare(
            router,
            ["*"],
            path.map((prefix) => joinPaths(prefix, "*")),
            call,
          );
        else file.dynamic(router, call, "a handler is mounted at a computed path");
        return;
      case "use":
        for (const item of path ? call.arguments.slice(1) : call.arguments)
          useIn(router, path ?? ["*"], item, file);
        return;
      case "on":
        if (second && call.arguments.length > 2) file.route(router, path ?? ["*"], second);
        return;
      case "openapi":
        return openapi(router, first, call, file);
      default: {
        const verb = methodOf(method);
        if (!verb) return;
        // `app.get(handler)` answers the path named before it, or any: what it is cannot be said here.
        if (!second && !path) file.dynamic(router, call, "a handler is given without path");
        else if (second) file.route(router, [verb], first);
      }
    }
  },
};

function useIn(router: Router, paths: readonly string[], node: Node, file: RouterFile): void {
  const effect = effectOf(node, 2, file.bindings);
  if (effect === "everything") file.declare(router, ["*"], ["/*"], node);
  const root = paths.every((path) => /^[/*]*$/.test(path));
  if (effect === "static") file.declare(router, ["GET"], root ? ["/"] : paths, node);
  if (effect === "answers") {
    if (root) file.dynamic(router, node, "middleware of a package may answer paths of its own");
    else file.declare(router, ["*"], paths, node);
  }
}

/** `createRoute({ method: "get", path: "/users/{id}" })`: parameters in OpenAPI's braces. */
function openapi(router: Router, node: Node, call: TSESTree.CallExpression, file: RouterFile): void {
  let inner = unwrap(node);
  if (inner.type === "Identifier") {
    const variable = file.bindings.variableOf(inner);
    inner = (variable && file.bindings.valueOf(variable)) ?? inner;
  }
  const [options] = inner.type === "CallExpression" ? inner.arguments : [];
  const path = optionText(options, "path", file.bindings);
  const method = optionText(options, "method", file.bindings);
  if (path === undefined || method === undefined) {
    // A definition that another file makes has its path there, where nothing declares it.
    file.dynamic(router, call, "the definition of a route is made elsewhere");
    return;
  }
  const object = options && unwrap(options);
  const place = object?.type === "ObjectExpression" ? propertyOf(object, "path") : undefined;
  file.declare(router, [method.toUpperCase()], [path.replace(/\{(\w+)\}/g, ":$1")], place ?? call);
}
