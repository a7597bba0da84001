/** Paths relative to the repository's root, with `/`; "" is the root itself. */

/** The directory of a path, "" for a path in the root. */
export function dirname(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash === -1 ? "" : path.slice(0, slash);
}

/** Joins and normalises; undefined when it leads out of the root. */
export function join(...parts: readonly string[]): string | undefined {
  const result: string[] = [];
  for (const segment of parts.join("/").split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment !== "..") result.push(segment);
    else if (result.pop() === undefined) return undefined;
  }
  return result.join("/");
}

/** The directory and all above it, nearest first, the root ("") last. */
export function* upwards(directory: string): Generator<string> {
  for (let at = directory; at !== ""; at = dirname(at)) yield at;
  yield "";
}
