/** Which items of two lists belong together. */
export interface Alignment<T> {
  /** In the order of `before`; the same text, or else the same name. */
  pairs: { before: T; after: T; from: number; to: number }[];
  removed: { item: T; index: number }[];
  added: { item: T; index: number }[];
}

/** Above this many comparisons items are only matched by name: data, not code that people write. */
const MAX_CELLS = 4_000_000;

/**
 * Matches the longest common run of equal items first, then what is left by name, then single items without a
 * name that stand in the same gap.
 */
export function align<T>(
  before: readonly T[],
  after: readonly T[],
  same: (a: T, b: T) => boolean,
  key: (item: T) => string | undefined,
): Alignment<T> {
  const matched = new Map<number, number>(common(before, after, same));
  const taken = new Set(matched.values());
  matchMoved(before, after, same, matched, taken);
  const free = new Map<string, number[]>();
  for (const [index, item] of after.entries()) {
    const name = taken.has(index) ? undefined : key(item);
    if (name !== undefined) free.set(name, [...(free.get(name) ?? []), index]);
  }
  for (const [index, item] of before.entries()) {
    const name = matched.has(index) ? undefined : key(item);
    const to = name === undefined ? undefined : free.get(name)?.shift();
    if (to === undefined) continue;
    matched.set(index, to);
    taken.add(to);
  }
  pairNameless(before, after, key, matched, taken);
  const pairs = [...matched]
    .sort(([a], [b]) => a - b)
    .flatMap(([from, to]) => {
      const a = before[from];
      const b = after[to];
      return a === undefined || b === undefined ? [] : [{ before: a, after: b, from, to }];
    });
  const rest = (list: readonly T[], known: (index: number) => boolean): { item: T; index: number }[] =>
    list.flatMap((item, index) => (known(index) ? [] : [{ item, index }]));
  return {
    pairs,
    removed: rest(before, (index) => matched.has(index)),
    added: rest(after, (index) => taken.has(index)),
  };
}

/** The same text at another place. */
function matchMoved<T>(
  before: readonly T[],
  after: readonly T[],
  same: (a: T, b: T) => boolean,
  matched: Map<number, number>,
  taken: Set<number>,
): void {
  const left = indexes(0, before.length).filter((index) => !matched.has(index));
  const right = indexes(0, after.length).filter((index) => !taken.has(index));
  if (left.length * right.length > MAX_CELLS) return;
  for (const from of left) {
    const to = right.find((index) => !taken.has(index) && same(before[from] as T, after[index] as T));
    if (to === undefined) continue;
    matched.set(from, to);
    taken.add(to);
  }
}

/** Items without a name between the same two matched neighbours, when there are as many on both sides. */
function pairNameless<T>(
  before: readonly T[],
  after: readonly T[],
  key: (item: T) => string | undefined,
  matched: Map<number, number>,
  taken: Set<number>,
): void {
  let from = 0;
  let to = 0;
  const anchors = [...matched].sort(([a], [b]) => a - b);
  for (const [nextFrom, nextTo] of [...anchors, [before.length, after.length] as const]) {
    if (nextTo < to) continue;
    const left = indexes(from, nextFrom).filter((i) => !matched.has(i) && key(before[i] as T) === undefined);
    const right = indexes(to, nextTo).filter((i) => !taken.has(i) && key(after[i] as T) === undefined);
    if (left.length === right.length) {
      for (const [index, i] of left.entries()) {
        const j = right[index];
        if (j === undefined) continue;
        matched.set(i, j);
        taken.add(j);
      }
    }
    from = nextFrom + 1;
    to = nextTo + 1;
  }
}

function indexes(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}

function common<T>(
  before: readonly T[],
  after: readonly T[],
  same: (a: T, b: T) => boolean,
): [number, number][] {
  const equal = (i: number, j: number): boolean => same(before[i] as T, after[j] as T);
  const pairs: [number, number][] = [];
  let start = 0;
  while (start < before.length && start < after.length && equal(start, start)) {
    pairs.push([start, start]);
    start += 1;
  }
  let end = 0;
  const room = Math.min(before.length, after.length) - start;
  while (end < room && equal(before.length - 1 - end, after.length - 1 - end)) {
    end += 1;
    pairs.push([before.length - end, after.length - end]);
  }
  const rows = before.length - start - end;
  const columns = after.length - start - end;
  if (rows === 0 || columns === 0 || rows * columns > MAX_CELLS) return pairs;
  const width = columns + 1;
  const lengths = new Uint32Array((rows + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = rows - 1; i >= 0; i -= 1) {
    for (let j = columns - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = equal(start + i, start + j)
        ? at(i + 1, j + 1) + 1
        : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  for (let i = 0, j = 0; i < rows && j < columns;) {
    if (equal(start + i, start + j)) {
      pairs.push([start + i, start + j]);
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
}

/** Whether what was in order still is: the pairs' places in the new list only grow. */
export function firstMoved<T>(pairs: readonly { after: T; to: number }[]): T | undefined {
  let last = -1;
  for (const { after, to } of pairs) {
    if (to < last) return after;
    last = to;
  }
  return undefined;
}
