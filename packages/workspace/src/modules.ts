import path from "node:path";
import type { AnyPack, FileEdit, FileVersions, ModuleFact } from "@yantra-lint/core";
import picomatch from "picomatch";
import { digest, packsDigest, type ResultCache } from "./cache.ts";
import { MAX_FILE_BYTES } from "./discover.ts";
import { placed } from "./stream.ts";
import type { Tree } from "./tree.ts";

/**
 * What every file of code imports and exports, in the order of their paths. Most runs do not ask for it, so it is no
 * part of `map`. Files that cannot be read, are too large or do not parse are left out.
 */
export function readModules(
  tree: Tree,
  options: {
    packs: readonly AnyPack[];
    ignore: readonly string[];
    cache?: ResultCache;
    toolVersion: string;
  },
): ModuleFact[] {
  const readers = options.packs.filter((pack) => pack.readModule);
  const ignored = options.ignore.length > 0 ? picomatch([...options.ignore], { dot: true }) : () => false;
  const context = digest("module", options.toolVersion, packsDigest(readers));
  return tree.list().flatMap((file) => {
    const pack = readers.find(({ candidates }) => candidates.extensions.includes(path.posix.extname(file)));
    if (!pack || ignored(file)) return [];
    const text = textOf(tree, file);
    return text === undefined ? [] : readModule(pack, file, text, context, options.cache);
  });
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
