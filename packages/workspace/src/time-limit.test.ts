import { describe, expect, it } from "vitest";
import { type AnyPack, DEFAULT_SETTINGS } from "@yantra-lint/core";
import { packs } from "./fake-pack.fixture.ts";
import { knownRules, resolveRules } from "./rules.ts";
import { TaskRunner } from "./task.ts";
import { eachWithin } from "./time-limit.ts";

const forever = (): never => {
  for (;;);
};

describe("eachWithin", () => {
  it("ends what takes too long, and goes on with the next", () => {
    const [done, late]: [string[], string[]] = [[], []];
    const work = (item: string): void => {
      if (item === "loop") forever();
      if (item === "regex") /^(?:a+)+$/.test(`${"a".repeat(60)}!`);
      done.push(item);
    };
    eachWithin(["a", "loop", "b", "c", "regex", "d", "loop"], 100, work, (item) => late.push(item));
    expect({ done, late }).toEqual({ done: ["a", "b", "c", "d"], late: ["loop", "regex", "loop"] });
  });

  it("gives each the whole time, however long all take together", () => {
    const late: number[] = [];
    const work = (): void => {
      for (const end = performance.now() + 60; performance.now() < end;);
    };
    eachWithin([1, 2, 3, 4], 200, work, (item) => late.push(item));
    expect(late).toEqual([]);
  });

  it("hands errors on, and cleans up after itself", () => {
    const before = Object.getOwnPropertySymbols(globalThis);
    const work = (): void => {
      throw new TypeError("mine");
    };
    expect(() => {
      eachWithin([1], 100, work, forever);
    }).toThrow(new TypeError("mine"));
    eachWithin([1], 100, () => undefined, forever);
    expect(Object.getOwnPropertySymbols(globalThis)).toEqual(before);
  });
});

it("a file that never ends is named, and the others are checked", async () => {
  const slow = packs.map((pack): AnyPack => ({
    ...pack,
    map: (code, file) => (file.text.includes("loop") ? forever() : pack.map(code, file)),
  }));
  const rules = resolveRules(knownRules(slow), "recommended", {});
  const files = ["bad 1", "loop 1", "bad 2"].map((text, index) => ({
    path: `${index}.toy`,
    kind: { name: "toy" },
    pack: "toy",
    input: { text },
  }));
  const results = await new TaskRunner(slow, 500).run({
    stream: false,
    files,
    rules,
    settings: DEFAULT_SETTINGS,
  });
  expect(results).toMatchObject([
    { findings: [{ messageId: "bad" }] },
    { crash: { path: "1.toy", message: "it took more than 0.5 seconds." } },
    { findings: [{ messageId: "bad" }] },
  ]);
});
