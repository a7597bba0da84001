import { distance } from "fastest-levenshtein";

/**
 * The word among `candidates` that `word` was probably meant to be, or undefined when none is near: at most a
 * third of the letters may differ, case aside; but always one, and two from four letters on, which is what two
 * swapped letters cost. A caller who must be surer gives a `limit` of its own.
 */
export function nearestWord(
  word: string,
  candidates: Iterable<string>,
  limit: number = Math.max(word.length < 4 ? 1 : 2, Math.floor(word.length / 3)),
): string | undefined {
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    const d = distance(word.toLowerCase(), candidate.toLowerCase());
    if (d < bestDistance) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best;
}
