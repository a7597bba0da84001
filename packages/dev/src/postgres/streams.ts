import { DEFAULT_SETTINGS, type FileKind } from "@yantra-lint/core";
import { Tree } from "@yantra-lint/workspace";
import { recogniseMigration } from "../../../../rules/sql/src/runners/index.ts";

export interface StreamFile {
  /** Relative to the directory, with `/`. */
  path: string;
  text: string;
  kind: FileKind;
}

/** The streams of PostgreSQL migrations below a directory, each in its runner's order. */
export function streamsBelow(directory: string): { name: string; files: StreamFile[] }[] {
  const tree = new Tree(directory);
  const streams = new Map<string, StreamFile[]>();
  for (const file of tree.list()) {
    if (!file.toLowerCase().endsWith(".sql") || tree.size(file) === undefined) continue;
    const { text } = tree.read(file);
    const kind = recogniseMigration({
      path: file,
      text,
      named: false,
      neighbour: (neighbour) => tree.neighbour(neighbour),
      namesIn: (folder) => tree.namesIn(folder),
      settings: DEFAULT_SETTINGS,
    });
    if (kind?.stream === undefined || kind.details?.["dialect"] !== "postgresql") continue;
    streams.set(kind.stream, [...(streams.get(kind.stream) ?? []), { path: file, text, kind }]);
  }
  return Array.from(streams, ([name, files]) => ({ name, files: files.sort(byOrder) }));
}

/** As `splitStreams` of packages/workspace has it: numbers before texts, a shorter order first, then by path. */
function byOrder(a: StreamFile, b: StreamFile): number {
  const [left = [], right = []] = [a.kind.order, b.kind.order];
  for (const [index, x] of left.entries()) {
    const y = right[index];
    if (y === undefined) return 1;
    if (x === y) continue;
    if (typeof x !== typeof y) return typeof x === "number" ? -1 : 1;
    return x < y ? -1 : 1;
  }
  return left.length - right.length || (a.path < b.path ? -1 : 1);
}
