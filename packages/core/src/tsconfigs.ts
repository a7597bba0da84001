import type { TsconfigFact } from "./module-facts.ts";
import type { Output } from "./module-files.ts";
import { join, upwards } from "./posix-path.ts";

/** A configuration with what it extends, its paths made relative to the root. */
interface Effective {
  paths: readonly { pattern: string; targets: readonly string[] }[];
  baseUrl?: string;
  output?: Output;
}

/** Where a specifier may lead by `paths`, and by `baseUrl`. */
interface Candidates {
  paths: string[];
  base: string[];
  /** A pattern other than `*` speaks of the specifier: it is meant to be in the repository. */
  claimed: boolean;
}

const MAX_EXTENDS = 20;
const CONFIG = /^[jt]sconfig(?:\.[^/]*)?\.json$/;

/** The tsconfigs of a repository. */
export class Tsconfigs {
  readonly #byPath = new Map<string, TsconfigFact>();
  readonly #byDirectory = new Map<string, TsconfigFact[]>();
  readonly #effective = new Map<TsconfigFact, Effective>();
  readonly #packagePaths: (specifier: string) => readonly string[];

  /** `packagePaths` says where the file of a package of the repository may be. */
  constructor(facts: readonly TsconfigFact[], packagePaths: (specifier: string) => readonly string[]) {
    this.#packagePaths = packagePaths;
    for (const fact of facts) {
      this.#byPath.set(fact.path, fact);
      if (!CONFIG.test(baseName(fact))) continue;
      const same = this.#byDirectory.get(fact.directory);
      if (same) same.push(fact);
      else this.#byDirectory.set(fact.directory, [fact]);
    }
    // `tsconfig.json` first. Others beside it (`tsconfig.app.json`) often hold what it only refers to.
    for (const list of this.#byDirectory.values()) list.sort((a, b) => rankOf(a) - rankOf(b));
  }

  /** Candidates of a specifier in a directory's files: of the nearest configuration first. */
  candidates(directory: string, specifier: string): Candidates {
    const result: Candidates = { paths: [], base: [], claimed: false };
    for (const at of upwards(directory)) {
      for (const fact of this.#byDirectory.get(at) ?? []) {
        const { paths, baseUrl } = this.#effectiveOf(fact);
        const match = bestMatch(paths, specifier);
        if (match) {
          result.paths.push(...match.targets);
          result.claimed ||=
            !match.general && match.targets.some((target) => !target.includes("node_modules"));
        }
        const below = baseUrl === undefined ? undefined : join(baseUrl, specifier);
        if (below !== undefined) result.base.push(below);
      }
    }
    return result;
  }

  /** Where the configurations of a directory build to. */
  outputs(directory: string): Output[] {
    return (this.#byDirectory.get(directory) ?? []).flatMap((fact) => this.#effectiveOf(fact).output ?? []);
  }

  #effectiveOf(fact: TsconfigFact): Effective {
    let known = this.#effective.get(fact);
    if (!known) {
      known = this.#compute(fact);
      this.#effective.set(fact, known);
    }
    return known;
  }

  #compute(fact: TsconfigFact): Effective {
    const chain = this.#chain(fact, new Set());
    const own = (key: "baseUrl" | "outDir" | "rootDir"): string | undefined => {
      const holder = chain.find((config) => config[key] !== undefined);
      const value = holder?.[key];
      return holder && value !== undefined ? place(holder.directory, value, fact.directory) : undefined;
    };
    const baseUrl = own("baseUrl");
    const outDir = own("outDir");
    const rootDir = own("rootDir");
    const withPaths = chain.find(({ paths }) => paths !== undefined);
    const base = baseUrl ?? withPaths?.directory ?? "";
    const paths = Object.entries(withPaths?.paths ?? {}).map(([pattern, targets]) => ({
      pattern,
      targets: targets.flatMap((target) => place(base, target, fact.directory) ?? []),
    }));
    return {
      paths,
      ...(baseUrl === undefined ? {} : { baseUrl }),
      ...(outDir ? { output: { outDir, ...(rootDir === undefined ? {} : { rootDir }) } } : {}),
    };
  }

  /** The configuration and all it extends, those that win first. */
  #chain(fact: TsconfigFact, seen: Set<TsconfigFact>): TsconfigFact[] {
    if (seen.has(fact) || seen.size > MAX_EXTENDS) return [];
    seen.add(fact);
    // Of several bases a later one wins (TypeScript 5.0).
    const bases = fact.extends.toReversed().flatMap((base) => this.#find(fact.directory, base) ?? []);
    return [fact, ...bases.flatMap((base) => this.#chain(base, seen))];
  }

  #find(directory: string, base: string): TsconfigFact | undefined {
    const relative = /^\.{1,2}(?:\/|$)/.test(base) ? join(directory, base) : undefined;
    const places = relative === undefined ? this.#packagePaths(base) : [relative];
    for (const path of places) {
      for (const candidate of [path, `${path}.json`, join(path, "tsconfig.json") ?? ""]) {
        const found = this.#byPath.get(candidate);
        if (found) return found;
      }
    }
    return undefined;
  }
}

function baseName({ path }: TsconfigFact): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function rankOf(fact: TsconfigFact): number {
  return !["tsconfig.json", "jsconfig.json"].includes(baseName(fact)) ? 1 : 0;
}

/** `${configDir}` is the directory of the configuration that is used, not of the one it is written in (TypeScript 5.5). */
function place(directory: string, value: string, leaf: string): string | undefined {
  const own = /^\$\{configDir\}\/?/.exec(value);
  if (own) return join(leaf, value.slice(own[0].length));
  return value.startsWith("/") ? undefined : join(directory, value);
}

/** An exact pattern, else the one with the longest text before its `*`, as TypeScript has it. */
function bestMatch(
  paths: Effective["paths"],
  specifier: string,
): { targets: string[]; general: boolean } | undefined {
  let best: { length: number; targets: string[]; general: boolean } | undefined;
  for (const { pattern, targets } of paths) {
    if (pattern === specifier) return { targets: [...targets], general: false };
    const star = pattern.indexOf("*");
    if (star === -1) continue;
    const before = pattern.slice(0, star);
    const after = pattern.slice(star + 1);
    if (specifier.length < before.length + after.length) continue;
    if (!specifier.startsWith(before) || !specifier.endsWith(after)) continue;
    if (best && best.length >= before.length) continue;
    const rest = specifier.slice(before.length, specifier.length - after.length);
    best = {
      length: before.length,
      targets: targets.map((target) => target.replace("*", () => rest)),
      general: before === "",
    };
  }
  return best;
}
