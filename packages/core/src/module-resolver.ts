import { builtinModules } from "node:module";
import type { PackageFact, TsconfigFact } from "./module-facts.ts";
import { findFile, findSource } from "./module-files.ts";
import { dirname, join, upwards } from "./posix-path.ts";
import { Tsconfigs } from "./tsconfigs.ts";

/** What a specifier leads to: a file of the repository, something outside of it, or a file that is not there. */
export type Resolution = { kind: "file"; path: string } | { kind: "external" } | { kind: "missing" };

const EXTERNAL: Resolution = { kind: "external" };
const MISSING: Resolution = { kind: "missing" };

const BUILTIN = new Set(builtinModules);
const STYLE = /\.(?:css|scss|sass|less|styl|stylus|pcss|postcss)$/i;
const MAX_REDIRECTIONS = 5;

/**
 * Resolves specifiers the way TypeScript, Node.js and bundlers together would, without their settings: whatever
 * of them leads to a file of the repository counts. Nothing has to be installed or built: a package's built
 * entry leads to its source.
 */
export class ModuleResolver {
  readonly #files: ReadonlySet<string>;
  readonly #packages = new Map<string, PackageFact[]>();
  readonly #byDirectory = new Map<string, PackageFact>();
  readonly #tsconfigs: Tsconfigs;
  readonly #known = new Map<string, Resolution>();

  constructor(parts: {
    packages: readonly PackageFact[];
    tsconfigs: readonly TsconfigFact[];
    files: ReadonlySet<string>;
  }) {
    this.#files = parts.files;
    for (const fact of parts.packages) {
      this.#byDirectory.set(fact.directory, fact);
      if (fact.name === "") continue;
      const same = this.#packages.get(fact.name);
      if (same) same.push(fact);
      else this.#packages.set(fact.name, [fact]);
    }
    this.#tsconfigs = new Tsconfigs(parts.tsconfigs, (specifier) => this.#directoriesOf(specifier));
  }

  /** What `specifier` means in a file of the repository. */
  resolve(from: string, specifier: string): Resolution {
    const directory = dirname(from);
    const key = `${directory}\0${specifier}`;
    let known = this.#known.get(key);
    if (!known) {
      known = this.#resolve(directory, specifier);
      this.#known.set(key, known);
    }
    return known;
  }

