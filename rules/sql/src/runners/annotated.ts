import type { Range } from "@yantra-lint/core";
import type { Section } from "./runner.ts";

/** A directive of goose or sql-migrate: `-- +goose Up`. */
interface Directive {
  /** Lower-cased, with single blanks. */
  word: string;
  start: number;
  end: number;
}

/** The directives `-- +<tool> <words>` of a text in order, with the offsets of their lines. */
export function directivesOf(text: string, tool: "goose" | "migrate"): Directive[] {
  if (!text.includes(`+${tool}`)) return [];
  return [...text.matchAll(new RegExp(`^--[ \\t]*\\+${tool}[ \\t]+([^\\r\\n]*)`, "gm"))].map((match) => ({
    word: (match[1] ?? "").trim().toLowerCase().replaceAll(/\s+/g, " "),
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/**
 * The sections that `up` and `down` open, with the blocks of StatementBegin and StatementEnd in them. Directives
 * of one direction that follow each other are one section: sql-migrate collects what each holds, and runs all
 * without a transaction when one says so (sql-migrate 1.8, `sqlparse/sqlparse.go`, `DisableTransactionUp`).
 */
export function sectionsOf(
  directives: readonly Directive[],
  length: number,
  transactional: boolean,
): Section[] {
  const found: (Section & { blocks: Range[] })[] = [];
  let block: number | undefined;
  for (const { word, start, end } of directives) {
    const current = found.at(-1);
    const [verb, option] = word.split(" ");
    if (verb === "up" || verb === "down") {
      // Only sql-migrate has the option; goose says it in a directive of its own.
      const runs = transactional && option !== "notransaction";
      if (current?.direction === verb) {
        current.transactional &&= runs;
        continue;
      }
      if (current) current.range[1] = start;
      found.push({ direction: verb, range: [end, length], transactional: runs, blocks: [] });
    } else if (verb === "statementbegin") block = end;
    else if (verb === "statementend" && block !== undefined) {
      current?.blocks.push([block, start]);
      block = undefined;
    }
  }
  return found;
}
