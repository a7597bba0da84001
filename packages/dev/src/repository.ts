import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** The repository's root. */
export const ROOT = path.resolve(import.meta.dirname, "../../..");

const NOT_SOURCE = new Set(["node_modules", "dist", "program", ".git", ".demo", "coverage"]);

/**
 * All files below a directory, sorted, relative to the root and with `/`; what is installed or built is left
 * out. A directory that does not exist has none.
 */
export function filesBelow(directory: string): string[] {
  const absolute = path.join(ROOT, directory);
  if (!existsSync(absolute)) return [];
  return readdirSync(absolute, { withFileTypes: true })
    .filter((entry) => !NOT_SOURCE.has(entry.name))
    .flatMap((entry) => {
      const relative = path.posix.join(directory, entry.name);
      if (entry.isDirectory()) return filesBelow(relative);
      return entry.isFile() ? [relative] : [];
    })
    .sort();
}

/** The text of a file, given relative to the root. */
export function readText(file: string): string {
  return readFileSync(path.join(ROOT, file), "utf8");
}

function directoriesIn(parent: string): string[] {
  return readdirSync(path.join(ROOT, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(path.join(ROOT, parent, entry.name, "package.json")))
    .map((entry) => entry.name)
    .sort();
}

/** The packs' names: the folders of `rules/`. */
export function packNames(): string[] {
  return directoriesIn("rules");
}

/** A package.json's fields as read: nothing is known of their types. */
export type Manifest = Readonly<Record<string, unknown>>;

export interface WorkspacePackage {
  /** Relative to the root, as `packages/core`. */
  directory: string;
  name: string;
  published: boolean;
  manifest: Manifest;
}

function isRecord(value: unknown): value is Manifest {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads a JSON file that holds an object. Throws on anything else. */
export function readJsonObject(file: string): Manifest {
  const value: unknown = JSON.parse(readText(file));
  if (!isRecord(value)) throw new Error(`${file} does not hold a JSON object.`);
  return value;
}

/** The workspace's packages, sorted by directory. */
export function workspacePackages(): WorkspacePackage[] {
  const directories = [
    ...directoriesIn("packages").map((name) => `packages/${name}`),
    ...directoriesIn("rules").map((name) => `rules/${name}`),
    "schemas",
  ];
  return directories.map((directory) => {
    const manifest = readJsonObject(`${directory}/package.json`);
    return { directory, name: String(manifest.name), published: manifest.private !== true, manifest };
  });
}
