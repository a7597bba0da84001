import type {
  DynamicRoutesFact,
  FactIndex,
  PackageFact,
  RouteFact,
  RoutePrefixFact,
  Service,
} from "@yantra-lint/core";

/** What code a service consists of declares. */
export interface ServiceRoutes {
  routes: RouteFact[];
  prefixes: RoutePrefixFact[];
  dynamic: DynamicRoutesFact[];
  /** Whether the service's own code declares a route whose whole path is known: the proof that it is read at all. */
  proven: boolean;
}

function isWithin(path: string, directory: string): boolean {
  return directory === "" || path === directory || path.startsWith(`${directory}/`);
}

/** The directories whose code a service runs: its own, and those of the repository's packages it depends on. */
function directoriesOf(service: Service, packages: readonly PackageFact[]): string[] {
  const directories = [service.directory];
  const open = [...(service.package?.dependencies ?? [])];
  const seen = new Set(open);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const dependency of packages) {
      if (dependency.name !== name) continue;
      directories.push(dependency.directory);
      for (const next of dependency.dependencies) {
        if (seen.has(next)) continue;
        seen.add(next);
        open.push(next);
      }
    }
  }
  return directories;
}

/** The routes of a service, those with NestJS' global prefix completed. */
export function routesOf(service: Service, facts: FactIndex): ServiceRoutes {
  const packages = facts.of("package");
  const directories = directoriesOf(service, packages);
  const within = ({ path }: { path: string }): boolean =>
    directories.some((directory) => isWithin(path, directory));
  const prefixes = facts.of("routePrefix").filter(within);
  const routes = completeNest(facts.of("route").filter(within), prefixes);
  // A package inside of the service's directory is another one: its routes may serve, but they prove nothing.
  const inner = packages.filter(
    ({ directory }) => directory !== service.directory && isWithin(directory, service.directory),
  );
  const own = (route: RouteFact): boolean =>
    isWithin(route.path, service.directory) &&
    !inner.some(({ directory }) => isWithin(route.path, directory));
  return {
    routes,
    prefixes,
    dynamic: facts.of("dynamicRoutes").filter(within),
    proven: routes.some((route) => route.complete && own(route)),
  };
}

/** With exactly one application and so one global prefix, NestJS' routes are known as a whole. */
function completeNest(routes: readonly RouteFact[], prefixes: readonly RoutePrefixFact[]): RouteFact[] {
  const [application, ...others] = prefixes.filter(({ framework }) => framework === "nest");
  if (!application || others.length > 0) return [...routes];
  return routes.map((route) => {
    if (route.framework !== "nest") return route;
    const bare = application.except.some((path) => matchesPath(path, route.routePath, true))
      ? ""
      : application.prefix;
    const routePath =
      bare === "" ? route.routePath : `${bare}${route.routePath === "/" ? "" : route.routePath}`;
    return { ...route, routePath, complete: true };
  });
}

const segmentsOf = (path: string): string[] => path.split("/").filter((segment) => segment !== "");

/** Express and @koa/router (and NestJS, which stands on Express) match without regard to case unless told to. */
const IGNORES_CASE = new Set(["express", "koa", "nest"]);

/** Whether a pattern (`:name`, a last `*`) matches a path segment by segment. Slashes at the end do not matter. */
function matchesPath(pattern: string, path: string, ignoreCase: boolean): boolean {
  const wanted = segmentsOf(pattern);
  const given = segmentsOf(path);
  for (const [index, segment] of wanted.entries()) {
    if (segment === "*" && index === wanted.length - 1) return true;
    const actual = given[index];
    if (actual === undefined) return false;
    if (segment.startsWith(":")) continue;
    const same = ignoreCase ? segment.toLowerCase() === actual.toLowerCase() : segment === actual;
    if (!same) return false;
  }
  return wanted.length === given.length;
}

/**
 * Whether a route answers a path. An incomplete route answers when what stands before it could be put together
 * from the prefixes the service mounts routers at; NestJS' versions and prefixes may be anything.
 */
export function answers(route: RouteFact, path: string, prefixes: readonly RoutePrefixFact[]): boolean {
  const ignoreCase = IGNORES_CASE.has(route.framework);
  if (matchesPath(route.routePath, path, ignoreCase)) return true;
  if (route.complete) return false;
  const given = segmentsOf(path);
  for (let length = 1; length <= given.length; length += 1) {
    const rest = `/${given.slice(length).join("/")}`;
    if (!matchesPath(route.routePath, rest, ignoreCase)) continue;
    if (route.framework === "nest" || route.framework === "next" || route.framework === "node") return true;
    if (isMadeOf(given.slice(0, length), prefixes)) return true;
  }
  return false;
}

function isMadeOf(segments: readonly string[], prefixes: readonly RoutePrefixFact[]): boolean {
  if (segments.length === 0) return true;
  return prefixes.some(({ prefix }) => {
    const { length } = segmentsOf(prefix);
    if (length === 0 || length > segments.length) return false;
    const head = `/${segments.slice(0, length).join("/")}`;
    return matchesPath(prefix, head, true) && isMadeOf(segments.slice(length), prefixes);
  });
}
