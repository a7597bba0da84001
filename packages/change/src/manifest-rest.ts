import { canonicalJson, type DependencyChange, type FileVersions, type Hunk } from "@yantra-lint/core";

/** Fields of manifests in JSON that the readers of dependencies tell of, and the package's own version. */
const TOLD: readonly [RegExp, ReadonlySet<string>][] = [
  [
    /(?:^|\/)package\.json$/,
    new Set([
      "version",
      "dependencies",
      "devDependencies",
      "optionalDependencies",
      "peerDependencies",
      "resolutions",
      "overrides",
      "packageManager",
    ]),
  ],
  [/(?:^|\/)composer\.json$/, new Set(["version", "require", "require-dev"])],
];

/** An entry that is written over several lines has its version within as many. */
const ENTRY_LINES = 8;

/**
 * Whether a manifest changed beside the dependencies that are told: its scripts run at install and build, its entries
 * move. Undefined where that cannot be said.
 */
export function restOfManifest(
  file: FileVersions,
  hunks: readonly Hunk[],
  dependencies: readonly DependencyChange[],
): "same" | "changed" | undefined {
  const { path, before, after } = file;
  if (before === undefined || after === undefined) return undefined;
  const told = TOLD.find(([name]) => name.test(path))?.[1];
  if (told === undefined) return isTold(before, after, hunks, dependencies) ? "same" : undefined;
  const [old, own] = [restOf(before, told), restOf(after, told)];
  if (old === undefined || own === undefined) return undefined;
  return old === own ? "same" : "changed";
}

function restOf(text: string, told: ReadonlySet<string>): string | undefined {
  try {
    const manifest: unknown = JSON.parse(text);
    if (typeof manifest !== "object" || manifest === null) return undefined;
    return canonicalJson(Object.entries(manifest).filter(([name]) => !told.has(name)));
  } catch {
    return undefined;
  }
}

/** Whether every changed line is one that names a told dependency, or the version of one. */
function isTold(
  before: string,
  after: string,
  hunks: readonly Hunk[],
  dependencies: readonly DependencyChange[],
): boolean {
  if (dependencies.length === 0) return false;
  const old = before.split("\n");
  const own = after.split("\n");
  const hasEntry = (change: "added" | "removed", line: number, text: string): boolean =>
    dependencies.some((one) => one.change === change && one.line === line && isEntry(text, one));
  return hunks.every((hunk) => {
    const gone = linesOf(old, hunk.before).filter(([line, text]) => !hasEntry("removed", line, text));
    const come = linesOf(own, hunk.after).filter(([line, text]) => !hasEntry("added", line, text));
    if (gone.length !== come.length) return false;
    return come.every(([line, text], index) => {
      const was = gone[index]?.[1] ?? "";
      return dependencies.some(
        (one) => line >= one.line && line < one.line + ENTRY_LINES && isBump(was, text, one),
      );
    });
  });
}

function linesOf(lines: readonly string[], { start, count }: Hunk["before"]): [line: number, text: string][] {
  if (count === 0) return [];
  return lines
    .slice(start - 1, start - 1 + count)
    .map((text, index): [number, string] => [start + index, text])
    .filter(([, text]) => text.trim() !== "");
}

/** One entry and nothing that runs: `serde = "1.0"`, `gem "rack", "~> 3"`, `testImplementation("a:b:1")`. */
function isEntry(text: string, { name }: DependencyChange): boolean {
  const last = name.slice(Math.max(name.lastIndexOf("/"), name.lastIndexOf(":")) + 1);
  return text.includes(last) && /^[\s\w"'`,:=<>~^!*{}[\]()/.@+-]*$/.test(text);
}

/** The same line but for the version. */
function isBump(was: string, now: string, { before, after }: DependencyChange): boolean {
  const [from, to] = [bare(before), bare(after)];
  if (from === "" || to === "" || !was.includes(from) || !now.includes(to)) return false;
  return was.replace(from, () => to).replace(/[\^~<>=]/g, "") === now.replace(/[\^~<>=]/g, "");
}

/** Without the operator, which readers may write in another way than the file. */
function bare(version: string | undefined): string {
  return (version ?? "").replace(/^[\s~^<>=v]+/, "");
}
