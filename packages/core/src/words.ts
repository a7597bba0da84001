import { distance } from "fastest-levenshtein";

/**
 * The word among `candidates` that `word` was probably meant to be, or undefined when none is near: at most a
 * third of the letters may differ (and at least one may), case aside.
 */
export function nearestWord(word: string, candidates: Iterable<string>): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3));
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
