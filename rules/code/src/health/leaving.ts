import type { RouteFact, WorkspaceRuleContext } from "@yantra-lint/core";
import { isLocalModule } from "../routes/ast.ts";
import { type Reach, reachOfFiles, reachOfUses } from "./reach.ts";

type Modules = WorkspaceRuleContext["modules"];

/** Packages that work on what they are given, and servers. */
const HARMLESS =
  /^(?:express|next|fastify|koa|hono|@(?:koa\/router|hono\/node-server|nestjs\/(?:common|core))|zod|joi|yup|ajv|pino|winston|lodash|date-fns|dayjs|luxon|uuid|nanoid|http-status-codes|http-errors)(?:\/|$)/;

/** A path that asks whether a service is ready to work, and not only whether its process runs. */
const READINESS = /(?:^|\/)_*(?:read(?:y|yz|iness)|health[\w-]*)(?:\/|$)/i;
const LIVENESS = /(?:^|\/)_*(?:live(?:ness|z)?|alive|ping|startupz?)(?:\/|$)/i;

/** What a route's handler leads to beyond its own file; undefined when that cannot be told. */
function reachOf({ handler, framework, path }: RouteFact, modules: Modules): Reach | undefined {
  // Of Next.js a whole file is the handler.
  if (!handler && framework !== "next") return undefined;
  const uses = handler?.uses.filter(({ specifier }) => !HARMLESS.test(specifier)) ?? [];
  const packages = uses.filter(({ specifier }) => !isLocalModule(specifier));
  if (handler && packages.length === uses.length)
    return { files: new Set(), packages: new Set(packages.map(({ specifier }) => specifier)), open: false };
  const graph = modules([path]);
  return graph && (handler ? reachOfUses(graph, path, uses) : reachOfFiles(graph, [path]));
}

function leaves({ open, packages }: Reach): boolean {
  return open || [...packages].some((name) => !HARMLESS.test(name));
}

/** Whether it is certain that nothing a route's handler calls leaves the process. */
export function staysInside(route: RouteFact, modules: Modules): boolean {
  const reach = route.handler?.opaque ? undefined : reachOf(route, modules);
  return reach !== undefined && !leaves(reach);
}

/** Whether a route is a check that asks, or may ask, something outside of the process. */
export function isAskingCheck(route: RouteFact, modules: Modules): boolean {
  if (!READINESS.test(route.routePath) || LIVENESS.test(route.routePath)) return false;
  if (route.handler?.asks) return true;
  const reach = reachOf(route, modules);
  return reach !== undefined && leaves(reach);
}
