/** How a path without or with another extension leads to a file. */

const EXTENSIONS = [
  ".ts",
  ".tsx",
  ".mts",
  ".cts",
  ".js",
  ".jsx",
  ".mjs",
  ".cjs",
  ".json",
  ".d.ts",
  ".vue",
  ".svelte",
  ".astro",
];
/** Of one module for several platforms (React Native). */
const PLATFORMS = [".native", ".web", ".ios", ".android"];

/** Extensions that TypeScript writes, and those it wrote them from (typescriptlang.org, modules reference). */
const WRITTEN: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\.d\.ts$/, [".ts", ".tsx", ".js"]],
  [/\.d\.mts$/, [".mts", ".ts", ".mjs"]],
  [/\.d\.cts$/, [".cts", ".ts", ".cjs"]],
  [/\.js$/, [".ts", ".tsx", ".js", ".jsx", ".d.ts"]],
  [/\.jsx$/, [".tsx", ".jsx"]],
  [/\.mjs$/, [".mts", ".mjs", ".d.mts"]],
  [/\.cjs$/, [".cts", ".cjs", ".d.cts"]],
];

/** The file a path means: itself, its source, with an extension, or an index in it. */
export function findFile(files: ReadonlySet<string>, path: string): string | undefined {
  for (const [written, sources] of WRITTEN) {
    if (!written.test(path)) continue;
    const found = withExtension(files, path.replace(written, ""), sources);
    if (found !== undefined) return found;
  }
  if (files.has(path)) return path;
  const index = path === "" ? "index" : `${path}/index`;
  return (
    (path === "" ? undefined : withExtension(files, path, EXTENSIONS)) ??
    withExtension(files, index, EXTENSIONS) ??
    PLATFORMS.map((platform) => withExtension(files, path + platform, EXTENSIONS)).find(
      (found) => found !== undefined,
    )
  );
}

function withExtension(
  files: ReadonlySet<string>,
  path: string,
  extensions: readonly string[],
): string | undefined {
  for (const extension of extensions) if (files.has(path + extension)) return path + extension;
  return undefined;
}

const BUILT = new Set([
  "dist",
  "build",
  "lib",
  "out",
  "output",
  "esm",
  "cjs",
  "es",
  "types",
  "module",
  "target",
]);
const SOURCES = ["src", "", "source", "lib"];
/** Bundlers write any of these from `.ts`. */
const SCRIPT = /(?:\.d)?\.[cm]?[jt]sx?$/;

/** Where a package builds to and from, relative to the root. */
export interface Output {
  outDir: string;
  rootDir?: string;
}

/**
 * The source of a built file that is not there (`dist` is not under version control): by the configured
 * directories, else by the usual ones. `directory` is the package's.
 */
export function findSource(
  files: ReadonlySet<string>,
  directory: string,
  path: string,
  outputs: readonly Output[],
): string | undefined {
  const stem = path.replace(SCRIPT, "");
  const find = (candidate: string): string | undefined =>
    findFile(files, candidate) ??
    (candidate.endsWith("/") ? findFile(files, candidate.slice(0, -1)) : undefined);
  for (const { outDir, rootDir } of outputs) {
    if (!stem.startsWith(`${outDir}/`)) continue;
    const rest = stem.slice(outDir.length + 1);
    for (const root of rootDir === undefined ? [at(directory, "src"), directory] : [rootDir]) {
      const found = find(at(root, rest));
      if (found !== undefined) return found;
    }
  }
  const prefix = directory === "" ? "" : `${directory}/`;
  if (!stem.startsWith(prefix)) return undefined;
  const segments = stem.slice(prefix.length).split("/");
  for (let cut = 1; cut < segments.length && BUILT.has(segments[cut - 1] ?? ""); cut += 1) {
    const rest = segments.slice(cut).join("/");
    for (const source of SOURCES) {
      const found = find(at(at(directory, source), rest));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function at(directory: string, path: string): string {
  return directory === "" || path === "" ? directory + path : `${directory}/${path}`;
}
