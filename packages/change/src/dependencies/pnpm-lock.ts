import { readBlocks, type Block } from "./block-yaml.ts";
import type { Dependency } from "./model.ts";

const SECTIONS: readonly { key: string; scope: Dependency["scope"] }[] = [
  { key: "dependencies", scope: "runtime" },
  { key: "optionalDependencies", scope: "runtime" },
  { key: "devDependencies", scope: "development" },
  // The package manager's own plugins (pnpm.io/config-dependencies).
  { key: "configDependencies", scope: "development" },
  { key: "packageManagerDependencies", scope: "development" },
];

interface Reference {
  name: string;
  reference: string;
}

/**
 * pnpm-lock.yaml, lockfile versions 5 to 9 (github.com/pnpm/spec/tree/master/lockfile; pnpm, lockfile/types and
 * deps/path). The keys of `packages` are `/name/1.0.0_peers` in version 5, `/name@1.0.0(peers)` in 6, and
 * `name@1.0.0` in 9, which has the peers in `snapshots`.
 */
export function readPnpmLock(text: string): Dependency[] | undefined {
  const documents = readBlocks(text);
  if (!documents?.some(({ fields }) => fields.has("lockfileVersion"))) return undefined;
  return documents.flatMap(readDocument);
}

function readDocument(root: Block): Dependency[] {
  const old = (root.fields.get("lockfileVersion")?.value ?? "").startsWith("5");
  const importers = [...(root.fields.get("importers")?.fields.values() ?? []), root];
  const packages = root.fields.get("packages")?.fields ?? new Map<string, Block>();
  const graph = root.fields.get("snapshots")?.fields ?? packages;
  const direct = new Set<string>();
  const needed: Reference[] = [];
  for (const importer of importers) {
    for (const { key, scope } of SECTIONS) {
      for (const reference of referencesIn(importer, key)) {
        const asked = keyOf(reference, graph, old);
        const { name, version } = idOf(asked, old, graph.get(asked));
        direct.add(`${name}@${version}`);
        if (scope === "runtime") needed.push(reference);
      }
    }
  }
  const runtime = reachable(needed, graph, old);
  return [...packages].flatMap(([key, block]): Dependency[] => {
    const { name, version } = idOf(key, old, block);
    if (/^(?:file|link):/.test(version)) return [];
    const id = `${name}@${version}`;
    const scope = runtime.has(id) ? "runtime" : "development";
    return [{ name, version, line: block.line, scope, direct: direct.has(id) }];
  });
}

/** `name: version`, or `name:` with `version:` below. */
function referencesIn(block: Block, section: string): Reference[] {
  return [...(block.fields.get(section)?.fields ?? [])].flatMap(([name, entry]) => {
    const reference = entry.fields.get("version")?.value ?? entry.value;
    return reference === "" || reference.startsWith("link:") ? [] : [{ name, reference }];
  });
}

/** The key of what a reference means: an alias is written with the name of what it stands for. */
function keyOf({ name, reference }: Reference, graph: ReadonlyMap<string, Block>, old: boolean): string {
  const candidates = old
    ? [`/${name}/${reference}`, reference]
    : [`${name}@${reference}`, `/${name}@${reference}`, reference];
  return candidates.find((key) => graph.has(key)) ?? candidates[0] ?? reference;
}

/** The packages, as name@version, that are needed where development dependencies are not installed. */
function reachable(from: readonly Reference[], graph: ReadonlyMap<string, Block>, old: boolean): Set<string> {
  const seen = new Set<string>();
  const found = new Set<string>();
  const pending = [...from];
  for (let reference = pending.pop(); reference !== undefined; reference = pending.pop()) {
    const key = keyOf(reference, graph, old);
    if (seen.has(key)) continue;
    seen.add(key);
    const block = graph.get(key);
    const { name, version } = idOf(key, old, block);
    found.add(`${name}@${version}`);
    if (block)
      pending.push(...referencesIn(block, "dependencies"), ...referencesIn(block, "optionalDependencies"));
  }
  return found;
}

/** Name and version of a package's key, the peers it was resolved with left out. */
function idOf(key: string, old: boolean, block: Block | undefined): { name: string; version: string } {
  const [plain = key] = key.replace(/^\//, "").split("(", 1);
  const separator = old ? plain.lastIndexOf("/") : plain.indexOf("@", 1);
  const version = old ? plain.slice(separator + 1).replace(/_.*$/s, "") : plain.slice(separator + 1);
  // What no registry has (git, archives) says its name in a field; its key says which commit it is.
  if (separator <= 0 || (old && !/^\d/.test(version))) {
    return { name: block?.fields.get("name")?.value ?? plain, version: plain };
  }
  return { name: plain.slice(0, separator), version };
}
