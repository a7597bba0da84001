import { expect, test } from "vitest";
import { countReachable } from "./reachability.ts";

/** A small generator of numbers (mulberry32), so that the graphs are the same in every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function byWalking(edges: number[][]): number[] {
  return edges.map((_, start) => {
    const reached = new Set([start]);
    for (const node of reached) for (const target of edges[node] ?? []) reached.add(target);
    return reached.size - 1;
  });
}

test("small graphs", () => {
  expect([...countReachable([])]).toEqual([]);
  expect([...countReachable([[0]])]).toEqual([0]);
  expect([...countReachable([[1], [2], [0], [0, 3]])]).toEqual([2, 2, 2, 3]);
});

test.each([1, 2, 3, 4, 5, 6])("the same as walking from every node (%i)", (seed) => {
  const next = random(seed);
  const size = 50 + Math.floor(next() * 300);
  const edges = Array.from({ length: size }, () =>
    Array.from({ length: Math.floor(next() * 3) }, () => Math.floor(next() * size)),
  );
  expect([...countReachable(edges)]).toEqual(byWalking(edges));
});

test("more nodes than a block has", () => {
  const size = 9000;
  const edges = Array.from({ length: size }, (_, node) => (node % 100 === 0 ? [] : [node - 1]));
  expect([...countReachable(edges)]).toEqual(edges.map((_, node) => node % 100));
});
