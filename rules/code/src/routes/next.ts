import type { DynamicRoutesFact, Fact, RouteFact } from "@yantra-lint/core";
import type { TSESTree } from "@typescript-eslint/utils";
import type { Code, NextFile } from "../source.ts";
import { Bindings, keyName, type Node, propertyOf, unwrap, walk } from "./ast.ts";
import { joinPaths, patternsOf } from "./paths.ts";
import { place } from "./place.ts";

const EXTENSION = /\.(?:tsx?|jsx?)$/;
const CONFIGS = ["next.config.js", "next.config.mjs", "next.config.ts", "next.config.cjs"];
const HANDLER_METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
/** Files of `pages/` that are no page (nextjs.org/docs/pages/building-your-application/routing). */
const SPECIAL_PAGES = /^\/(?:_app|_document|_error|_middleware|404|500)$/;

/**
 * The route that Next.js makes of a file because of its path, or undefined: `route.ts` and `page.tsx`
 * below `app/`, anything below `pages/`, both also below `src/` (nextjs.org/docs/app/getting-started/project-structure). Whether the directory
 * is a Next.js project at all is read from the neighbours: a `next.config.*`, or `next` among the dependencies.
 */
export function nextFileOf(
  path: string,
  neighbour: (path: string) => string | undefined,
): NextFile | undefined {
  if (!EXTENSION.test(path) || path.endsWith(".d.ts")) return undefined;
  const segments = path.replace(EXTENSION, "").split("/");
  for (const [index, segment] of segments.entries()) {
    if ((segment !== "app" && segment !== "pages") || index === segments.length - 1) continue;
    const inside = segments.slice(index + 1);
    const found = segment === "app" ? appRoute(inside) : pagesRoute(inside);
    if (!found) continue;
    const base = segments.slice(0, segments[index - 1] === "src" ? index - 1 : index).join("/");
    const config = nextConfig(base, neighbour);
    if (!config) continue;
    return {
      routePath: joinPaths(config.basePath ?? "", found.routePath),
      role: found.role,
      complete: config.basePath !== undefined,
    };
  }
  return undefined;
}

/** The basePath of a Next.js project ("" without); undefined inside when it is computed; undefined when it is none. */
function nextConfig(
  base: string,
  neighbour: (path: string) => string | undefined,
): { basePath: string | undefined } | undefined {
  const at = (name: string): string | undefined => neighbour(base === "" ? name : `${base}/${name}`);
  for (const name of CONFIGS) {
    const text = at(name);
    if (text === undefined) continue;
    if (!/\bbasePath\b/.test(text)) return { basePath: "" };
    return { basePath: /\bbasePath["']?\s*:\s*(["'])([^"'$]*)\1/.exec(text)?.[2] };
  }
  const manifest = at("package.json");
  return manifest !== undefined && /"next"\s*:/.test(manifest) ? { basePath: "" } : undefined;
}

function appRoute(inside: readonly string[]): Pick<NextFile, "routePath" | "role"> | undefined {
  const file = inside.at(-1);
  if (file !== "route" && file !== "page") return undefined;
  const segments: string[] = [];
  for (const folder of inside.slice(0, -1)) {
    // Route groups and parallel routes add nothing to the URL; private folders and intercepting routes have none.
    if (/^\(\.+\)/.test(folder) || folder.startsWith("_")) return undefined;
    if (/^\(.*\)$/.test(folder) || folder.startsWith("@")) continue;
    segments.push(folder.replace(/^%5F/i, "_"));
  }
  return { routePath: dynamicSegments(segments), role: file === "route" ? "handler" : "page" };
}

function pagesRoute(inside: readonly string[]): Pick<NextFile, "routePath" | "role"> | undefined {
  const segments = inside.at(-1) === "index" ? inside.slice(0, -1) : inside;
  const routePath = dynamicSegments(segments);
  if (SPECIAL_PAGES.test(routePath)) return undefined;
  return { routePath, role: inside[0] === "api" ? "api" : "page" };
}

