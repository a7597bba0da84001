import fs from "node:fs";
import { createRequire } from "node:module";

/** The program's version, from its package.json. */
export const { version } = createRequire(import.meta.url)("../package.json") as { version: string };

/** A word that differs between versions, and between builds of one version: the program's files by size and time. */
export function build(): string {
  const directory = new URL(".", import.meta.url);
  const stamps = fs
    .readdirSync(directory)
    .filter((name) => name.endsWith(".js"))
    .map((name) => {
      const { size, mtimeMs } = fs.statSync(new URL(name, directory));
      return `${name} ${size} ${mtimeMs}`;
    });
  return [version, ...stamps.sort()].join("\n");
}
