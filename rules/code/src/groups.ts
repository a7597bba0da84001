import type { FactIndex, HealthCheckFact, PackageFact, RouteFact, RoutePrefixFact } from "@yantra-lint/core";

/** A route with its path as a caller writes it. */
export interface PlacedRoute {
  fact: RouteFact;
  path: string;
}

/** The routes of a service that stand below one word, as `/payments`. */
export interface RouteGroup {
  /** `payments` */
  name: string;
  routes: PlacedRoute[];
}

/** The code of one package, and what it answers. */
export interface ServiceCode {
  directory: string;
  package: PackageFact | undefined;
  groups: RouteGroup[];
  /** Routes that report health by their name, whatever group they speak for. */
  healthRoutes: PlacedRoute[];
  checks: HealthCheckFact[];
}

/** Segments that say how an interface is offered, not what of. */
const PREFIX = /^(?:apis?|rest|rpc|public|private|internal|external|unstable|latest|alpha|beta|v\d[\d.]*)$/i;

/** Names under which health is asked for, in the words of Kubernetes, Spring, Rails and the like. */
const HEALTH =
  /^_*(?:health(?:[-_]?checks?|z)?|healthy|live(?:ness|z)?|read(?:y|iness|yz)|alive|ping|heartbeat|status(?:[-_]?checks?)?|up|startup|startupz)$/i;

/** What a server offers beside its work. */
const BESIDE =
  /^(?:metrics|docs?|documentation|swagger.*|openapi.*|api-docs|favicon.*|robots.*|sitemap.*|\.?well-known|static|assets|public|version|info|graphiql|playground|bull-?board|queues|debug.*)$/i;

/** Code that is not deployed as a service of its own. */
const NOT_DEPLOYED =
  /(?:^|\/)(?:examples?|demos?|samples?|docs?|scripts?|tools?|tooling|playgrounds?|sandbox(?:es)?|storybook|\.storybook|templates?|bench(?:marks?)?|mock[\w-]*|[\w-]+-mock|fakes?|stubs?|dev|testing|test-utils)\//i;

const segmentsOf = (path: string): string[] => path.split("/").filter((segment) => segment !== "");

/** A path's words: without parameters and without what says only how it is offered. */
function wordsOf(path: string): string[] {
  return segmentsOf(path).filter((segment) => !/^[:*]/.test(segment) && !PREFIX.test(segment));
}

/** The services of a repository: every package whose code declares routes, those on paths that are not known left out. */
export function servicesOf(facts: FactIndex): ServiceCode[] {
  const packages = [...facts.of("package")].sort((a, b) => b.directory.length - a.directory.length);
  const services = new Map<string, ServiceCode>();
  const serviceAt = (path: string): ServiceCode => {
    const found = packages.find(({ directory }) => directory === "" || path.startsWith(`${directory}/`));
    const directory = found?.directory ?? "";
    const service = services.get(directory) ?? {
      directory,
      package: found,
      groups: [],
      healthRoutes: [],
      checks: [],
    };
    services.set(directory, service);
    return service;
  };
  for (const check of facts.of("healthCheck")) serviceAt(check.path).checks.push(check);
  const mounts = new Mounts(facts.of("routePrefix"));
  for (const fact of facts.of("route")) {
    const service = serviceAt(fact.path);
    if (isHealthPath(fact.routePath)) service.healthRoutes.push({ fact, path: fact.routePath });
    if (!isEndpoint(fact)) continue;
    for (const path of mounts.pathsOf(fact)) {
      const name = groupOf(path);
      if (name === undefined) continue;
      const group = service.groups.find((one) => one.name === name);
      if (group) group.routes.push({ fact, path });
      else service.groups.push({ name, routes: [{ fact, path }] });
    }
  }
  return [...services.values()];
}

/** Packages that make code a function of a platform, which brings up its releases and watches them in its own way. */
const FUNCTIONS =
  /^(?:@(?:vendia|codegenie)\/serverless-express|serverless-http|aws-serverless-express|firebase-functions|@google-cloud\/functions-framework|@azure\/functions)$/;

/** Whether a package is a function of a platform and no service that runs by itself. */
export function isFunction(own: PackageFact | undefined): boolean {
  return own?.dependencies.some((name) => FUNCTIONS.test(name)) === true;
}

