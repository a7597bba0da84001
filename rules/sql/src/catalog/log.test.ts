import { describe, expect, it } from "vitest";
import { VersionLog } from "./log.ts";

describe("VersionLog", () => {
  it("shows every value as it was after each change", () => {
    const log = new VersionLog<string>();
    const changes = [log.set("a", "one"), log.set("b", "x"), log.set("a", "two"), log.set("a", undefined)];
    expect(changes).toEqual([1, 2, 3, 4]);
    expect([0, 1, 2, 3, 4].map((sequence) => log.get("a", sequence))).toEqual([
      "never",
      "one",
      "one",
      "two",
      undefined,
    ]);
    expect([...log.keys()]).toEqual(["a", "b"]);
  });

  it("goes on in the same log from its last change: folding copies nothing", () => {
    const log = new VersionLog<number>();
    for (let i = 0; i < 10; i += 1) log.set("a", i);
    expect(log.branch(10)).toBe(log);
  });

  it("begins a log of its own over an older change, which the old one never sees", () => {
    const log = new VersionLog<string>();
    log.set("a", "one");
    log.set("a", "two");
    const branch = log.branch(1);
    expect(branch.sequence).toBe(1);
    expect(branch.get("a", 1)).toBe("one");
    branch.set("b", "new");
    expect(branch.get("a", branch.sequence)).toBe("one");
    expect([log.get("b", log.sequence), log.get("a", log.sequence)]).toEqual(["never", "two"]);
    const second = branch.branch(1);
    second.set("a", "three");
    expect([second.get("a", 2), branch.get("a", 2), log.get("a", 2)]).toEqual(["three", "one", "two"]);
  });
});
