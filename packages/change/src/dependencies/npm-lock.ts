import type { Dependency } from "./model.ts";
import { at, fieldsAt, itemsAt, readJson, textAt, type Tree } from "./tree.ts";

const ASKED = ["dependencies", "optionalDependencies", "devDependencies", "peerDependencies"];
const INSTALLED = "node_modules/";

/** package-lock.json and npm-shrinkwrap.json, versions 1 to 3 (docs.npmjs.com, "package-lock.json"). */
export function readPackageLock(text: string): Dependency[] | undefined {
  const root = readJson(text);
  if (root === undefined) return undefined;
  const packages = at(root, "packages");
  if (packages === undefined) return readFirstVersion(root);
  const direct = directPaths(packages);
  return [...fieldsAt(packages)].flatMap(([path, entry]): Dependency[] => {
    const folder = path.lastIndexOf(INSTALLED);
    // Without node_modules it is a package of the repository; a link leads to one.
    if (folder === -1 || textAt(entry, "link") === "true") return [];
    const name = textAt(entry, "name") ?? path.slice(folder + INSTALLED.length);
    return [locked(name, entry, direct.has(path))];
  });
}

/** Where in node_modules the packages are that a package.json of the repository asks for. */
function directPaths(packages: Tree): Set<string> {
  const direct = new Set<string>();
  for (const [path, entry] of fieldsAt(packages)) {
    if (path.includes(INSTALLED)) continue;
    for (const section of ASKED) {
      for (const [name] of fieldsAt(entry, section)) {
        const found = resolveFrom(packages, path, name);
        if (found !== undefined) direct.add(found);
      }
    }
  }
  return direct;
}

/** Node's way: node_modules here, then in each folder above. */
function resolveFrom(packages: Tree, folder: string, name: string): string | undefined {
  let here = folder;
  for (;;) {
    const path = here === "" ? INSTALLED + name : `${here}/${INSTALLED}${name}`;
    if (packages.fields?.has(path) === true) return path;
    if (here === "") return undefined;
    here = here.slice(0, Math.max(0, here.lastIndexOf("/")));
  }
}

/** Version 1 has the tree only, and does not say what is asked for directly. */
function readFirstVersion(root: Tree): Dependency[] {
  const found: Dependency[] = [];
  const pending = [at(root, "dependencies")];
  for (let table = pending.pop(); table !== undefined; table = pending.pop()) {
    for (const [name, entry] of fieldsAt(table)) {
      if (!/^(?:file|link):/.test(textAt(entry, "version") ?? "")) found.push(locked(name, entry, false));
      const inner = at(entry, "dependencies");
      if (inner) pending.push(inner);
    }
  }
  return found;
}

function locked(name: string, entry: Tree, direct: boolean): Dependency {
  const version = textAt(entry, "version");
  const scope = textAt(entry, "dev") === "true" ? "development" : "runtime";
  const alias = /^npm:(.+)@([^@]+)$/.exec(version ?? "");
  return {
    name: alias?.[1] ?? name,
    ...(version !== undefined && { version: alias?.[2] ?? version }),
    line: entry.line,
    scope,
    direct,
  };
}

/** bun.lock, JSON with trailing commas (bun.sh/docs/install/lockfile; oven-sh/bun, src/install/lockfile/bun.lock.zig). */
export function readBunLock(text: string): Dependency[] | undefined {
  const root = readJson(text, true);
  if (root === undefined) return undefined;
  const direct = new Map<string, Dependency["scope"]>();
  for (const [, workspace] of fieldsAt(root, "workspaces")) {
    const own = textAt(workspace, "name") ?? "";
    for (const section of ASKED) {
      const scope = section === "devDependencies" ? "development" : "runtime";
      for (const [name] of fieldsAt(workspace, section)) {
        const key = at(root, "packages", `${own}/${name}`) ? `${own}/${name}` : name;
        if (direct.get(key) !== "runtime") direct.set(key, scope);
      }
    }
  }
  return [...fieldsAt(root, "packages")].flatMap(([key, entry]): Dependency[] => {
    const id = itemsAt(entry)[0]?.text ?? "";
    const separator = id.indexOf("@", 1);
    const version = id.slice(separator + 1);
    if (separator === -1 || /^(?:workspace|file|link):/.test(version)) return [];
    const scope = direct.get(key);
    const name = id.slice(0, separator);
    return [{ name, version, line: entry.line, scope: scope ?? "runtime", direct: scope !== undefined }];
  });
}
