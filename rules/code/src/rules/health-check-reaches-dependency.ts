import {
  defineWorkspaceRule,
  type FactIndex,
  type HealthCheckFact,
  type WorkspaceRuleContext,
} from "@yantra-lint/core";
import { coversPath, servicesOf } from "../groups.ts";
import { type Reach, reachOfFiles, reachOfUses } from "../health/reach.ts";
import { isShared, speaksOf } from "../health/words.ts";

/** A check that says ok without asking is worse than none: it is believed. */
export default defineWorkspaceRule({
  meta: {
    type: "problem",
    docs: {
      description: "Require a health check to call what it says it checks",
      recommended: "error",
    },
    schema: [],
    messages: {
      nothing:
        "This check says that it checks {{dependency}}, but nothing that it calls leaves the process: it says ok while {{dependency}} is down, and a release that cannot reach it is rolled out to all. Call what the routes below {{prefix}} use to reach {{dependency}}, and answer 503 when that fails.",
      missed:
        "This check says that it checks {{dependency}}, but nothing that it calls leads to {{module}}, through which the routes below {{prefix}} reach {{dependency}}: it says ok while {{dependency}} is down, and a release that cannot reach it is rolled out to all. Call {{module}} here, or take {{dependency}} out of `checks=`.",
    },
  },
  check(context) {
    for (const check of context.facts.of("healthCheck"))
      if (check.checks.length > 0 && !check.opaque) judge(context, check);
  },
});

function judge(context: WorkspaceRuleContext, check: HealthCheckFact): void {
  const { facts, modules, report } = context;
  const { path, prefix, uses, startLine, startColumn, endLine, endColumn } = check;
  const location = { path, startLine, startColumn, endLine, endColumn };
  const open = check.checks.filter(
    (dependency) => !uses.some(({ specifier, name }) => speaksOf(`${specifier} ${name}`, dependency)),
  );
  // Reading modules costs time: those of the check first, those of the routes only when it seems to miss something.
  const near = uses.length > 0 && open.length > 0 ? modules([path]) : undefined;
  if (uses.length > 0 && !near) return;
  const reach = near && reachOfUses(near, path, uses);
  for (const dependency of open) {
    if (reach && (reach.open || leadsTo(reach, dependency, facts))) continue;
    if (!reach || leadsNowhere(reach)) {
      report({ messageId: "nothing", data: { dependency, prefix }, location });
      continue;
    }
    const module = moduleOfRoutes(dependency, check, reach, context);
    if (module !== undefined) report({ messageId: "missed", data: { dependency, prefix, module }, location });
  }
}

/** Files that say by `@yantra-depends` that they reach a dependency. */
function annotatedFiles(dependency: string, facts: FactIndex): string[] {
  return facts
    .of("annotation")
    .filter(({ name, value }) => name === "depends" && value.toLowerCase() === dependency.toLowerCase())
    .map(({ path }) => path);
}

function leadsTo({ files, packages }: Reach, dependency: string, facts: FactIndex): boolean {
  return (
    [...files, ...packages].some((name) => speaksOf(lastOf(name), dependency)) ||
    annotatedFiles(dependency, facts).some((file) => files.has(file))
  );
}

/** Whether code leads to no package at all but such as everything uses. */
function leadsNowhere({ packages }: Reach): boolean {
  return [...packages].every(isShared);
}

/** Files with routes that a check covers, of its own service. */
function filesOfRoutes(check: HealthCheckFact, facts: FactIndex): string[] {
  const service = servicesOf(facts).find(({ checks }) => checks.includes(check));
  const routes = service?.groups.flatMap((group) => group.routes) ?? [];
  return [...new Set(routes.filter(({ path }) => coversPath(check, path)).map(({ fact }) => fact.path))];
}

/**
 * The module by which the routes reach a dependency, by its annotation or its name; undefined when none is known, or
 * when the check shares something with it that may be the way there.
 */
function moduleOfRoutes(
  dependency: string,
  check: HealthCheckFact,
  reach: Reach,
  { facts, modules }: WorkspaceRuleContext,
): string | undefined {
  const routeFiles = filesOfRoutes(check, facts);
  const graph = modules(routeFiles);
  if (!graph) return undefined;
  const routes = reachOfFiles(graph, routeFiles);
  const annotated = annotatedFiles(dependency, facts).find((file) => routes.files.has(file));
  if (annotated !== undefined) return annotated;
  const files = [...routes.files].filter(
    (file) => !routeFiles.includes(file) && file !== check.path && speaksOf(lastOf(file), dependency),
  );
  const behind = reachOfFiles(graph, files);
  const shared =
    [...behind.files].some((file) => reach.files.has(file) && !isShared(file)) ||
    [...behind.packages].some((name) => reach.packages.has(name) && !isShared(name));
  return shared
    ? undefined
    : [...files, ...[...routes.packages].filter((name) => speaksOf(name, dependency))][0];
}

/** The part of a path that names a module: its file, and the directory around an index. */
function lastOf(path: string): string {
  const segments = path.split("/");
  return /^index\.|^\[/.test(segments.at(-1) ?? "") || !path.includes("/")
    ? segments.slice(-2).join("/")
    : segments.slice(path.startsWith("@") ? 0 : -2).join("/");
}
