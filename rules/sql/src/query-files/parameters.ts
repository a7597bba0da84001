import type { Range } from "@yantra-lint/core";
import { Kind, type Token, tokenize } from "../language/scanner.ts";
import type { Spread } from "./names.ts";

/** Functions of sqlc that stand for a parameter (docs.sqlc.dev/en/latest/reference/macros.html). */
const SQLC_PARAMETER = /^(?:arg|narg|slice)$/i;

/**
 * A query's text with PostgreSQL's parameters in place of the tools': `sqlc.arg(name)`, `@name`, `:name` and PgTyped's
 * `:name!` and spreads; one name, one number, behind those that the text has. `sqlc.embed(t)` is `t.*`.
 */
export function withParameters(text: string, range: Range, spreads: ReadonlyMap<string, Spread>): string {
  const tokens = tokenize(text, ...range);
  const numbers = new Map<string, number>();
  let last = 0;
  for (const { kind, start, end } of tokens)
    if (kind === Kind.Parameter) last = Math.max(last, Number(text.slice(start + 1, end)) || 0);
  const fresh = (): string => `$${(last += 1)}`;
  const numberOf = (name: string): string => {
    const known = numbers.get(name);
    if (known !== undefined) return `$${known}`;
    const made = fresh();
    numbers.set(name, last);
    return made;
  };
  const parts: string[] = [];
  let from = range[0];
  const replace = (start: number, end: number, by: string): void => {
    parts.push(text.slice(from, start), by);
    from = end;
  };
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (!token || token.start < from) continue;
    const macro = sqlcMacro(text, tokens, index);
    if (macro) {
      const [name, argument, end] = macro;
      replace(token.start, end, name === "embed" ? `${argument}.*` : numberOf(argument));
      continue;
    }
    const name = namedParameter(text, tokens, index);
    if (!name) continue;
    const [word, end] = name;
    const spread = spreads.get(word);
    if (spread === "list") replace(token.start, end, `(${numberOf(word)})`);
    else if (spread !== undefined)
      replace(token.start, end, `(${Array.from({ length: spread }, fresh).join(", ")})`);
    else replace(token.start, end, numberOf(word));
  }
  parts.push(text.slice(from, range[1]));
  return parts.join("");
}

/** `sqlc.arg(name)` at a token: the macro, its argument and its end. */
function sqlcMacro(text: string, tokens: readonly Token[], at: number): [string, string, number] | undefined {
  const [sqlc, dot, macro, open, argument, close] = tokens.slice(at, at + 6);
  if (!sqlc || !dot || !macro || !argument || open?.kind !== Kind.OpenParen) return undefined;
  if (
    close?.kind !== Kind.CloseParen ||
    textOf(text, sqlc).toLowerCase() !== "sqlc" ||
    textOf(text, dot) !== "."
  )
    return undefined;
  const name = textOf(text, macro).toLowerCase();
  if (name !== "embed" && !SQLC_PARAMETER.test(name)) return undefined;
  return [name, textOf(text, argument).replace(/^'|'$/g, ""), close.end];
}

/** `@name` or `:name` at a token, with PgTyped's `!`: the name and its end. */
function namedParameter(text: string, tokens: readonly Token[], at: number): [string, number] | undefined {
  const [mark, word, bang] = tokens.slice(at, at + 3);
  if (!mark || word?.kind !== Kind.Word || word.start !== mark.end || mark.end - mark.start !== 1)
    return undefined;
  const sign = text[mark.start];
  if (sign !== "@" && sign !== ":") return undefined;
  // A slice of an array: `names[1:last]`.
  if (sign === ":" && /[\w\])]/.test(text[mark.start - 1] ?? "")) return undefined;
  const needed = bang?.start === word.end && text.slice(bang.start, bang.end) === "!";
  return [textOf(text, word), needed ? bang.end : word.end];
}

function textOf(text: string, { start, end }: Token): string {
  return text.slice(start, end);
}
