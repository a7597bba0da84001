import { quotedName } from "@yantra-lint/core";
import { Kind, type Token, tokenize } from "./scanner.ts";

/**
 * An expression of one table after a column's renaming, as PostgreSQL has it from then on, which holds columns by their
 * number. What is called like the column and is none stays: functions, types behind `::`, fields of a
 * composite, units behind a string.
 */
export function withNewName(expression: string, from: string, to: string): string {
  const tokens = tokenize(expression);
  const places = tokens.filter((token, index) => {
    if (!names(expression, token, from)) return false;
    const [one, before, after] = [tokens[index - 2], tokens[index - 1], tokens[index + 1]];
    if (after?.kind === Kind.OpenParen || before?.kind === Kind.String) return false;
    const sign = before && expression.slice(before.start, before.end);
    if (sign === ".") return one?.kind === Kind.Word || one?.kind === Kind.QuotedIdentifier;
    return sign !== "::" && !(sign === ":" && one?.end === before?.start);
  });
  return places.reduceRight(
    (text, { start, end }) => text.slice(0, start) + quotedName(to) + text.slice(end),
    expression,
  );
}

function names(text: string, { kind, start, end }: Token, name: string): boolean {
  if (kind === Kind.Word) return text.slice(start, end).toLowerCase() === name;
  return kind === Kind.QuotedIdentifier && text.slice(start + 1, end - 1).replaceAll('""', '"') === name;
}
