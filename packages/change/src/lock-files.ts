import { canonicalJson, type Hunk } from "@yantra-lint/core";

/** Where an entry of a lock file comes from, and what its bytes must be. */
const IDENTITY =
  /^[\s"'-]*(?:integrity|resolved|resolution|checksum|source|url|tarball|revision|remote|commit|sha\w*|hash|contentHash|file)\b|\b(?:hash|sha\d+)\b|^[A-Za-z0-9+/]{40,}={0,2}$/;
const IDENTITY_FIELDS = ["resolved", "integrity", "source", "dist", "hashes", "contentHash", "url", "link"];

/**
 * Whether an entry of a lock file that keeps its version comes from another place or has another hash. Looks at JSON
 * by its objects with a version, at `go.sum` by its lines, and at all else by paragraphs.
 */
export function movesSources(path: string, before: string, after: string): boolean {
  const entriesOf = path.endsWith("go.sum") ? goEntries : entries;
  const old = entriesOf(before);
  const own = entriesOf(after);
  return [...old].some(([key, identity]) => {
    const now = own.get(key);
    return now !== undefined && now !== identity;
  });
}

/** Whether the changed lines of a lock file whose dependencies are the same differ in format only. */
export function isReformatted(before: string, after: string, hunks: readonly Hunk[]): boolean {
  const old = before.split("\n");
  const own = after.split("\n");
  const linesOf = (lines: readonly string[], side: "before" | "after"): string =>
    hunks
      .flatMap(({ [side]: { start, count } }) =>
        count === 0 ? [] : lines.slice(start - 1, start - 1 + count),
      )
      .filter((line) => !isOwn(line))
      .join("")
      .replace(/\s/g, "");
  if (linesOf(old, "before") === linesOf(own, "after")) return true;
  const [a, b] = [parse(before), parse(after)];
  return a !== undefined && b !== undefined && canonicalJson(a) === canonicalJson(b);
}

/** Comments, the hash of the manifest, and the repository's own version: those of others are told as dependencies. */
function isOwn(line: string): boolean {
  return /^\s*(?:#.*|"?content-hash"?\s*[:=].*|"?version"?\s*[:=]\s*["']?[\w.+-]+["']?,?)\r?$/.test(line);
}

/** `module version hash`, one a line. */
function goEntries(text: string): Map<string, string> {
  const found = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const [module = "", version = "", hash = ""] = line.trim().split(/\s+/);
    if (hash !== "") collect(found, `${module} ${version}`, hash);
  }
  return joined(found);
}

function entries(text: string): Map<string, string> {
  const root = parse(text);
  const found = new Map<string, string[]>();
  if (root === undefined) paragraphs(text, found);
  else walk(root, found);
  return joined(found);
}

function paragraphs(text: string, found: Map<string, string[]>): void {
  for (const block of text.replaceAll("\r\n", "\n").split(/\n\s*\n/)) {
    const lines = block.split("\n");
    // bun.lock: `"name": ["name@version", "registry", {…}, "hash"],`
    if (lines.length === 1) {
      const comma = block.indexOf(",");
      if (comma > 0) collect(found, block.slice(0, comma).trim(), block.slice(comma));
      continue;
    }
    const named = lines.filter((line, index) => index === 0 || /^\s*(?:name|version)\b/.test(line));
    const identity = lines.filter((line) => IDENTITY.test(line) && !isOwn(line)).map((line) => line.trim());
    collect(found, named.join("\n"), identity.join("\n"));
  }
}

function walk(root: unknown, found: Map<string, string[]>): void {
  const pending: [name: string, value: unknown][] = [["", root]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [name, value] = next;
    if (typeof value !== "object" || value === null) continue;
    const fields = new Map<string, unknown>(Object.entries(value));
    const version = fields.get("version") ?? fields.get("resolved");
    if (typeof version === "string") {
      const called = fields.get("name");
      const identity = IDENTITY_FIELDS.map((field) => fields.get(field) ?? null);
      collect(found, `${typeof called === "string" ? called : name} ${version}`, canonicalJson(identity));
    }
    for (const entry of fields) pending.push(entry);
  }
}

function collect(found: Map<string, string[]>, key: string, identity: string): void {
  const all = found.get(key);
  if (all) all.push(identity);
  else found.set(key, [identity]);
}

function joined(found: ReadonlyMap<string, readonly string[]>): Map<string, string> {
  return new Map([...found].map(([key, all]) => [key, [...new Set(all)].sort().join("\n")]));
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
