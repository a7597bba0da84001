import { hasConflict, readBlocks, type Block } from "./block-yaml.ts";
import type { Dependency } from "./model.ts";

/** yarn.lock of both kinds: that of Yarn 2 and later has `__metadata` and is YAML. */
export function readYarnLock(text: string): Dependency[] | undefined {
  if (/^__metadata:/m.test(text)) return readBerry(text);
  return hasConflict(text) ? undefined : readClassic(text);
}

/**
 * Yarn 1 (classic.yarnpkg.com/docs/yarn-lock; yarnpkg/yarn, src/lockfile/parse.js): `name@range, name@range:` and
 * below it `version "1.0.0"`. It does not say what is asked for directly.
 */
function readClassic(text: string): Dependency[] | undefined {
  const found: Dependency[] = [];
  let name: string | undefined;
  let line = 0;
  for (const [index, raw] of text.split("\n").entries()) {
    const content = raw.trimEnd();
    if (content === "" || content.startsWith("#")) continue;
    if (!content.startsWith(" ")) {
      if (!content.endsWith(":")) return undefined;
      const [descriptor = ""] = content.slice(0, -1).replaceAll('"', "").split(", ", 1);
      name = nameIn(descriptor);
      line = index + 1;
    } else if (name !== undefined && content.startsWith("  version ")) {
      const version = content.slice("  version ".length).replaceAll('"', "");
      if (!/@(?:file|link):/.test(name)) found.push({ name, version, line, scope: "runtime", direct: false });
      name = undefined;
    }
  }
  return found;
}

/** `alias@npm:name@range` is `name`; `name@file:…` is kept whole, to be left out. */
function nameIn(descriptor: string): string | undefined {
  const separator = descriptor.indexOf("@", 1);
  if (separator === -1) return undefined;
  const range = descriptor.slice(separator + 1);
  if (/^(?:file|link):/.test(range)) return descriptor;
  return /^npm:((?:@[^/@]+\/)?[^@/]+)@/.exec(range)?.[1] ?? descriptor.slice(0, separator);
}

/** Yarn 2 and later (yarnpkg/berry, packages/yarnpkg-core/sources/Project.ts, `generateLockfile`). */
function readBerry(text: string): Dependency[] | undefined {
  const root = readBlocks(text)?.[0];
  if (root === undefined) return undefined;
  const byDescriptor = new Map<string, Block>();
  const own: Block[] = [];
  for (const [key, block] of root.fields) {
    if (key === "__metadata") continue;
    for (const descriptor of key.split(", ")) byDescriptor.set(descriptor, block);
    if (isOwn(block)) own.push(block);
  }
  const direct = new Set<Block>();
  for (const block of own) {
    for (const [name, { value }] of block.fields.get("dependencies")?.fields ?? []) {
      const asked = byDescriptor.get(`${name}@${value}`) ?? byDescriptor.get(`${name}@npm:${value}`);
      if (asked) direct.add(asked);
    }
  }
  return [...root.fields].flatMap(([key, block]): Dependency[] => {
    const resolution = block.fields.get("resolution")?.value;
    const separator = resolution?.indexOf("@", 1) ?? -1;
    if (key === "__metadata" || resolution === undefined || separator === -1 || isOwn(block)) return [];
    const reference = resolution.slice(separator + 1);
    const version = /^(?:npm:|patch:|virtual:)/.test(reference)
      ? (block.fields.get("version")?.value ?? reference)
      : reference;
    const name = resolution.slice(0, separator);
    return [{ name, version, line: block.line, scope: "runtime", direct: direct.has(block) }];
  });
}

function isOwn(block: Block): boolean {
  return /@(?:workspace|portal|link|file):/.test(block.fields.get("resolution")?.value ?? "");
}
