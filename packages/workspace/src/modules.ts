import path from "node:path";
import { type AnyPack, type FactIndex, type FileEdit, type FileVersions } from "@yantra-lint/core";
import { type ModuleFact, ModuleGraph } from "@yantra-lint/core";
import picomatch from "picomatch";
import { digest, type ResultCache } from "./cache.ts";
import { MAX_FILE_BYTES } from "./discover.ts";
import { placed } from "./stream.ts";
import type { Tree } from "./tree.ts";

interface ModuleOptions {
  packs: readonly AnyPack[];
  ignore: readonly string[];
  cache?: ResultCache;
  toolVersion: string;
}

/**
 * What every file of code imports and exports, in the order of their paths. Most runs do not ask for it, so it is no
 * part of `map`. Files that cannot be read, are too large or do not parse are left out.
 */
export function readModules(tree: Tree, options: ModuleOptions): ModuleFact[] {
  return tree.list().flatMap(reader(tree, options));
}

/** Reads the module a file is: one fact, or none. */
function reader(tree: Tree, options: ModuleOptions): (file: string) => ModuleFact[] {
  const readers = options.packs.filter((pack) => pack.readModule);
  const ignored = options.ignore.length > 0 ? picomatch([...options.ignore], { dot: true }) : () => false;
  const context = digest("module", options.toolVersion);
  return (file) => {
    const pack = readers.find(({ candidates }) => candidates.extensions.includes(path.posix.extname(file)));
    if (!pack || ignored(file)) return [];
    const text = textOf(tree, file);
    return text === undefined ? [] : readModule(pack, file, text, context, options.cache);
  };
}

/** The modules that some files lead to, directly and through others. */
export type ReachableModules = (facts: FactIndex, entries: readonly string[]) => ModuleGraph;

/**
 * Reads modules from some entries on, each file once and only when it is asked for: for rules that follow an import
 * and must not cost a run the reading of all code.
 */
export function reachableModules(makeTree: () => Tree, options: ModuleOptions): ReachableModules {
  let source: { files: readonly string[]; read: (file: string) => ModuleFact[] } | undefined;
  const known = new Map<string, ModuleFact[]>();
  return (facts, entries) => {
    if (!source) {
      const tree = makeTree();
      source = { files: tree.list(), read: reader(tree, options) };
    }
    const { files, read } = source;
    const around = { packages: facts.of("package"), tsconfigs: facts.of("tsconfig"), files };
    const paths = new ModuleGraph({ modules: [], ...around });
    const modules = new Map<string, ModuleFact>();
    const open = new Set(entries);
    for (const file of open) {
      const found = known.get(file) ?? read(file);
      known.set(file, found);
      for (const fact of found) {
        modules.set(file, fact);
        for (const specifier of specifiersOf(fact)) {
          const target = paths.resolve(file, specifier);
          if (target !== undefined) open.add(target);
        }
      }
    }
    return new ModuleGraph({ modules: modules.values(), ...around });
  };
}

function specifiersOf({ imports, exports }: ModuleFact): string[] {
  return [
    ...imports.filter(({ typeOnly }) => !typeOnly).map(({ specifier }) => specifier),
    ...exports.flatMap(({ from, typeOnly }) => (from && !typeOnly ? [from.specifier] : [])),
  ];
}

function textOf(tree: Tree, file: string): string | undefined {
  try {
    const size = tree.size(file);
    return size === undefined || size > MAX_FILE_BYTES ? undefined : tree.read(file).text;
  } catch {
    return undefined;
  }
}

/** A module is what its text and its extension say, wherever it stands. */
function readModule(
  pack: AnyPack,
  file: string,
  text: string,
  context: string,
  cache: ResultCache | undefined,
): ModuleFact[] {
  const key = digest(context, path.posix.extname(file), text);
  const known = cache?.get(key);
  if (known) return placed(known.facts, file).filter((fact) => fact.type === "module");
  const fact = pack.readModule?.({ path: file, text });
  cache?.set(key, { facts: fact ? [fact] : [], findings: [] });
  return fact ? placed([fact], file) : [];
}

/** Asks the packs whose files have such a name how a file was edited; the first that can tell answers. */
export function comparer(packs: readonly AnyPack[]): (file: FileVersions) => FileEdit | undefined {
  return (file) => {
    const extension = path.posix.extname(file.path).toLowerCase();
    for (const pack of packs) {
      if (!pack.compare || !pack.candidates.extensions.includes(extension)) continue;
      const edit = pack.compare(file);
      if (edit) return edit;
    }
    return undefined;
  };
}
