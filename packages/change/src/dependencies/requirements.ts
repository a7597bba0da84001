import { LONGEST_LINE, scopeOfName, type Dependency } from "./model.ts";
import { isLocal, readRequirement } from "./python-requirement.ts";

/**
 * requirements.txt and constraints.txt (pip.pypa.io, "Requirements File Format"). In what pip-compile and uv wrote,
 * `# via` says who asks: only other packages, then it is not a direct one.
 */
export function readRequirements(text: string, path: string): Dependency[] {
  const file = path.slice(path.lastIndexOf("/") + 1).replace(/\.(?:txt|in)$/i, "");
  const pins = /constraint/i.test(file);
  const scope = scopeOfName(file);
  const found: Dependency[] = [];
  let last: Dependency | undefined;
  let logical = "";
  let start = 0;
  for (const [index, raw] of text.split("\n").entries()) {
    const content = raw.length > LONGEST_LINE ? "" : raw.trimEnd();
    if (logical === "") start = index + 1;
    if (last && /^\s+#/.test(content)) {
      if (/^\s+#\s*via\b/.test(content)) last.direct = false;
      if (asksDirectly(content)) last.direct = true;
      continue;
    }
    if (content.endsWith("\\")) {
      logical += `${content.slice(0, -1)} `;
      continue;
    }
    const [, comment] = /(?:^|\s)#(.*)$/.exec(content) ?? [];
    const line = (logical + content.replace(/(?:^|\s)#.*$/, "")).trim();
    logical = "";
    if (line === "") {
      if (comment === undefined) last = undefined;
      continue;
    }
    last = undefined;
    const requirement = readLine(line);
    if (requirement === undefined) continue;
    const direct = comment === undefined || !/^\s*via\b/.test(comment) || asksDirectly(`#${comment}`);
    last = { ...requirement, line: start, scope, direct, ...(pins && { role: "pin" as const }) };
    found.push(last);
  }
  return found;
}

/** `-r requirements.in`, `project (pyproject.toml)`. */
function asksDirectly(comment: string): boolean {
  return /\s-[rc] |\.(?:in|toml|cfg|txt|py)\)?\s*$/.test(comment);
}

function readLine(line: string): { name: string; version: string } | undefined {
  const [, editable] = /^(?:-e|--editable)[\s=]+(\S+)/.exec(line) ?? [];
  const address = editable ?? /^(?:[a-z+]+:\/\/|git@)\S+/i.exec(line)?.[0];
  if (address !== undefined) {
    if (isLocal(address)) return undefined;
    const name =
      /[#&]egg=([A-Za-z0-9._-]+)/.exec(address)?.[1] ?? /([^/@#]+?)(?:\.git)?(?:[@#].*)?$/.exec(address)?.[1];
    return { name: name ?? address, version: address };
  }
  if (line.startsWith("-") || isLocal(line)) return undefined;
  const [specifier = ""] = line.split(/\s--?[a-z]/, 1);
  const requirement = readRequirement(specifier);
  return requirement && !isLocal(requirement.version) ? requirement : undefined;
}
