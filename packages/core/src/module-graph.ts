import type { Dependents } from "./change.ts";
import type { ModuleExport, ModuleFact, ModuleImport, PackageFact, TsconfigFact } from "./module-facts.ts";
import { ModuleResolver } from "./module-resolver.ts";
import { countReachable } from "./reachability.ts";

/** An import or a re-export that leads to a file of the repository. */
interface Edge<Entry> {
  importer: string;
  target: string;
  entry: Entry;
}

/** Names of a module that are asked for; "all" when they cannot be told. */
type Names = ReadonlySet<string> | "all";

/** A module's exports by name, with the module that declares or renames each. */
interface Exports {
  names: Map<string, { entry: ModuleExport; module: string }>;
  /** False when a module among them exports what cannot be told, as a script does. */
  complete: boolean;
}

/** A name is not handed on more often than this, unless in a circle. */
const MAX_HANDS = 50;

/**
 * Which module of a repository imports which. Type-only imports are left out: those that say so, and those of which
 * every name is a type where it is declared. Built once; what is costly is computed when it is first asked for.
 */
export class ModuleGraph {
  readonly #resolver: ModuleResolver;
  readonly #modules = new Map<string, ModuleFact>();
  readonly #imports = new Map<string, Set<string>>();
  readonly #importers = new Map<string, Set<string>>();
  readonly #importsOf = new Map<string, Edge<ModuleImport>[]>();
  readonly #reexportsOf = new Map<string, Edge<ModuleExport>[]>();
  readonly #unresolved: { path: string; specifier: string }[] = [];
  readonly #exports = new Map<string, Exports>();
  #transitive: Map<string, number> | undefined;
  #sorted: number[] | undefined;

