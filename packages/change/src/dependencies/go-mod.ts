import type { Dependency } from "./model.ts";

const DIRECTIVES = new Set(["require", "replace", "go", "toolchain", "tool", "exclude", "retract", "module"]);

/** go.mod (go.dev/ref/mod#go-mod-file). What is replaced by a folder belongs to the repository. */
export function readGoMod(text: string): Dependency[] | undefined {
  const required: Dependency[] = [];
  const replaced: Dependency[] = [];
  const own = new Set<string>();
  let block: string | undefined;
  let known = text.trim() === "";
  for (const [index, raw] of text.split("\n").entries()) {
    const comment = raw.indexOf("//");
    const code = comment === -1 ? raw : raw.slice(0, comment);
    const words = code.trim().split(/\s+/).map(unquote);
    const [first = ""] = words;
    if (first === "") continue;
    if (block !== undefined && first === ")") {
      block = undefined;
      continue;
    }
    if (block === undefined && DIRECTIVES.has(first)) known = true;
    if (block === undefined && words.length === 2 && words[1] === "(") {
      block = first;
      continue;
    }
    const directive = block ?? first;
    const [name = "", ...rest] = block === undefined ? words.slice(1) : words;
    const line = index + 1;
    const indirect = comment !== -1 && /^\/\/\s*indirect\b/.test(raw.slice(comment));
    if (directive === "require" && rest[0] !== undefined) {
      required.push({ ...module(name, rest[0], line), direct: !indirect });
    } else if (directive === "replace") {
      const arrow = rest.indexOf("=>");
      const [target = "", version] = rest.slice(arrow + 1);
      if (version === undefined) own.add(module(name, "", line).name);
      else {
        const by = target === name ? version : `${target}@${version}`;
        replaced.push({ ...module(name, by, line), section: "replace", role: "pin" });
      }
    } else if ((directive === "go" || directive === "toolchain") && name !== "") {
      replaced.push({
        name: directive,
        version: name.replace(/^go(?=\d)/, ""),
        line,
        scope: "runtime",
        direct: true,
        role: "pin",
      });
    }
  }
  if (!known) return undefined;
  return [...required.filter(({ name }) => !own.has(name)), ...replaced];
}

/** The major version in a module's path (`/v2`, gopkg.in's `.v2`) stands in the version too. */
function module(path: string, version: string, line: number): Dependency {
  const name = path.replace(/\/v\d+$/, "").replace(/^(gopkg\.in\/.+)\.v\d+$/, "$1");
  return { name, version, line, scope: "runtime", direct: true };
}

function unquote(word: string): string {
  return word.replace(/^["`](.*)["`]$/, "$1");
}
