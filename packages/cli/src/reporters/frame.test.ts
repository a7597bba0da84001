import { codeFrameColumns } from "@babel/code-frame";
import { describe, expect, it, vi } from "vitest";
import { Frames } from "./frame.ts";

vi.mock("@babel/code-frame", { spy: true });

const region = (startLine: number, startColumn: number, endLine: number, endColumn: number) => ({
  path: "a.sql",
  startLine,
  startColumn,
  endLine,
  endColumn,
});

const frame = (text: string, ...place: Parameters<typeof region>): string[] | undefined =>
  new Frames(() => text).of(region(...place))?.split("\n");

describe("Frames", () => {
  it("shows the region with a line above and below, under its own numbers", () => {
    const text = Array.from({ length: 12 }, (_, index) => `line ${index + 1}`).join("\r\n");
    expect(frame(text, 10, 6, 10, 8)).toEqual([
      "       9 | line 9",
      "    > 10 | line 10",
      "         |      ^^",
      "      11 | line 11",
    ]);
    expect(frame(text, 1, 1, 2, 5)).toEqual([
      "    > 1 | line 1",
      "        | ^^^^^^",
      "    > 2 | line 2",
      "        | ^^^^^",
      "      3 | line 3",
    ]);
  });

  it("shows the beginning of a long region, and nothing of an empty or shorter text", () => {
    expect(frame("a\nb\nc\nd\ne\nf", 1, 1, 6, 2)).toEqual(["    > 1 | a", "        | ^", "      2 | b"]);
    expect(frame(" \n", 1, 1, 1, 1)).toBeUndefined();
    expect(frame("a", 2, 1, 2, 1)).toBeUndefined();
    expect(new Frames(() => undefined).of(region(1, 1, 1, 1))).toBeUndefined();
  });

  it("marks the right place in a line too long to be shown whole", () => {
    const text = `${"a".repeat(1000)}DROP${"b".repeat(1000)}`;
    const [line = "", marker = ""] = frame(text, 1, 1001, 1, 1005) ?? [];
    expect(line).toMatch(/^ {4}> 1 \| …a+DROPb+…$/);
    expect(line.length).toBeLessThan(260);
    expect([marker.indexOf("^"), marker.trim().slice(1).trim()]).toEqual([line.indexOf("DROP"), "^^^^"]);
    const [whole = "", markers = ""] = frame(text, 1, 1, 1, 2005) ?? [];
    expect(whole).toMatch(/^ {4}> 1 \| a+…$/);
    expect(markers.length).toBeLessThanOrEqual(whole.length);
  });

  it("marks the right place behind control characters, and parts no surrogate pair", () => {
    const [line = "", marker = ""] = frame("\u001b[2Jnote", 1, 5, 1, 9) ?? [];
    expect(line).toContain("\\x1b[2Jnote");
    expect(marker.indexOf("^")).toBe(line.indexOf("note"));
    const [pairs = ""] = frame(`a${"😀".repeat(500)}`, 1, 602, 1, 604) ?? [];
    expect(pairs).not.toMatch(/\p{Surrogate}/u);
  });

  it("costs the lines it shows, however long the file is", () => {
    const frames = new Frames(vi.fn(() => "SELECT 1;\n".repeat(10_000)));
    vi.mocked(codeFrameColumns).mockClear();
    for (let line = 1; line <= 50; line += 1) frames.of(region(line * 100, 1, line * 100, 7));
    const given = vi.mocked(codeFrameColumns).mock.calls.map(([text]) => text.split("\n").length);
    expect(given).toEqual(Array.from({ length: 50 }, () => 3));
  });
});