  #resolve(directory: string, written: string): Resolution {
    // Bundlers take a query (`./x.svg?url`) and, before the last `!`, loaders.
    const specifier = written.replace(/^.*!/, "").replace(/(?!^)[?].*$/, "");
    if (STYLE.test(specifier) || specifier === "") return EXTERNAL;
    if (/^\.{1,2}(?:\/|$)/.test(specifier)) return this.#relative(directory, specifier);
    if (specifier.startsWith("/") || /^[a-z][\w+.-]*:/i.test(specifier)) return EXTERNAL;
    const mapped = this.#tsconfigs.candidates(directory, specifier);
    const found = this.#first(mapped.paths) ?? this.#bare(directory, specifier, 0);
    if (found !== undefined) return { kind: "file", path: found };
    if (!BUILTIN.has(specifier)) {
      const below = this.#first(mapped.base) ?? this.#byHabit(directory, specifier);
      if (below !== undefined) return { kind: "file", path: below };
    }
    return mapped.claimed || this.#isOurs(directory, specifier) ? MISSING : EXTERNAL;
  }

  #relative(directory: string, specifier: string): Resolution {
    const path = join(directory, specifier);
    if (path === undefined) return MISSING;
    const found = this.#file(path) ?? this.#built(path);
    if (found !== undefined) return { kind: "file", path: found };
    return MISSING;
  }

  /** A file, or a directory with a package or an index. */
  #file(path: string): string | undefined {
    const found = findFile(this.#files, path);
    if (found !== undefined) return found;
    const inside = this.#byDirectory.get(path);
    return inside?.entries ? this.#entry(inside, ".") : undefined;
  }

  /** The source of a file that is built, by the settings of the package that it would be in. */
  #built(path: string): string | undefined {
    const { directory } = this.#packageAround(dirname(path)) ?? { directory: "" };
    return findSource(this.#files, directory, path, this.#tsconfigs.outputs(directory));
  }

  #first(paths: readonly string[]): string | undefined {
    for (const path of paths) {
      const found = this.#file(path);
      if (found !== undefined) return found;
    }
    for (const path of paths) {
      const found = this.#built(path);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** A package's own `#imports`, or a package of the repository by its name; its own too. */
  #bare(directory: string, specifier: string, redirections: number): string | undefined {
    if (redirections > MAX_REDIRECTIONS) return undefined;
    if (specifier.startsWith("#")) {
      const around = this.#packageAround(directory);
      if (!around?.imports) return undefined;
      const targets = matchSubpath(around.imports, specifier);
      const own = targets.filter((target) => target.startsWith("."));
      const found = this.#first(own.flatMap((target) => join(around.directory, target) ?? []));
      if (found !== undefined) return found;
      for (const target of targets) {
        const other = own.includes(target)
          ? undefined
          : this.#bare(around.directory, target, redirections + 1);
        if (other !== undefined) return other;
      }
      return undefined;
    }
    const { name, subpath } = splitSpecifier(specifier);
    for (const fact of this.#packagesOf(name, directory)) {
      const found = this.#entry(fact, subpath);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The file behind a subpath (`.`, `./utils`) of a package: by its entries, else by its place. */
  #entry(fact: PackageFact, subpath: string): string | undefined {
    const within = (target: string): string[] => {
      const path = join(fact.directory, target);
      return path === undefined ? [] : [path];
    };
    // A declaration says less than what it is built from.
    const targets = matchSubpath(fact.entries ?? {}, subpath);
    const files = [...targets.filter((target) => !DECLARATION.test(target)), ...targets].flatMap(within);
    for (const path of files) {
      const found = findFile(this.#files, path);
      if (found !== undefined) return found;
    }
    const outputs = this.#tsconfigs.outputs(fact.directory);
    for (const path of [...files, ...within(subpath)]) {
      const found = findSource(this.#files, fact.directory, path, outputs) ?? findFile(this.#files, path);
      if (found !== undefined) return found;
    }
    const guesses = [`src/${subpath}`, `lib/${subpath}`].flatMap(within);
    for (const path of guesses) {
      const found = findFile(this.#files, path);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** `@/x`, `~/x` and SvelteKit's `$lib`, which bundlers are told to take from the sources, without our seeing it. */
  #byHabit(directory: string, specifier: string): string | undefined {
    if (!HABIT.test(specifier)) return undefined;
    const rest = specifier.replace(HABIT, "");
    for (const at of upwards(directory)) {
      if (at !== "" && !this.#byDirectory.has(at)) continue;
      for (const below of ["src", "app", ""]) {
        const path = join(at, below, rest);
        const found = path === undefined ? undefined : findFile(this.#files, path);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }

  #packageAround(directory: string): PackageFact | undefined {
    for (const at of upwards(directory)) {
      const fact = this.#byDirectory.get(at);
      if (fact) return fact;
    }
    return undefined;
  }

  /** Whether a specifier that led nowhere looks like one of the repository's own. */
  #isOurs(directory: string, specifier: string): boolean {
    if (HABIT.test(specifier)) return true;
    if (specifier.startsWith("#"))
      return matchSubpath(this.#packageAround(directory)?.imports ?? {}, specifier).length > 0;
    return this.#packagesOf(splitSpecifier(specifier).name, directory).length > 0;
  }

  /**
   * Packages of a name, seen from a directory. A package can only name itself when it has entries
   * (nodejs.org/api/packages.html#self-referencing-a-package-using-its-name); without, its name is another's: an
   * application is often called as the library it is made with.
   */
  #packagesOf(name: string, directory: string): PackageFact[] {
    const facts = this.#packages.get(name) ?? [];
    return facts.filter(
      ({ entries, directory: own }) =>
        entries !== undefined || !(own === "" || directory === own || directory.startsWith(`${own}/`)),
    );
  }

  /** Where a configuration of a package of the repository may lie: `@repo/tsconfig/base.json`. */
  #directoriesOf(specifier: string): string[] {
    const { name, subpath } = splitSpecifier(specifier);
    return (this.#packages.get(name) ?? []).flatMap((fact) => {
      const targets = matchSubpath(fact.entries ?? {}, subpath);
      return [...targets, subpath].flatMap((target) => join(fact.directory, target) ?? []);
    });
  }
}

const HABIT = /^(?:[@~]\/|\$(?=lib\/|lib$))/;
const DECLARATION = /\.d\.[cm]?ts$/;

/** `@scope/name/sub/path` as name and subpath (`./sub/path`, or `.`). */
function splitSpecifier(specifier: string): { name: string; subpath: string } {
  const match = /^(?:@[^/]+\/)?[^/]+/.exec(specifier);
  const name = match?.[0] ?? specifier;
  return { name, subpath: `.${specifier.slice(name.length)}` };
}

/**
 * Targets of a subpath: an exact key, else the pattern with the longest text before its `*`, which is put into
 * the targets (nodejs.org/api/packages.html#subpath-patterns). Keys that end with `/` are their older form.
 */
export function matchSubpath(table: Readonly<Record<string, string[]>>, subpath: string): string[] {
  if (Object.hasOwn(table, subpath)) return table[subpath] ?? [];
  let best: { length: number; targets: string[] } | undefined;
  for (const [key, targets] of Object.entries(table)) {
    const pattern = key.endsWith("/") ? `${key}*` : key;
    const star = pattern.indexOf("*");
    if (star === -1) continue;
    const before = pattern.slice(0, star);
    const after = pattern.slice(star + 1);
    if (subpath.length < before.length + after.length) continue;
    if (!subpath.startsWith(before) || !subpath.endsWith(after)) continue;
    if (best && best.length >= before.length) continue;
    const rest = subpath.slice(before.length, subpath.length - after.length);
    const whole = key.endsWith("/") ? targets.map((target) => `${target}*`) : targets;
    best = { length: before.length, targets: whole.map((target) => target.replaceAll("*", () => rest)) };
  }
  return best?.targets ?? [];
}
