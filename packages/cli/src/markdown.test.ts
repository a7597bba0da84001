import { describe, expect, it } from "vitest";
import { codeSpan, plainMarkdown } from "./markdown.ts";

describe("plainMarkdown", () => {
  it.each([
    ["orders.total grows", "orders.total grows"],
    ["a | b", "a \\| b"],
    ["<img src=x onerror=y>", "&lt;img src=x onerror=y&gt;"],
    ["[x](https://evil.example)", "\\[x\\](https&#58;//evil.example)"],
    ["thanks @ada", "thanks @<!-- -->ada"],
    ["one\n# two", "one \\# two"],
    ["\u001b[31mred", "\\\\x1b\\[31mred"],
    ["`code` and __bold__", "`code` and \\_\\_bold\\_\\_"],
    ["`a` <b> `c|d` `", "`a` &lt;b&gt; \\`c\\|d` `"],
  ])("%j", (text, expected) => {
    expect(plainMarkdown(text)).toBe(expected);
  });
});

describe("codeSpan", () => {
  it.each([
    ["db/a.sql", "`db/a.sql`"],
    ["a`b", "``a`b``"],
    ["`a", "`` `a ``"],
    ["a|b", "`a\\|b`"],
    ["a\nb", "`a b`"],
  ])("%j", (text, expected) => {
    expect(codeSpan(text)).toBe(expected);
  });
});
