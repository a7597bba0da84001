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
  const at = name === "" ? undefined : placeOfName(text, name);
  return {
    type: "package",
    path: "",
    ...new Lines(text).region(at ?? [0, Math.min(1, text.length)]),
    name,
    directory: path.replace(/\/?package\.json$/, ""),
    dependencies: typeof dependencies === "object" && dependencies !== null ? Object.keys(dependencies) : [],
  };
}

function placeOfName(text: string, name: string): [number, number] | undefined {
  for (const match of text.matchAll(/"name"\s*:\s*"((?:[^"\\]|\\.)*)"/g)) {
    if (match[1] !== name) continue;
    const end = match.index + match[0].length - 1;
    return [end - name.length, end];
  }
  return undefined;
}
