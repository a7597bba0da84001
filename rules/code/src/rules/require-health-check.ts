import {
  type ChangedFileFact,
  defineWorkspaceRule,
  type FactIndex,
  type Location,
  type PackageFact,
  type RelatedLocation,
  type RouteFact,
} from "@yantra-lint/core";
import {
  coversPath,
  hasUnreadRoutes,
  isFunction,
  isHealthPath,
  isNamedAfter,
  isNotDeployed,
  type PlacedRoute,
  type RouteGroup,
  type ServiceCode,
  servicesOf,
} from "../groups.ts";
import { isAskingCheck, staysInside } from "../health/leaving.ts";
import { routesOf } from "../services.ts";

const MAX_RELATED = 10;

/** A rollout is judged by what its health checks say, so what no check looks at may break unseen. */
export default defineWorkspaceRule({
  meta: {
    type: "suggestion",
    docs: { description: "Require a health check for the routes that code adds", recommended: "warn" },
    schema: [
      {
        type: "object",
        properties: {
          groups: {
            description: "Which groups of routes need a check: those the change adds routes to, or all.",
            enum: ["changed", "all"],
          },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ groups: "changed" }],
    messages: {
      none: "{{service}} answers {{routes}} and has no health check, so a rollout cannot tell a release that works from one that does not, and nothing rolls it back. Add a route such as GET /health that fails when what it needs does.",
      uncovered:
        "No health check covers {{group}}, to which {{route}} belongs: when what it needs is down, the rollout goes on and the canary looks healthy. Let a check test that, and write `@yantra-health {{group}} checks=…` above it (`@yantra-health /` above one that speaks for the whole service).",
    },
  },
  check({ facts, modules, options, report }) {
    const all = wantsAll(options[0]);
    const added = addedRoutes(facts);
    for (const service of servicesOf(facts)) {
      if (isFunction(service.package)) continue;
      if (service.checks.length === 0 && hasUnreadRoutes(service.package)) continue;
      if (hasNoCheck(service, facts)) {
        const [first] = service.groups.flatMap(({ routes }) => routes).sort(byPlace);
        if (!first) continue;
        const name =
          [service.package?.name, service.directory].find((word) => word) ?? "The repository's code";
        const routes = new Set(service.groups.flatMap((group) => group.routes.map(({ fact }) => fact))).size;
        report({
          messageId: "none",
          data: { service: name, routes: routes === 1 ? "one route" : `${routes} routes` },
          location: place(first),
        });
        continue;
      }
      let asking: boolean | undefined;
      for (const group of service.groups) {
        if (isCovered(group, service, facts)) continue;
        const routes = group.routes.filter(({ fact }) => all || added(fact)).sort(byPlace);
        if (routes.length === 0) continue;
        // Where nobody writes annotations, a check that asks anything is taken for the whole service's.
        asking ??=
          service.checks.length === 0 &&
          service.healthRoutes.some(({ fact }) => isAskingCheck(fact, modules));
        if (asking) break;
        const first = routes.find(({ fact }) => !staysInside(fact, modules));
        if (!first) continue;
        report({
          messageId: "uncovered",
          data: { group: `/${group.name}`, route: routeText(first) },
          location: place(first),
          related: [...service.healthRoutes]
            .sort(byPlace)
            .slice(0, MAX_RELATED)
            .map((route) => asRelated(route, group)),
        });
      }
    }
  },
});

function wantsAll(options: unknown): boolean {
  return typeof options === "object" && options !== null && "groups" in options && options.groups === "all";
}

/** Whether the change adds a route: no version of a changed file at the base has it. Without a base none is added. */
function addedRoutes(facts: FactIndex): (route: PlacedRoute["fact"]) => boolean {
  const changed = new Map<string, ChangedFileFact>(facts.of("changedFile").map((fact) => [fact.path, fact]));
  const key = (route: { method: string; routePath: string }): string => `${route.method} ${route.routePath}`;
  const before = new Set([...changed.values()].flatMap(({ routes = [] }) => routes.map(key)));
  return (route) => changed.has(route.path) && !before.has(key(route));
}

/** Whether a service certainly runs by itself and certainly has no check of any form. */
function hasNoCheck({ directory, package: own, ...code }: ServiceCode, facts: FactIndex): boolean {
  if (code.groups.length === 0 || code.checks.length > 0) return false;
  const all = routesOf({ name: "", directory, package: own }, facts);
  // A load balancer asks for `/` when it is told nothing else, and many services answer there for that reason alone.
  const reports = all.routes.some(({ routePath }) => routePath === "/" || isHealthPath(routePath));
  return !reports && all.dynamic.length === 0 && all.routes.some((route) => isServed(route, own));
}

/** Platforms that bring up releases in a way of their own run Next.js, and Hono where it has no server of Node.js. */
function isServed({ framework, complete, path }: RouteFact, own: PackageFact | undefined): boolean {
  if (!complete || framework === "next" || isNotDeployed(path)) return false;
  return framework !== "hono" || own?.dependencies.includes("@hono/node-server") === true;
}

function isCovered(group: RouteGroup, service: ServiceCode, facts: FactIndex): boolean {
  const { package: own, checks, healthRoutes } = service;
  if (healthRoutes.some((route) => isNamedAfter(route, group))) return true;
  const elsewhere = facts
    .of("package")
    .filter(({ name }) => name !== "" && own?.dependencies.includes(name))
    .flatMap(({ directory }) =>
      facts.of("healthCheck").filter(({ path }) => directory !== "" && path.startsWith(`${directory}/`)),
    );
  return [...checks, ...elsewhere].some((check) => group.routes.some(({ path }) => coversPath(check, path)));
}

function byPlace(a: PlacedRoute, b: PlacedRoute): number {
  if (a.fact.path !== b.fact.path) return a.fact.path < b.fact.path ? -1 : 1;
  return a.fact.startLine - b.fact.startLine || a.fact.startColumn - b.fact.startColumn;
}

function place({ fact }: PlacedRoute): Location {
  const { path, startLine, startColumn, endLine, endColumn } = fact;
  return { path, startLine, startColumn, endLine, endColumn };
}

function routeText({ fact: { method }, path }: PlacedRoute): string {
  return method === "*" ? path : `${method} ${path}`;
}

function asRelated(route: PlacedRoute, { name }: RouteGroup): RelatedLocation {
  return {
    ...place(route),
    message: `${routeText(route)} reports health, but does not say that it covers /${name}.`,
  };
}