/** `[id]` → `:id`; `[...rest]` and `[[...rest]]` → `*`. */
function dynamicSegments(segments: readonly string[]): string {
  return joinPaths(
    ...segments.map((segment) =>
      /^\[{1,2}\.{3}/.test(segment) ? "*" : segment.replace(/^\[(.+)\]$/, (_, name: string) => `:${name}`),
    ),
  );
}

/** The routes of a file that Next.js makes one of. A page and a file of `pages/api` are routes
 * by their path alone: their place is the first character. */
export function nextFacts(code: Code, next: NextFile): Fact[] {
  const route = (method: string, node: Node | undefined): RouteFact => ({
    type: "route",
    ...(node ? place(node) : { path: "", startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 }),
    framework: "next",
    method,
    routePath: next.routePath,
    complete: next.complete,
  });
  if (next.role === "page") return [{ ...route("GET", undefined), page: true }];
  if (next.role === "api") return [route("*", undefined)];
  return (code.ast?.body ?? []).flatMap((statement) => {
    if (statement.type === "ExportAllDeclaration") return [route("*", statement)];
    if (statement.type !== "ExportNamedDeclaration") return [];
    return exportedNames(statement).flatMap(({ name, node }) =>
      HANDLER_METHODS.has(name) ? [route(name, node)] : [],
    );
  });
}

function exportedNames(statement: TSESTree.ExportNamedDeclaration): { name: string; node: Node }[] {
  const { declaration, specifiers } = statement;
  const names = specifiers.map(({ exported }): { name: string; node: Node } => ({
    name: exported.type === "Identifier" ? exported.name : exported.value,
    node: exported,
  }));
  if (declaration?.type === "FunctionDeclaration" && declaration.id) {
    names.push({ name: declaration.id.name, node: declaration.id });
  } else if (declaration?.type === "VariableDeclaration") {
    for (const { id } of declaration.declarations) {
      if (id.type === "Identifier") names.push({ name: id.name, node: id });
      else if (id.type === "ObjectPattern") {
        for (const property of id.properties) {
          // `export const { GET, POST } = handlers`
          if (property.type === "Property" && property.value.type === "Identifier") {
            names.push({ name: property.value.name, node: property.value });
          }
        }
      }
    }
  }
  return names;
}

/**
 * What `next.config` adds: a rewrite's source is a path that answers. Rewrites that cannot be read make the
 * package dynamic.
 */
export function nextConfigFacts(code: Code & { ast: TSESTree.Program }): Fact[] {
  const bindings = new Bindings(code);
  const facts: Fact[] = [];
  walk(code.ast, (node) => {
    const isRewrites =
      (node.type === "Property" || node.type === "MethodDefinition") &&
      !node.computed &&
      keyName(node) === "rewrites";
    if (isRewrites) facts.push(...rewriteFacts(node.value, bindings));
  });
  return facts;
}

function rewriteFacts(node: Node, bindings: Bindings): Fact[] {
  const facts: Fact[] = [];
  const seen = { dynamic: node.type === "Identifier", list: false };
  walk(node, (inner) => {
    if (inner.type === "SpreadElement" || inner.type === "ConditionalExpression") seen.dynamic = true;
    if (inner.type === "ReturnStatement" || inner.type === "ArrayExpression") seen.list = true;
    if (inner.type !== "ObjectExpression") return;
    const source = propertyOf(inner, "source");
    if (!source) return;
    const text = bindings.text(unwrap(source));
    const patterns = text === undefined ? undefined : patternsOf(text, "path-to-regexp");
    if (!patterns) seen.dynamic = true;
    for (const routePath of patterns ?? []) {
      facts.push({
        type: "route",
        ...place(source),
        framework: "next",
        method: "*",
        routePath,
        complete: false,
      });
    }
  });
  if (seen.dynamic || (facts.length === 0 && !seen.list)) {
    const fact: DynamicRoutesFact = {
      type: "dynamicRoutes",
      ...place(node),
      framework: "next",
      why: "the rewrites of next.config are computed",
    };
    facts.push(fact);
  }
  return facts;
}
