import { Lines } from "@yantra-lint/core";
import { describe, expect, it } from "vitest";
import { type Place, Tree } from "./place.ts";
import { readYaml } from "./read.ts";

function root(text: string): Place {
  const [first] = readYaml(text, false).documents;
  if (!first) throw new Error("There is no document.");
  const place = new Tree(text, new Lines(text), first.document).root;
  if (!place) throw new Error("The document is empty.");
  return place;
}

describe("rangeWithin", () => {
  it.each<[string, string]>([
    ["plain", "run: echo kubectl apply\n"],
    ["plain over lines", "run: echo\n  kubectl\n  apply\n"],
    ["literal", "run: |\n    set -e\n      cd é😀\n    kubectl apply\n"],
    ["literal with indicators and a comment", "run: |2- # kubectl\n    kubectl apply\n"],
    ["folded", "run: >-\n  echo\n  kubectl apply\n\n  done\n"],
    ["single-quoted", "run: 'it''s kubectl apply'\n"],
    ["double-quoted", 'run: "kubectl apply"\n'],
    ["CRLF", "run: |\r\n  set -e\r\n  kubectl apply\r\n"],
    ["an alias", "a: &a kubectl apply\nrun: *a\n"],
  ])("%s", (_, text) => {
    const run = root(text).child("run");
    const value = String(run?.value);
    const at = value.indexOf("kubectl");
    const range = run?.rangeWithin([at, at + "kubectl apply".length]) ?? [0, 0];
    expect(text.slice(...range).replace(/\s+/g, " ")).toBe("kubectl apply");
  });

  it("gives the whole of a scalar with escapes", () => {
    const text = 'run: "a\\nkubectl"\n';
    const run = root(text).child("run");
    expect(text.slice(...(run?.rangeWithin([2, 9]) ?? [0, 0]))).toBe('"a\\nkubectl"');
  });
});
