import { isBuiltin } from "node:module";
import type { ModuleGraph, Use } from "@yantra-lint/core";
import { CONNECTING } from "./uses.ts";
import { isShared } from "./words.ts";

/** Packages that can ask anybody: whom they ask stands in a text. */
const CLIENTS =
  /^(?:axios|got|undici|node-fetch|cross-fetch|isomorphic-fetch|ofetch|ky|superagent|request|request-promise|needle|wretch|bent|phin|@grpc\/grpc-js|@nestjs\/(?:axios|terminus|microservices)|ws|graphql-request)(?:\/|$)/;
/** Files that do nothing. */
const INERT = /\.(?:json5?|ya?ml|css|scss|svg|png|txt|md|graphql|gql|html)$/;
const MAX_HANDS = 20;

/** All that some code leads to: files of the repository, and other packages by the specifiers they are imported with. */
export interface Reach {
  files: Set<string>;
  packages: Set<string>;
  /** It reaches, or may reach, what no import names: an absence then proves nothing. */
  open: boolean;
}

/** What a file leads to by what it uses. */
export function reachOfUses(graph: ModuleGraph, file: string, uses: readonly Use[]): Reach {
  const reach: Reach = { files: new Set(), packages: new Set(), open: false };
  for (const { specifier, name } of uses) {
    const target = graph.resolve(file, specifier);
    if (target === undefined) leave(graph, file, specifier, reach);
    else
      for (const path of declaringFiles(graph, target, name.split(".")[0] ?? "default"))
        reach.files.add(path);
  }
  return follow(graph, reach);
}

/** What files lead to, themselves among it. */
export function reachOfFiles(graph: ModuleGraph, files: Iterable<string>): Reach {
  return follow(graph, { files: new Set(files), packages: new Set(), open: false });
}

function follow(graph: ModuleGraph, reach: Reach): Reach {
  // A set's iterator comes to what is added on the way.
  for (const file of reach.files) {
    const module = graph.module(file);
    if (!module) {
      reach.open ||= !INERT.test(file);
      continue;
    }
    // What everything uses, as a logger, keeps states of its own, which are none of a dependency.
    reach.open ||= module.connects === true || (module.keepsState === true && !isShared(file));
    for (const path of graph.imports(file)) reach.files.add(path);
    const values = [
      ...module.imports.filter(({ typeOnly }) => !typeOnly).map(({ specifier }) => specifier),
      ...module.exports.flatMap(({ from, typeOnly }) => (from && !typeOnly ? [from.specifier] : [])),
    ];
    for (const specifier of values)
      if (graph.resolve(file, specifier) === undefined) leave(graph, file, specifier, reach);
  }
  return reach;
}

function leave(graph: ModuleGraph, file: string, specifier: string, reach: Reach): void {
  if (isBuiltin(specifier)) reach.open ||= CONNECTING.test(specifier);
  else if (INERT.test(specifier)) return;
  else if (
    /^[./~#@]\/?$|^\.{0,2}\//.test(specifier) ||
    graph.unresolved.some((one) => one.path === file && one.specifier === specifier)
  ) {
    reach.open = true;
  } else {
    reach.packages.add(specifier);
    reach.open ||= CLIENTS.test(specifier);
  }
}

/** The files that declare an export, behind those that only hand it on; the file itself when that cannot be told. */
function declaringFiles(graph: ModuleGraph, file: string, name: string, hands = 0): string[] {
  const exports = graph.module(file)?.exports ?? [];
  const own = exports.find((entry) => entry.name === name);
  if (own && !own.from) return [file];
  const from = own?.from;
  if (from && hands < MAX_HANDS) {
    const target = graph.resolve(file, from.specifier);
    if (target !== undefined) return declaringFiles(graph, target, from.name, hands + 1);
  }
  const all = exports.flatMap((entry) => (entry.name === "*" && entry.from ? [entry.from.specifier] : []));
  for (const specifier of own || hands >= MAX_HANDS ? [] : all) {
    const target = graph.resolve(file, specifier);
    const has = target !== undefined && graph.module(target)?.exports.some((entry) => entry.name === name);
    if (target !== undefined && has) return declaringFiles(graph, target, name, hands + 1);
  }
  return [file];
}
