import fs from "node:fs";
import path from "node:path";
import { nearestWord } from "@yantra-lint/core";
import {
  type Config,
  defaultConfig,
  findRoot,
  type KnownRule,
  readConfig,
  relativeTo,
  type Root,
} from "@yantra-lint/workspace";
import { UsageError } from "./errors.ts";
import { type CheckOptions, COMMANDS } from "./options.ts";
import { oneLine } from "./text.ts";

/** What a run is about. */
export interface Target {
  root: Root;
  config: Config;
  /** Files and folders whose findings are told, relative to the root; "" is the root itself. */
  scope: string[];
  /** Files that the user named, relative to the root. */
  named: Set<string>;
  /** Texts in place of those on disk, by path relative to the root. */
  overlay: Map<string, string>;
}

/** A path of the command line; `real` has no links in it, and exists but for its last parts when a text is given. */
interface Given {
  name: string;
  real: string;
  isDirectory: boolean;
}

/**
 * The root, configuration and files of a run. Without paths it is about the working directory; the root is found
 * from the first path. @throws UsageError for a path that does not exist or lies outside of the root, ConfigError
 */
export function findTarget(
  options: Pick<CheckOptions, "paths" | "config" | "stdinFilename">,
  rules: ReadonlyMap<string, KnownRule>,
): Target {
  const { stdinFilename } = options;
  const given =
    stdinFilename === undefined
      ? (options.paths.length > 0 ? options.paths : ["."]).map(existing)
      : [standIn(stdinFilename)];
  const root = rootOf(given, options.config);
  const config = root.config === undefined ? defaultConfig() : readConfig(root.config, rules);
  const places = given.map((one) => ({ ...one, relative: inside(root.directory, one) }));
  const overlay = new Map<string, string>();
  if (stdinFilename !== undefined) for (const { relative } of places) overlay.set(relative, readStdin());
  return {
    root,
    config,
    scope: places.map(({ relative }) => relative),
    named: new Set(places.filter(({ isDirectory }) => !isDirectory).map(({ relative }) => relative)),
    overlay,
  };
}

/** Whether a file is one of these, or below one of them. */
export function inScope(file: string, scope: readonly string[]): boolean {
  return scope.some((part) => part === "" || file === part || file.startsWith(`${part}/`));
}

function existing(name: string): Given {
  const absolute = path.resolve(name);
  const stat = fs.statSync(absolute, { throwIfNoEntry: false });
  if (name === "" || !stat) {
    const command = nearestWord(name, COMMANDS);
    const hint = command === undefined ? "" : ` Did you mean the command ${command}?`;
    throw new UsageError(`There is no file or folder ${name === "" ? '""' : oneLine(name)}.${hint}`);
  }
  return { name, real: fs.realpathSync(absolute), isDirectory: stat.isDirectory() };
}

/** The file that the text on standard input stands for; it need not exist. */
function standIn(name: string): Given {
  const real = realPath(path.resolve(name));
  if (fs.statSync(real, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(
      `--stdin-filename takes the name of a file, but ${oneLine(name || ".")} is a folder.`,
    );
  return { name, real, isDirectory: false };
}

/** Links resolved as far as the path exists. */
function realPath(absolute: string): string {
  if (fs.existsSync(absolute)) return fs.realpathSync(absolute);
  const parent = path.dirname(absolute);
  return parent === absolute ? absolute : path.join(realPath(parent), path.basename(absolute));
}

function rootOf(given: readonly Given[], config: string | undefined): Root {
  const [first] = given;
  let start = first?.real ?? process.cwd();
  while (!fs.statSync(start, { throwIfNoEntry: false })?.isDirectory()) start = path.dirname(start);
  const found = findRoot(start, process.cwd());
  // A folder that was named is meant as a whole.
  const root = first?.isDirectory ? { ...found, lone: false } : found;
  return config === undefined ? root : { ...root, config: path.resolve(config) };
}

function inside(root: string, { name, real }: Given): string {
  const relative = relativeTo(root, real);
  if (relative !== undefined) return relative;
  throw new UsageError(
    `${oneLine(name)} lies outside of ${root}, where this run begins. Check it in a run of its own.`,
  );
}

function readStdin(): string {
  return fs.readFileSync(0, "utf8").replace(/^\uFEFF/, "");
}
