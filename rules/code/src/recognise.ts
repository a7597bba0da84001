import type { CandidateFile, FileKind } from "@yantra-lint/core";
import { mayDeploy } from "./deploy/code.ts";
import { packageDatabase } from "./queries/drivers.ts";
import { maySendQueries } from "./queries/index.ts";
import { OTHER_SERVERS } from "./routes/modules.ts";
import { nextFileOf } from "./routes/next.ts";
import { type CodeDetails, MAX_CODE_LENGTH } from "./source.ts";
import { isTsconfig } from "./tsconfig-json.ts";

/** Beside what is built or installed: what only declares types, to TypeScript or (`flow-typed`) to Flow. */
const NOT_SOURCE =
  /(?:^|\/)(?:node_modules|flow-typed|dist|\.next|\.nuxt|\.output|coverage)\/|\.min\.[cm]?js$|\.d\.[cm]?ts$/;
const TEST =
  /(?:^|\/)(?:__tests__|__mocks__|__fixtures__|tests?|e2e|specs?|cypress|playwright|mocks?|fixtures|stories)\/|[._-](?:test|spec|e2e|bench|stories|story|mock|cy)s?\.[cm]?[jt]sx?$/i;
const GENERATED = /@generated\b|\bdo not edit\b|\bgenerated (?:by|file|code)\b/i;

const quoted = (names: Iterable<string>): RegExp =>
  new RegExp(
    `["'\`](?:${[...names].map((name) => name.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")).join("|")})["'\`]`,
  );

/** A module whose import (or require) makes the file worth parsing. */
const SERVER_MODULE = quoted([
  "express",
  "ultimate-express",
  "express-promise-router",
  "fastify",
  "fastify-plugin",
  "hono",
  "hono/tiny",
  "hono/quick",
  "@hono/zod-openapi",
  "koa",
  "@koa/router",
  "koa-router",
  "koa-better-router",
  "koa-mount",
  ...OTHER_SERVERS.keys(),
]);
/** NestJS: most files import it, few declare routes. */
const NEST =
  /@Controller\b|@(?:Get|Post|Put|Patch|Delete|All|Head|Options|Search|Sse)\(|\bNestFactory\b|\bsetGlobalPrefix\b|\bRouterModule\b|\b(?:ServeStatic|GraphQL|Prometheus|BullBoard|Metrics|Mercurius)Module\b/;
/** A method call with a path on something called like an application or a router (it may come from elsewhere). */
const CALL =
  /(?:\b(?:app|router|server|fastify|instance)|(?:App|Router|Routes))\s*\.\s*(?:get|post|put|patch|delete|del|all|head|options|use|route|register|on|mount)\s*\(\s*(?:\[\s*)?["'`]\//;
/** A request's path compared by hand. */
const COMPARISON =
  /\b(?:req|request|ctx|context|url|uri|parsed\w{0,20}|nextUrl|incoming\w{0,20})\.(?:url|path|pathname|originalUrl)\s*(?:={2,3}\s*["'`]\/|\))/;
const SERVER = /\bcreate(?:Secure)?Server\b/;

/** Whether a text may declare routes. Every expression is linear: no nested or adjacent unbounded repetition. */
function looksLikeRoutes(text: string): boolean {
  return (
    SERVER_MODULE.test(text) ||
    (text.includes("@nestjs/") && NEST.test(text)) ||
    CALL.test(text) ||
    COMPARISON.test(text) ||
    SERVER.test(text)
  );
}

/** Whether a text may hold an annotation or a suppression of ours. */
function speaksToUs(text: string): boolean {
  return /@yantra-/i.test(text) || (text.includes("yantra/") && /eslint-(?:dis|en)able/.test(text));
}

/**
 * The file's kind, by its path and a look at its text, so that of a repository's thousands of files only those
 * are parsed that say something: `code` (parsed and linted), `page` (a route of Next.js by its path alone), `queries`
 * (nothing but SQL and tables, which `map` reads with its own parser), `package`, `tsconfig`.
 */
export function recognise(file: CandidateFile): FileKind | undefined {
  const { path } = file;
  if (NOT_SOURCE.test(path)) return undefined;
  if (/(?:^|\/)package\.json$/.test(path))
    return TEST.test(path) ? undefined : { name: "package", factsOnly: true };
  if (path.endsWith(".json"))
    return isTsconfig(path, () => file.text) ? { name: "tsconfig", factsOnly: true } : undefined;
  const test = TEST.test(path);
  const nextConfig = /(?:^|\/)next\.config\.[cm]?[jt]s$/.test(path);
  const next = test ? undefined : nextFileOf(path, (neighbour) => file.neighbour(neighbour));
  const { text } = file;
  const routes = !test && (nextConfig || looksLikeRoutes(text));
  const speaks = speaksToUs(text);
  const deploys = !test && mayDeploy(text);
  const queries = !test && maySendQueries(path, text);
  if (!routes && !speaks && !deploys && !next && !queries && !file.named) return undefined;
  // Data and bundles that hold SQL too are no code of which anything was expected.
  if (text.length > MAX_CODE_LENGTH && queries && !routes && !speaks && !deploys && !next && !file.named)
    return undefined;
  if (text.length > MAX_CODE_LENGTH) return kind("code", { tooLarge: true }, true);
  const details: CodeDetails = {
    ...(routes ? { routes } : {}),
    ...(deploys ? { deploys } : {}),
    ...(next ? { next } : {}),
    ...(nextConfig ? { nextConfig } : {}),
    ...(queries ? { queries: packageDatabase(file) } : {}),
  };
  if (queries && !routes && !speaks && !deploys && !next && !file.named)
    return kind("queries", details, true);
  if (next && next.role !== "handler" && !routes && !speaks && !deploys && !file.named)
    return kind("page", details, true);
  // A generator's comments are not people's, but the routes it writes are real.
  return kind("code", details, GENERATED.test(text.slice(0, 600)) && !file.named);
}

function kind(name: string, details: CodeDetails, factsOnly: boolean): FileKind {
  return { name, details: { ...details }, ...(factsOnly ? { factsOnly } : {}) };
}