  /** Modules and tsconfigs by their `path`; `files` are all paths of the repository, relative to its root. */
  constructor(parts: {
    modules: Iterable<ModuleFact>;
    packages: readonly PackageFact[];
    tsconfigs: readonly TsconfigFact[];
    files: Iterable<string>;
  }) {
    for (const fact of parts.modules) this.#modules.set(fact.path, fact);
    const files = new Set(parts.files);
    for (const path of this.#modules.keys()) files.add(path);
    this.#resolver = new ModuleResolver({ packages: parts.packages, tsconfigs: parts.tsconfigs, files });
    for (const fact of this.#modules.values()) this.#add(fact);
  }

  /** The file a specifier means in a module, or undefined when it is outside of the repository or not there. */
  resolve(from: string, specifier: string): string | undefined {
    const resolution = this.#resolver.resolve(from, specifier);
    return resolution.kind === "file" ? resolution.path : undefined;
  }

  /** What a module imports and exports, as it was read; undefined for other files. */
  module(path: string): ModuleFact | undefined {
    return this.#modules.get(path);
  }

  /** Files that a module imports or re-exports, sorted. */
  imports(path: string): string[] {
    return [...(this.#imports.get(path) ?? [])].sort();
  }

  /** Specifiers that look like the repository's own and lead nowhere: what is generated, or what we do not understand. */
  get unresolved(): readonly { path: string; specifier: string }[] {
    return this.#unresolved;
  }

  /** How many modules depend on a file, and which share of the modules has fewer that do (see Dependents). */
  dependents(path: string): Pick<Dependents, "direct" | "transitive" | "percentile"> {
    this.#transitive ??= this.#countAll();
    this.#sorted ??= [...this.#modules.keys()]
      .map((module) => this.#transitive?.get(module) ?? 0)
      .sort((a, b) => a - b);
    const transitive = this.#transitive.get(path) ?? 0;
    const direct = [...(this.#importers.get(path) ?? [])].filter((importer) => importer !== path).length;
    const fewer = lowerBound(this.#sorted, transitive);
    return { direct, transitive, percentile: this.#sorted.length === 0 ? 0 : fewer / this.#sorted.length };
  }

  /** All modules that depend on a file, directly or not, and the file itself. */
  closure(path: string): Set<string> {
    const reached = new Set([path]);
    for (const module of reached)
      for (const importer of this.#importers.get(module) ?? []) reached.add(importer);
    return reached;
  }

  /**
   * Modules that use one of the names a module exports, sorted. A module that only hands a name on is not among
   * them, those that take it from there are. Who takes the whole module (`import *`, `import()`, `require`) uses
   * every name; who imports it for its effects, "all" only. Types have no users.
   */
  importersOf(path: string, names: readonly string[] | "all"): string[] {
    const values = names === "all" ? names : new Set(names.filter((name) => !this.#isType(path, name)));
    if (values !== "all" && values.size === 0) return [];
    const users = new Set<string>();
    const asked = new Map<string, Names>();
    const open: { module: string; names: Names }[] = [{ module: path, names: values }];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const { module } = at;
      const fresh = withoutKnown(at.names, asked.get(module));
      if (!fresh) continue;
      asked.set(module, union(asked.get(module), fresh));
      for (const { importer, entry } of this.#importsOf.get(module) ?? []) {
        if (importer !== path && uses(entry, fresh, module === path && names === "all")) users.add(importer);
      }
      for (const { importer, entry } of this.#reexportsOf.get(module) ?? []) {
        const handed = this.#handedOn(module, entry, fresh);
        if (handed) open.push({ module: importer, names: handed });
      }
    }
    return [...users].sort();
  }

  #add(fact: ModuleFact): void {
    const { path } = fact;
    for (const entry of fact.imports) {
      const target = this.#target(path, entry.specifier);
      if (target === undefined || entry.typeOnly || this.#isOfTypes(target, entry)) continue;
      push(this.#importsOf, target, { importer: path, target, entry });
      this.#connect(path, target);
    }
    for (const entry of fact.exports) {
      if (!entry.from) continue;
      const target = this.#target(path, entry.from.specifier);
      if (target === undefined || entry.typeOnly) continue;
      push(this.#reexportsOf, target, { importer: path, target, entry });
      if (entry.from.name === "*" || !this.#isType(target, entry.from.name)) this.#connect(path, target);
    }
  }

  #target(path: string, specifier: string): string | undefined {
    const resolution = this.#resolver.resolve(path, specifier);
    if (resolution.kind === "missing") this.#unresolved.push({ path, specifier });
    return resolution.kind === "file" && resolution.path !== path ? resolution.path : undefined;
  }

  #connect(importer: string, target: string): void {
    addTo(this.#imports, importer, target);
    addTo(this.#importers, target, importer);
  }

  /** Whether an import is gone after compilation although it does not say so: all its names are types. */
  #isOfTypes(target: string, { names }: ModuleImport): boolean {
    return names !== "all" && names.length > 0 && names.every((name) => this.#isType(target, name));
  }

  /** Whether an exported name is a type, followed to where it is declared. */
  #isType(path: string, name: string, depth = 0): boolean {
    const found = this.#exportsOf(path).names.get(name);
    if (!found) return false;
    const { entry, module } = found;
    if (entry.typeOnly || !entry.from || entry.from.name === "*" || depth > MAX_HANDS) return entry.typeOnly;
    const target = this.resolve(module, entry.from.specifier);
    return target !== undefined && this.#isType(target, entry.from.name, depth + 1);
  }

  /** What a module exports, through `export *` too. */
  #exportsOf(path: string, seen = new Set<string>()): Exports {
    const known = this.#exports.get(path);
    if (known) return known;
    const names: Exports["names"] = new Map();
    const entries = this.#modules.get(path)?.exports ?? [];
    let complete = entries.length > 0;
    for (const entry of entries) if (entry.name !== "*") names.set(entry.name, { entry, module: path });
    const asked = seen.size === 0;
    seen.add(path);
    for (const { name, from } of entries) {
      const target = name === "*" && from ? this.resolve(path, from.specifier) : undefined;
      if (target === undefined || seen.has(target)) continue;
      const more = this.#exportsOf(target, seen);
      complete &&= more.complete;
      for (const [each, found] of more.names)
        if (each !== "default" && !names.has(each)) names.set(each, found);
    }
    const all = { names, complete };
    // Below another module it is only a part: what that one has from elsewhere is left out.
    if (asked || !entries.some(({ name }) => name === "*")) this.#exports.set(path, all);
    return all;
  }

  /** The names under which a module hands on what is asked for of another; undefined when it hands on none of it. */
  #handedOn(module: string, { name, from }: ModuleExport, asked: Names): Names | undefined {
    if (!from) return undefined;
    if (name !== "*")
      return from.name === "*" || asked === "all" || asked.has(from.name) ? new Set([name]) : undefined;
    const names = asked === "all" ? this.#valuesOf(module) : asked;
    if (names === "all") return "all";
    const handed = new Set([...names].filter((each) => each !== "default"));
    return handed.size > 0 ? handed : undefined;
  }

  /** All values a module exports; "all" when some cannot be told. */
  #valuesOf(path: string): Names {
    const { names, complete } = this.#exportsOf(path);
    return complete ? new Set([...names.keys()].filter((name) => !this.#isType(path, name))) : "all";
  }

  #countAll(): Map<string, number> {
    const paths = [...new Set([...this.#modules.keys(), ...this.#importers.keys()])];
    const numbers = new Map(paths.map((path, index) => [path, index]));
    const edges = paths.map((path) =>
      [...(this.#importers.get(path) ?? [])].flatMap((importer) => numbers.get(importer) ?? []),
    );
    const counts = countReachable(edges);
    return new Map(paths.map((path, index) => [path, counts[index] ?? 0]));
  }
}

/** Whether an import takes one of the names. An import for its effects does so only when the whole module is meant. */
function uses({ names }: ModuleImport, asked: Names, whole: boolean): boolean {
  if (names === "all") return true;
  if (names.length === 0) return whole;
  return asked === "all" || names.some((name) => asked.has(name));
}

function withoutKnown(names: Names, known: Names | undefined): Names | undefined {
  if (known === "all") return undefined;
  if (names === "all" || !known) return names;
  const fresh = [...names].filter((name) => !known.has(name));
  return fresh.length > 0 ? new Set(fresh) : undefined;
}

function union(known: Names | undefined, fresh: Names): Names {
  if (fresh === "all" || known === "all") return "all";
  return new Set([...(known ?? []), ...fresh]);
}

/** How many of the sorted numbers are below a value. */
function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function addTo(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key);
  if (set) set.add(value);
  else map.set(key, new Set([value]));
}
