import { Utf8Offsets } from "@yantra-lint/core";
import { loadModule, scanSync } from "libpg-query";
import { beforeAll, describe, expect, it } from "vitest";
import { Kind, Scanner, tokenize } from "./scanner.ts";

beforeAll(() => loadModule());

/** What the server's scanner makes of a text: the stretches of its tokens, as UTF-16 offsets. */
function serverTokens(text: string): string[] {
  const offsets = new Utf8Offsets(text);
  return scanSync(text).tokens.map((token) =>
    text.slice(offsets.toUtf16(token.start), offsets.toUtf16(token.end)),
  );
}

function ourTokens(text: string): string[] {
  const scanner = new Scanner(text);
  const tokens: string[] = [];
  for (let kind = scanner.next(); kind !== Kind.End; kind = scanner.next()) {
    tokens.push(text.slice(scanner.start, scanner.end));
  }
  return tokens;
}

describe("Scanner", () => {
  it.each([
    "SELECT 'it''s', E'it\\'s', U&'d\\0061t', B'01', x'1F', N'n' FROM \"a\"\"b\", U&\"d\\0061\"",
    "SELECT $$a;b$$, $tag$ $$ ' $tag$, $1, $äö$x$äö$",
    "SELECT 1, 1.5, .5, 1e10, 1.5e-3, 0x1F, 0o17, 0b01, 1_000, 3..5",
    "SELECT a-b -- comment\n, c/*d /* nested */ ; */, e<--f\n g",
    "SELECT a$b, é😀, _x, tab.col[1:2], a::int, 'é😀' AS \"é😀\"",
    "SELECT x->>'a', y #>> '{a}', z @> w, q ~* 'r', v <> u, t != s",
    "create function f() returns int begin atomic select 1; end;",
    "SELECT 'e' e'\\\\' , e, n, b, x, u, u & v",
    "SELECT 'a'\n'b'",
  ])("cuts %j as PostgreSQL does", (text) => {
    expect(ourTokens(text)).toEqual(serverTokens(text));
  });

  it.each([
    ["'never closed; x", Kind.String],
    ["$a$ never closed $b$", Kind.String],
    ['"never closed', Kind.QuotedIdentifier],
    ["/* never /* closed */", Kind.BlockComment],
    ["{{ never closed", Kind.Template],
  ])("reads %j to the end of the text", (text, kind) => {
    const scanner = new Scanner(text);
    expect(scanner.next()).toBe(kind);
    expect(scanner.end).toBe(text.length);
    expect(scanner.next()).toBe(Kind.End);
  });

  it.each(["\u0001", "a\u001f;", "\u00a0a \u2028", "\u0003--x"])("comes to an end of %j", (text) => {
    const tokens = ourTokens(` ${text}`);
    expect(tokens.join("")).toBe(text.replaceAll(" ", ""));
  });

  it("takes only PostgreSQL's spaces for such", () => {
    expect(ourTokens("a\t\n\u000b\f\r b")).toEqual(["a", "b"]);
    expect(ourTokens("a \u00a0b \u2003c")).toEqual(serverTokens("a \u00a0b \u2003c"));
  });

  it("tells templates and psql commands", () => {
    const text = "a ${b;c} {{ d; }} <% e %> $1\n\\connect 'x;\nf";
    expect(tokenize(text).map(({ kind, start, end }) => [kind, text.slice(start, end)])).toEqual([
      [Kind.Word, "a"],
      [Kind.Template, "${b;c}"],
      [Kind.Template, "{{ d; }}"],
      [Kind.Template, "<% e %>"],
      [Kind.Parameter, "$1"],
      [Kind.MetaCommand, "\\connect 'x;"],
      [Kind.Word, "f"],
    ]);
  });
});
