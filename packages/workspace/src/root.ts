import fs from "node:fs";
import path from "node:path";
import { findConfig } from "./config.ts";
import { gitTopLevel } from "./git.ts";

/** Where a repository begins and what configures it. */
export interface Root {
  /** Absolute; findings' paths are relative to it. */
  directory: string;
  /** The configuration file, when there is one. */
  config?: string;
  /** The git work tree's top, when there is one. */
  git?: string;
  /**
   * Nothing says that a repository begins here: there is no git, no configuration, and nobody works in it. Its
   * other files are then left alone, for it may be a home folder or the whole disk.
   */
  lone: boolean;
}

/**
 * The root for files below `directory`: the folder of the nearest configuration file, else the git work tree's
 * top, else `fallback` when it holds the directory, else the directory itself.
 */
export function findRoot(directory: string, fallback?: string): Root {
  const from = fs.realpathSync(directory);
  const git = gitTopLevel(from);
  const config = findConfig(from, git ?? path.parse(from).root);
  const outer = fallback === undefined ? from : fs.realpathSync(fallback);
  const known = config ? path.dirname(config) : git;
  const within = fallback !== undefined && relativeTo(outer, from) !== undefined;
  return {
    directory: known ?? (within ? outer : from),
    ...(config ? { config } : {}),
    ...(git ? { git } : {}),
    lone: known === undefined && !within,
  };
}

/** A path relative to the root, with `/`; undefined when it lies outside. */
export function relativeTo(root: string, file: string): string | undefined {
  const relative = path.relative(root, path.resolve(root, file));
  if (relative === ".." || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative))
    return undefined;
  return relative.split(path.sep).join("/");
}