/**
 * Frameworks whose routes are files that are not read here: a health check may be one of them. React Router's and
 * Remix's `loader`s answer GET (reactrouter.com, Resource Routes), SvelteKit's `+server.ts`, Nuxt's `server/api`.
 */
const FILE_ROUTES =
  /^(@react-router\/(node|serve|express|dev)|@remix-run\/(node|serve|express|dev)|@sveltejs\/kit|nuxt|astro|@tanstack\/(react|solid)-start|@solidjs\/start)$/;

/** Whether a package has routes that are out of sight. */
export function hasUnreadRoutes(own: PackageFact | undefined): boolean {
  return own?.dependencies.some((name) => FILE_ROUTES.test(name)) === true;
}

/** Whether a path asks for health, by its words. */
export function isHealthPath(path: string): boolean {
  return segmentsOf(path).some((segment) => HEALTH.test(segment));
}

/** Whether code is of a kind that is not deployed, by where it lies: examples, tools. */
export function isNotDeployed(path: string): boolean {
  return NOT_DEPLOYED.test(path);
}

/** Pages are for people; a comparison by hand may stand in a client; a redirection or a preflight does no work. */
function isEndpoint({ page, framework, complete, method, path }: RouteFact): boolean {
  return !page && (framework !== "node" || complete) && method !== "OPTIONS" && !isNotDeployed(path);
}

function groupOf(path: string): string | undefined {
  const [word] = wordsOf(path);
  if (word === undefined || /\.\w{2,4}$/.test(word)) return undefined;
  const name = word.replace(/\..*$/, "");
  return /\p{L}/u.test(name) && !HEALTH.test(name) && !BESIDE.test(name) ? name : undefined;
}

/** Whether an annotated check speaks for a path. Versions and `/api` before either do not matter. */
export function coversPath({ prefix }: HealthCheckFact, path: string): boolean {
  const wanted = wordsOf(prefix);
  const given = wordsOf(path);
  return wanted.every((word, index) => {
    const actual = given[index]?.toLowerCase();
    return actual === word.toLowerCase() || actual?.startsWith(`${word.toLowerCase()}.`) === true;
  });
}

/** Whether a health route is called after a group: `/payments/health`, `/health/payments`. */
export function isNamedAfter({ path }: PlacedRoute, { name }: RouteGroup): boolean {
  return isHealthPath(path) && segmentsOf(path).some((word) => word.toLowerCase() === name.toLowerCase());
}

/** Where routers of other files are mounted. */
class Mounts {
  readonly #byTarget = new Map<string, RoutePrefixFact[]>();

  constructor(facts: readonly RoutePrefixFact[]) {
    for (const fact of facts) {
      if (!fact.module?.startsWith(".")) continue;
      const key = moduleKey(joined(fact.path, fact.module));
      this.#byTarget.set(key, [...(this.#byTarget.get(key) ?? []), fact]);
    }
  }

  /** The paths of a route; none when it is not known where its router is mounted. */
  pathsOf({ complete, framework, routePath, path }: RouteFact): string[] {
    // What is left out before these is a prefix for the whole application.
    if (complete || framework === "nest" || framework === "next") return [routePath];
    return this.#prefixesOf(path, 0).map((prefix) => `${prefix}${routePath}`);
  }

  #prefixesOf(file: string, depth: number): string[] {
    if (depth > 5) return [];
    const mounts = this.#byTarget.get(moduleKey(file)) ?? [];
    const paths = mounts.flatMap((mount) => {
      const outer = mount.path === file ? [] : this.#prefixesOf(mount.path, depth + 1);
      return (outer.length > 0 ? outer : [""]).map((prefix) => prefix + mount.prefix);
    });
    return [...new Set(paths)];
  }
}

/** A module's path without what may be left out of it. */
function moduleKey(path: string): string {
  return path.replace(/\.[cm]?[jt]sx?$/, "").replace(/(?:^|\/)index$/, "");
}

function joined(from: string, specifier: string): string {
  const segments = from.split("/").slice(0, -1);
  for (const segment of specifier.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "." && segment !== "") segments.push(segment);
  }
  return segments.join("/");
}
