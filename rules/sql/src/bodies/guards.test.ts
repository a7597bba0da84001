import { describe, expect, it } from "vitest";
import { guardOfAnswer, type Under } from "./guards.ts";

const COLUMN =
  "FROM information_schema.columns WHERE table_name = 'Carts' AND column_name = 'note' AND table_schema = 'shop'";
const NAMES = ["carts", "note", "shop"];
const unlessThere: Under = { kind: "unlessThere", names: NAMES };
const ifThere: Under = { kind: "ifThere", names: NAMES };

describe("guardOfAnswer", () => {
  it.each<[query: string, answer: string, expected: Under]>([
    [`SELECT COUNT(*) ${COLUMN}`, "0", unlessThere],
    [`select count(1) ${COLUMN};`, "1", ifThere],
    [`SELECT EXISTS (SELECT 1 ${COLUMN})`, "t", ifThere],
    [`SELECT EXISTS (SELECT 1 ${COLUMN});`, "f", unlessThere],
    [`SELECT NOT EXISTS (SELECT 1 ${COLUMN})`, "true", unlessThere],
    [`SELECT NOT EXISTS (SELECT 1 ${COLUMN})`, "false", ifThere],
    ["SELECT to_regclass('carts') IS NULL", "t", { kind: "unlessThere", names: ["carts"] }],
    [`SELECT EXISTS (SELECT 1 ${COLUMN})`, "yes", "maybe"],
    [`SELECT count(*) ${COLUMN}`, "many", "maybe"],
    [`SELECT count(*), 1 ${COLUMN}`, "0", "maybe"],
    [`SELECT count(*) ${COLUMN} GROUP BY table_name`, "1", "maybe"],
    ["SELECT count(*) FROM carts", "0", "maybe"],
    ["SELECT 1", "1", "maybe"],
    ["SELECT FROM WHERE", "0", "maybe"],
    ["", "", "maybe"],
  ])("%s = %s", (query, answer, expected) => {
    expect(guardOfAnswer(query, answer)).toEqual(expected);
  });
});
