import { describe, expect, it } from "vitest";
import { parseOne } from "./parser.ts";

describe("parseOne", () => {
  it("reads the first statement", () => {
    expect(parseOne("SELECT 1")).toMatchObject({ node: { SelectStmt: {} } });
    expect(parseOne("-- nothing\n")).toEqual({ nothing: true });
  });

  it("says what is wrong, and where in UTF-16 units", () => {
    const message = 'syntax error at or near "FORM"';
    expect(parseOne("SELECT 'ab' a FORM x")).toEqual({ message, offset: 14 });
    expect(parseOne("SELECT '😀b' a FORM x")).toEqual({ message, offset: 15 });
  });

  it("gives the same tree for the same text, also a refused one", () => {
    const text = "ALTER TABLE parcels ADD COLUMN weight int";
    expect(parseOne(`${text};`.slice(0, -1))).toBe(parseOne(text));
    expect(parseOne("SELEC 1")).toBe(parseOne("SELEC 1"));
  });

  it("reads a text anew that is too long to be kept", () => {
    const text = `SELECT '${"x".repeat(20_000)}'`;
    expect(parseOne(text)).not.toBe(parseOne(text));
    expect(parseOne(text)).toEqual(parseOne(text));
  });
});
