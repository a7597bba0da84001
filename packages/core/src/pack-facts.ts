import type { Fact } from "./facts.ts";
import type { AnyPack, FileKind } from "./pack.ts";
import { DEFAULT_SETTINGS, type WorkspaceSettings } from "./rule.ts";

/** A little repository: texts by path. */
export type Files = Readonly<Record<string, string>>;

/** For tests of packs and rules: the kind a pack gives a file of a little repository, or undefined. */
export function kindIn(
  pack: AnyPack,
  path: string,
  files: Files,
  given: { named?: boolean; settings?: WorkspaceSettings } = {},
): FileKind | undefined {
  return pack.recognise({
    path,
    text: files[path] ?? "",
    named: given.named ?? false,
    neighbour: (other) => files[other],
    settings: given.settings ?? DEFAULT_SETTINGS,
  });
}

/** For tests of packs and rules: the facts of a little repository, as the engine gathers them. @throws when a file does not parse */
export function factsIn(pack: AnyPack, files: Files): Fact[] {
  return Object.entries(files).flatMap(([path, text]) => {
    const kind = kindIn(pack, path, files);
    if (!kind) return [];
    const file = { path, text, kind };
    const parsed = pack.parse(file);
    if (!parsed.ok) throw new Error(`${path} does not parse: ${parsed.problems[0]?.message}`);
    return pack.map(parsed.code, file).map((fact) => ({ ...fact, path }));
  });
}
