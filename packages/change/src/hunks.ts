import type { Hunk, LineSpan } from "@yantra-lint/core";
import { diffArrays } from "diff";

/** Above this many changed lines the shortest difference is not searched for: one hunk covers all. */
const MAX_EDITS = 1000;

/** How two versions of a text differ, line by line, without context. */
export function hunksOf(before: string, after: string): Hunk[] {
  if (before === after) return [];
  const old = linesOf(before);
  const own = linesOf(after);
  const head = commonHead(old, own);
  const tail = commonTail(old, own, head);
  const oldMiddle = old.slice(head, old.length - tail);
  const ownMiddle = own.slice(head, own.length - tail);
  const parts = diffArrays(oldMiddle, ownMiddle, { maxEditLength: MAX_EDITS });
  if (!parts) return [{ before: span(head, oldMiddle.length), after: span(head, ownMiddle.length) }];
  const hunks: Hunk[] = [];
  let [oldAt, ownAt] = [head, head];
  let [removed, added] = [0, 0];
  const flush = (): void => {
    if (removed + added === 0) return;
    hunks.push({ before: span(oldAt - removed, removed), after: span(ownAt - added, added) });
    [removed, added] = [0, 0];
  };
  for (const part of parts) {
    const { length } = part.value;
    if (!part.added && !part.removed) {
      flush();
      oldAt += length;
      ownAt += length;
    } else if (part.removed) {
      removed += length;
      oldAt += length;
    } else {
      added += length;
      ownAt += length;
    }
  }
  flush();
  return hunks;
}

/** Lines with their ends, so that another end is another line; the empty rest behind the last end is none. */
function linesOf(text: string): string[] {
  const lines = text.split(/(?<=\n)/);
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

function commonHead(a: readonly string[], b: readonly string[]): number {
  const length = Math.min(a.length, b.length);
  let count = 0;
  while (count < length && a[count] === b[count]) count += 1;
  return count;
}

function commonTail(a: readonly string[], b: readonly string[], head: number): number {
  const length = Math.min(a.length, b.length) - head;
  let count = 0;
  while (count < length && a[a.length - 1 - count] === b[b.length - 1 - count]) count += 1;
  return count;
}

/** `at` lines stand before. With no lines, a unified diff names the line before. */
function span(at: number, count: number): LineSpan {
  return { start: count === 0 ? at : at + 1, count };
}
