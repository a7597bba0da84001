import type { AnyPack, Fact, FileKind } from "@yantra-lint/core";

/** Compares orders element by element: numbers before texts, a shorter one first. */
function compareOrder(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const x = a[index];
    const y = b[index];
    if (x === y || x === undefined || y === undefined) continue;
    if (typeof x !== typeof y) return typeof x === "number" ? -1 : 1;
    return x < y ? -1 : 1;
  }
  return a.length - b.length;
}

/** Splits files into those folded in streams, each in its order, and the rest. */
export function splitStreams<F extends { path: string; kind: FileKind; pack: AnyPack }>(
  files: readonly F[],
): { streams: F[][]; single: F[] } {
  const streams = new Map<string, F[]>();
  const single: F[] = [];
  for (const file of files) {
    if (!file.pack.fold || file.kind.stream === undefined) {
      single.push(file);
      continue;
    }
    const key = `${file.pack.name}\0${file.kind.stream}`;
    const stream = streams.get(key);
    if (stream) stream.push(file);
    else streams.set(key, [file]);
  }
  for (const stream of streams.values()) {
    stream.sort((a, b) => compareOrder(a.kind.order ?? [], b.kind.order ?? []) || (a.path < b.path ? -1 : 1));
  }
  return { streams: [...streams.values()], single };
}

/** Fills in the path that `map` and ESLint leave empty. */
export function placed<T extends { path: string }>(items: readonly T[], path: string): T[] {
  return items.map((item) => ({ ...item, path }));
}

/** The state after a file. */
export function advance(
  pack: AnyPack,
  state: unknown,
  facts: readonly Fact[],
  file: { path: string; kind: FileKind },
): unknown {
  return pack.fold ? pack.fold.apply(state, placed(facts, file.path), file) : state;
}
