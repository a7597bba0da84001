/** Which elements of two lists correspond: pairs of indices, in order; and those without a partner. */
export interface Alignment {
  pairs: [before: number, after: number][];
  removed: number[];
  added: number[];
}

/** Beyond this many comparisons the middle of two lists, between their common ends, counts as all different. */
const MAX_CELLS = 4_000_000;

/** Aligns two lists of keys by their longest common subsequence. Linear where the lists begin and end alike. */
export function align(before: readonly string[], after: readonly string[]): Alignment {
  let start = 0;
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const pairs: [number, number][] = [];
  for (let i = 0; i < start; i += 1) pairs.push([i, i]);
  pairs.push(
    ...common(before.slice(start, before.length - end), after.slice(start, after.length - end)).map(
      ([i, j]): [number, number] => [i + start, j + start],
    ),
  );
  for (let i = end; i > 0; i -= 1) pairs.push([before.length - i, after.length - i]);
  const old = new Set(pairs.map(([i]) => i));
  const now = new Set(pairs.map(([, j]) => j));
  return {
    pairs,
    removed: [...before.keys()].filter((i) => !old.has(i)),
    added: [...after.keys()].filter((j) => !now.has(j)),
  };
}

function common(before: readonly string[], after: readonly string[]): [number, number][] {
  const width = after.length + 1;
  if (before.length === 0 || after.length === 0 || before.length * after.length > MAX_CELLS) return [];
  const lengths = new Uint32Array((before.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] =
        before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < before.length && j < after.length;) {
    if (before[i] === after[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
}

const LINE_BREAK = /\r\n|[\n\r\u2028\u2029]/;

/** The first line (1-based, of the new text) at which two texts differ; line endings count. 1 for equal texts. */
export function firstDifferentLine(before: string, after: string): number {
  let at = 0;
  while (at < before.length && at < after.length && before[at] === after[at]) at += 1;
  if (at === before.length && at === after.length) return 1;
  return after.slice(0, at).split(LINE_BREAK).length;
}
