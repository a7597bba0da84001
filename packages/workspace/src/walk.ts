import fs from "node:fs";
import path from "node:path";
import ignore, { type Ignore } from "ignore";

/** What a `.gitignore` leaves out: paths relative to its own folder. */
interface Rules {
  folder: string;
  ignore: Ignore;
}

const NEVER: ReadonlySet<string> = new Set([".git", "node_modules"]);

/**
 * Paths of the regular files below a folder that is no git work tree, relative to it, with `/`. `.gitignore`
 * files are kept to, each for its own folder; links are not followed; folders that cannot be read are passed by.
 */
export function walk(root: string): string[] {
  const files: string[] = [];
  visit(root, "", [], files);
  return files;
}

function visit(root: string, folder: string, outer: readonly Rules[], files: string[]): void {
  let entries: fs.Dirent[];
  try {
    entries = fs.readdirSync(path.join(root, folder), { withFileTypes: true });
  } catch {
    return;
  }
  const rules = entries.some((entry) => entry.name === ".gitignore" && entry.isFile())
    ? [
        ...outer,
        { folder, ignore: ignore().add(fs.readFileSync(path.join(root, folder, ".gitignore"), "utf8")) },
      ]
    : outer;
  for (const entry of entries) {
    const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!NEVER.has(entry.name) && !isIgnored(`${name}/`, rules)) visit(root, name, rules, files);
    } else if (entry.isFile() && !isIgnored(name, rules)) {
      files.push(name);
    }
  }
}

/** The innermost `.gitignore` that has an opinion decides. */
function isIgnored(name: string, rules: readonly Rules[]): boolean {
  for (const { folder, ignore: matcher } of rules.toReversed()) {
    const relative = folder === "" ? name : name.slice(folder.length + 1);
    const { ignored, unignored } = matcher.test(relative);
    if (ignored || unignored) return ignored;
  }
  return false;
}
