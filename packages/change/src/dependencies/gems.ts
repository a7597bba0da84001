import { hasConflict } from "./block-yaml.ts";
import { LONGEST_LINE, type Dependency } from "./model.ts";
import { normalClauses } from "./python-requirement.ts";

const DEVELOPMENT_GROUPS = /:(?:test|development|ci|lint|docs?)\b/;

/** Gemfile and *.gemspec (bundler.io/man/gemfile.5; guides.rubygems.org/specification-reference). */
export function readGemfile(text: string): Dependency[] {
  const found: Dependency[] = [];
  // Blocks that are open: whether they put gems in a group for development, or lead into the repository.
  const open: { development: boolean; own: boolean }[] = [];
  for (const [index, raw] of text.split("\n").entries()) {
    if (raw.length > LONGEST_LINE) continue;
    const code = raw.replace(/(^|\s)#(?!\{).*$/, "$1").trim();
    if (/^end\b/.test(code)) open.pop();
    const development = open.some((block) => block.development);
    const own = open.some((block) => block.own);
    const [, call, name, rest] =
      /^(?:\w+\.)?(gem|add_(?:runtime_|development_)?dependency)[\s(]+["']([^"']+)["'](.*)$/.exec(code) ?? [];
    if (call !== undefined && name !== undefined && rest !== undefined) {
      if (own || /(?:\bpath:|:path\s*=>)/.test(rest)) continue;
      const inGroup = development || isDevelopment(rest) || call === "add_development_dependency";
      const scope = inGroup ? "development" : "runtime";
      found.push({ name, version: versionIn(rest), line: index + 1, scope, direct: true });
      continue;
    }
    const [, ruby] = /^ruby[\s(]+["']([^"']+)["']/.exec(code) ?? [];
    if (ruby !== undefined) {
      found.push({
        name: "ruby",
        version: ruby,
        line: index + 1,
        scope: "runtime",
        direct: true,
        section: "tool",
        role: "pin",
      });
    }
    if (/\bdo\s*(?:\|[^|]*\|)?$|^(?:if|unless|case|def|begin|while)\b/.test(code) && !/\bend$/.test(code)) {
      open.push({ development: /^group\b/.test(code) && isDevelopment(code), own: /^path\b/.test(code) });
    }
  }
  return found;
}

/** Whether all groups that are named are for development. */
function isDevelopment(code: string): boolean {
  const [, groups] = /\bgroups?:?\s*(?:=>)?[\s([]*(:.*)$/.exec(code.replace(/:groups?\s*=>/, "group:")) ?? [];
  const names = groups?.match(/:\w+/g) ?? [];
  return names.length > 0 && names.every((name) => DEVELOPMENT_GROUPS.test(name));
}

function versionIn(rest: string): string {
  const address = /(?:\b(?:git|github|gitlab):|:(?:git|github)\s*=>)\s*["']([^"']+)["']/.exec(rest)?.[1];
  if (address !== undefined) {
    const commit = /(?:\b(?:ref|tag|branch):|:(?:ref|tag|branch)\s*=>)\s*["']([^"']+)["']/.exec(rest)?.[1];
    return `git:${address}#${commit ?? ""}`;
  }
  // The versions are the strings right behind the name.
  const strings = /^\s*,\s*\[?((?:\s*["'][^"']*["']\s*,?)*)/.exec(rest)?.[1] ?? "";
  return normalClauses(strings.replace(/["']/g, ""));
}

/** Gemfile.lock: what is 4 spaces deep below `specs:` is installed; `DEPENDENCIES` lists what is asked for. */
export function readGemfileLock(text: string): Dependency[] | undefined {
  if (hasConflict(text)) return undefined;
  const found: Dependency[] = [];
  const direct = new Set<string>();
  let section = "";
  let revision = "";
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.trimEnd();
    if (/^\S/.test(line)) {
      section = line;
      revision = "";
    }
    const [, commit] = /^ {2}revision: (.+)$/.exec(line) ?? [];
    if (commit !== undefined) revision = commit;
    const [, asked] = /^ {2}([^\s!(]+)/.exec(line) ?? [];
    if (section === "DEPENDENCIES" && asked !== undefined) direct.add(asked);
    const [, name, version] = /^ {4}([^\s(]+) \(([^)]+)\)$/.exec(line) ?? [];
    if (name === undefined || version === undefined || section === "PATH") continue;
    // A gem with compiled parts is listed once a platform.
    const [plain = version] = version.split(/-(?=[a-z])/, 1);
    const shown = section === "GIT" ? `${version}@${revision}` : plain;
    found.push({ name, version: shown, line: index + 1, scope: "runtime", direct: false });
  }
  return found.map((dependency) => ({ ...dependency, direct: direct.has(dependency.name) }));
}
