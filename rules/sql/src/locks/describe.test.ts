import { expect, it } from "vitest";
import { describeEffects } from "./describe.ts";
import type { Effects, TableLock, TableWork } from "./types.ts";

const lock = (name: string, mode: TableLock["mode"], certain = true): TableLock => ({
  table: { name },
  mode,
  role: "target",
  certain,
});
const work = (kind: TableWork["kind"], certain = true): TableWork => ({
  kind,
  table: { name: "t" },
  role: "target",
  certain,
});

it.each<[effects: Pick<Effects, "locks" | "work">, text: string]>([
  [{ locks: [], work: [] }, ""],
  [{ locks: [lock("t", "SHARE UPDATE EXCLUSIVE")], work: [work("scan")] }, ""],
  [{ locks: [lock("t", "ACCESS EXCLUSIVE", false)], work: [] }, ""],
  [
    { locks: [lock("t", "ACCESS EXCLUSIVE")], work: [work("scan")] },
    "It holds an ACCESS EXCLUSIVE lock on t. Every read and write waits while PostgreSQL reads every row of t.",
  ],
  [
    { locks: [lock("t", "ACCESS EXCLUSIVE")], work: [work("rewrite", false)] },
    "It holds an ACCESS EXCLUSIVE lock on t. Every read and write waits until the transaction ends.",
  ],
  [
    {
      locks: [lock("t", "SHARE ROW EXCLUSIVE"), lock("p", "SHARE ROW EXCLUSIVE")],
      work: [work("build")],
    },
    "It holds a SHARE ROW EXCLUSIVE lock on t and a SHARE ROW EXCLUSIVE lock on p. Every INSERT, UPDATE and DELETE waits while PostgreSQL reads every row of t to build an index.",
  ],
])("says lock, table, whom it blocks and while what happens: %j", (effects, text) => {
  expect(describeEffects(effects)).toBe(text);
});
