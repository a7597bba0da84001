import type { Fact, RouteFact } from "@yantra-lint/core";
import type { TSESTree } from "@typescript-eslint/utils";
import type { Code } from "../source.ts";
import { Bindings, keyName, type Node, unwrap, walk } from "./ast.ts";
import { place } from "./place.ts";

const HTTP_MODULES = new Set(["http", "node:http", "https", "node:https", "http2", "node:http2"]);
const REQUEST =
  /^(?:req|request|ctx|context|url|uri|parsed\w*|nextUrl|incoming\w*|message|msg|reqUrl|requestUrl)$/i;
const PATH_PROPERTY = new Set(["url", "path", "pathname", "originalUrl"]);
const PATH_VARIABLE = /^(?:url|path|pathname|reqPath|urlPath|requestPath|route)$/;

/**
 * Node's own `http.createServer` and hand-written middleware: `req.url === "/healthz"`, `switch (req.url)` and the
 * like (nodejs.org/api/http.html#messageurl). The comparisons are complete routes when the file makes the server
 * and answers 404 to the rest; otherwise a prefix or another branch may be what answers.
 */
export function nodeFacts(code: Code & { ast: TSESTree.Program }): Fact[] {
  const bindings = new Bindings(code);
  const routes: RouteFact[] = [];
  const seen: { server?: Node; says404: boolean; dispatchesOtherwise: boolean } = {
    says404: false,
    dispatchesOtherwise: false,
  };
  // Outside of a server's own file, a variable called `path` may be any path.
  const isPath = (node: Node): boolean =>
    isRequestPath(node) || (seen.server !== undefined && isPathVariable(node));
  const add = (texts: readonly string[], node: Node): void => {
    for (const text of texts) {
      if (!text.startsWith("/")) continue;
      const routePath = text.replace(/[?#].*$/, "").replace(/(.)\/$/, "$1");
      routes.push({
        type: "route",
        ...place(node),
        framework: "node",
        method: "*",
        routePath,
        complete: false,
      });
    }
  };
  walk(code.ast, (node) => {
    switch (node.type) {
      case "CallExpression": {
        const origin = bindings.originOf(node.callee);
        if (origin && HTTP_MODULES.has(origin.module) && /^create(?:Secure)?Server$/.test(origin.name)) {
          const handler = node.arguments.at(-1);
          if (handler && bindings.functionOf(handler)) seen.server = node;
        }
        const callee = unwrap(node.callee);
        if (callee.type !== "MemberExpression") break;
        if (
          isPath(callee.object) &&
          /^(?:startsWith|endsWith|match|includes|split)$/.test(keyName(callee) ?? "")
        ) {
          seen.dispatchesOtherwise = true;
        }
        // `["/live", "/ready"].includes(req.url)`
        const [argument] = node.arguments;
        if (keyName(callee) === "includes" && argument && isPath(argument))
          add(bindings.texts(callee.object) ?? [], node);
        break;
      }
      case "BinaryExpression": {
        if (node.operator !== "===" && node.operator !== "==") break;
        const other = isPath(node.left) ? node.right : isPath(node.right) ? node.left : undefined;
        const text = other && bindings.text(other);
        if (other && text !== undefined) add([text], other);
        break;
      }
      case "SwitchStatement":
        if (!isPath(node.discriminant)) break;
        for (const { test } of node.cases) {
          const text = test && bindings.text(test);
          if (test && typeof text === "string") add([text], test);
        }
        break;
      case "Literal":
        seen.says404 ||= node.value === 404;
        break;
      case "MemberExpression":
        if (node.computed && isPath(node.property)) seen.dispatchesOtherwise = true;
        break;
      default:
    }
  });
  if (!seen.server) return routes;
  if (routes.length > 0 && seen.says404 && !seen.dispatchesOtherwise) {
    return routes.map((route) => ({ ...route, complete: true }));
  }
  const why = "the server's handler answers more than the paths it compares";
  return [...routes, { type: "dynamicRoutes", ...place(seen.server), framework: "node", why }];
}

function isPathVariable(node: Node): boolean {
  const inner = unwrap(node);
  return inner.type === "Identifier" && PATH_VARIABLE.test(inner.name);
}

/** Whether an expression is a request's URL or path, by the names that such things have. */
function isRequestPath(node: Node): boolean {
  const inner = unwrap(node);
  if (inner.type !== "MemberExpression") return false;
  const name = keyName(inner);
  if (name === undefined || !PATH_PROPERTY.has(name)) return false;
  const object = unwrap(inner.object);
  if (object.type === "Identifier") return REQUEST.test(object.name);
  if (object.type === "MemberExpression") return REQUEST.test(keyName(object) ?? "");
  // `new URL(req.url, base).pathname`, `url.parse(req.url).pathname`, `parse(req.url).pathname`
  const callee =
    object.type === "NewExpression" || object.type === "CallExpression" ? unwrap(object.callee) : undefined;
  if (callee?.type === "Identifier") return callee.name === "URL" || callee.name === "parse";
  return callee?.type === "MemberExpression" && keyName(callee) === "parse";
}
