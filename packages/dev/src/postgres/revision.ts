import { type AnyPack, type Fact, type Files, kindIn } from "@yantra-lint/core";
import { run } from "../run.ts";

/** Bytes beyond which a file is no query and no migration that is worth a look. */
const LARGEST = 2_000_000;

async function git(directory: string, ...args: string[]): Promise<string> {
  const { code, stdout, output } = await run("git", args, directory);
  if (code !== 0) throw new Error(`git ${args.join(" ")}: ${output.trim()}`);
  return stdout;
}

/** The texts of a revision's files that one of the packs may know, by path. Throws when git does. */
export async function filesAt(
  directory: string,
  revision: string,
  packs: readonly AnyPack[],
): Promise<Record<string, string>> {
  const listing = await git(directory, "ls-tree", "-r", "-l", "-z", revision);
  const files: Record<string, string> = {};
  for (const entry of listing.split("\0")) {
    const [, type, object, size, path] = /^\d+ (\w+) (\w+) +(\S+)\t(.*)$/s.exec(entry) ?? [];
    if (type !== "blob" || object === undefined || path === undefined || Number(size) > LARGEST) continue;
    if (packs.some((pack) => isCandidate(pack, path)))
      files[path] = await git(directory, "cat-file", "blob", object);
  }
  return files;
}

function isCandidate({ candidates }: AnyPack, path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return (
    candidates.names.includes(name) || candidates.extensions.some((extension) => name.endsWith(extension))
  );
}

/** The facts of a revision, as the packs map them; files that do not parse have none. */
export function factsAt(packs: readonly AnyPack[], files: Files): Fact[] {
  return packs.flatMap((pack) =>
    Object.entries(files).flatMap(([path, text]): Fact[] => {
      if (!isCandidate(pack, path)) return [];
      const kind = kindIn(pack, path, files);
      if (!kind) return [];
      const parsed = pack.parse({ path, text, kind });
      return parsed.ok ? pack.map(parsed.code, { path, text, kind }).map((fact) => ({ ...fact, path })) : [];
    }),
  );
}
