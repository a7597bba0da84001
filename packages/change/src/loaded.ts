import type { ChangedText } from "./describe.ts";

/** Scripts that browsers load by their address, which no import tells of. */
const SERVED = /(?:^|\/)public\/.*\.[cm]?js$|(?:^|\/)(?:sw|service-?worker|[\w-]+[.-]sw)\.[cm]?[jt]s$/i;

/**
 * Asks of a changed file whether it is loaded without anybody naming it anew: it is served, or an import of a module
 * that is or was there (`./util` for `src/util/index.ts`) now finds it, or may.
 */
export function loadedPaths(
  files: readonly ChangedText[],
  paths: readonly string[],
): (path: string) => boolean {
  const isNew = new Set(files.filter(({ status }) => status === "added").map(({ path }) => path));
  let known: ReadonlySet<string | undefined> | undefined;
  return (path) => {
    if (SERVED.test(path)) return true;
    const name = specifierOf(path);
    if (name === undefined || !isNew.has(path)) return false;
    const standing = [...paths, ...files.map((file) => file.path)].filter((one) => !isNew.has(one));
    known ??= new Set(standing.map(specifierOf));
    return known.has(name);
  };
}

/** What an import without extension says of a module: `src/util` of `src/util/index.ts` and `src/util.ios.ts`. */
function specifierOf(path: string): string | undefined {
  if (/\.d\.[cm]?ts$/i.test(path)) return undefined;
  const bare = path.replace(/\.(?:[cm]?[jt]sx?|vue|svelte|json)$/i, "");
  if (bare === path) return undefined;
  return bare.replace(/\.(?:native|ios|android|web)$/, "").replace(/\/index$/, "");
}
