import { expect, test } from "vitest";
import { primaryLocationLineHashes } from "./line-hashes.ts";

// The expected hashes were made by running codeql-action's own `hash` (src/fingerprints.ts) on these texts.
const VECTORS: [text: string, hashes: string[]][] = [
  ["", ["c129715d7a2bc9a3:1"]],
  ["a", ["53b5d4aabe50d64:1"]],
  ["-- é😀\nselect 1;\n", ["ac9c53ec5803c553:1", "c88520523b78ce19:1", "c129715d7a2bc9a3:1"]],
  [
    "kind: Deployment\r\n  replicas: 1\r \nx",
    ["36edc77247a17ed4:1", "d69fac4f6532ec31:1", "a88801a1799b48b5:1", "638816509450efbf:1"],
  ],
  [
    "drop table a;\n".repeat(12),
    [
      "3fa4cbb9fe0e3aa9:1",
      "3fa4cbb9fe0e3aa9:2",
      "3fa4cbb9fe0e3aa9:3",
      "3fa4cbb9fe0e3aa9:4",
      "3fa4cbbac39ab85b:1",
      "b07e5c1d0a3383ac:1",
      "f30e5a0c4177edcd:1",
      "a75f8d5539aa8fbe:1",
      "103beebda4bf527f:1",
      "cc6c139e007c6f10:1",
      "c114ef61b86b6e71:1",
      "2d80be61689a29a2:1",
      "c129715d7a2bc9a3:1",
    ],
  ],
  [
    `${"x".repeat(250)}\ny\u2028z\n\n`,
    ["52b56201ffb58620:1", "36b46d968536b3e2:1", "3c5bef55b72b93c9:1", "c129715d7a2bc9a3:1"],
  ],
];

test.each(VECTORS)("hashes every line of %j as GitHub does", (text, hashes) => {
  const hashOf = primaryLocationLineHashes(text);
  expect(hashes.map((_, index) => hashOf(index + 1))).toEqual(hashes);
  expect(hashOf(0)).toBeUndefined();
  expect(hashOf(hashes.length + 1)).toBeUndefined();
});

test("leaves blanks out and takes every line break as one", () => {
  const hashOf = primaryLocationLineHashes("select a\nfrom b\n");
  const same = primaryLocationLineHashes("  select\ta\r\n\tfrom b \r");
  expect([same(1), same(2), same(3)]).toEqual([hashOf(1), hashOf(2), hashOf(3)]);
});
