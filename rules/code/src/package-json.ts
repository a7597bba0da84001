import { Lines, type PackageFact } from "@yantra-lint/core";

/**
 * What a `package.json` says of its package, or undefined when it is no JSON object (a template, say). The region
 * is the name's value, or the first character when it has none.
 */
export function packageFact(path: string, text: string): PackageFact | undefined {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof manifest !== "object" || manifest === null || Array.isArray(manifest)) return undefined;
  const name = "name" in manifest && typeof manifest.name === "string" ? manifest.name : "";
  const dependencies = "dependencies" in manifest ? manifest.dependencies : undefined;
  const entries = entriesOf(manifest);
  const imports = "imports" in manifest ? subpaths(manifest.imports, "#") : {};
  const at = name === "" ? undefined : placeOfName(text, name);
  return {
    type: "package",
    path: "",
    ...new Lines(text).region(at ?? [0, Math.min(1, text.length)]),
    name,
    directory: path.replace(/\/?package\.json$/, ""),
    dependencies: typeof dependencies === "object" && dependencies !== null ? Object.keys(dependencies) : [],
    ...(Object.keys(entries).length > 0 ? { entries } : {}),
    ...(Object.keys(imports).length > 0 ? { imports } : {}),
  };
}

/** Fields that name the file of `.`, those of sources before those of what is built from them. */
const MAIN_FIELDS = ["source", "module", "main", "browser", "react-native", "types", "typings"];

/**
 * Files by subpath. `exports` decides for Node.js and whoever follows it
 * (nodejs.org/api/packages.html#package-entry-points); older tools read the other fields, which come after it.
 */
function entriesOf(manifest: object): Record<string, string[]> {
  const entries = "exports" in manifest ? subpaths(manifest.exports, ".") : {};
  const main: string[] = [];
  for (const [field, value] of Object.entries(manifest)) {
    if (MAIN_FIELDS.includes(field) && typeof value === "string") main.push(value);
  }
  main.sort((a, b) => rank(manifest, a) - rank(manifest, b));
  const all = [...new Set([...(entries["."] ?? []), ...main])];
  return all.length > 0 ? { ...entries, ".": all } : entries;
}

function rank(manifest: object, file: string): number {
  const fields = new Map<string, unknown>(Object.entries(manifest));
  return MAIN_FIELDS.findIndex((field) => fields.get(field) === file);
}

/**
 * The files behind each subpath of `exports` (they begin with `.`) or `imports` (with `#`), whatever the
 * condition, in the order they are written. A subpath that is closed (`null`) has none.
 */
function subpaths(value: unknown, first: "." | "#"): Record<string, string[]> {
  const result = new Map<string, string[]>();
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    for (const [key, target] of Object.entries(value)) {
      if (key.startsWith(first)) result.set(key, [...new Set(targets(target))]);
    }
  }
  if (result.size === 0 && first === ".") {
    const files = [...new Set(targets(value))];
    if (files.length > 0) result.set(".", files);
  }
  return Object.fromEntries(result);
}

/** Deeper than this no conditions are nested by people. */
const MAX_DEPTH = 20;

function targets(value: unknown, depth = 0): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return [];
  return Object.values(value).flatMap((inner) => targets(inner, depth + 1));
}

function placeOfName(text: string, name: string): [number, number] | undefined {
  for (const match of text.matchAll(/"name"\s*:\s*"((?:[^"\\]|\\.)*)"/g)) {
    if (match[1] !== name) continue;
    const end = match.index + match[0].length - 1;
    return [end - name.length, end];
  }
  return undefined;
}
