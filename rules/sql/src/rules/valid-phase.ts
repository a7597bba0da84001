import type { Operation, Range } from "@yantra-lint/core";
import { defineRule } from "../define.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import { phaseAnnotations, phaseOfSteps } from "../phase-annotations.ts";

/** A phase that the migration contradicts tells reviewers and the risk's judge something untrue. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/sql"],
    docs: {
      description: "Enforce that a phase annotation tells what the migration does",
      recommended: "warn",
    },
    hasSuggestions: true,
    schema: [],
    messages: {
      contradicted:
        'This says {{value}}, but "{{what}}" in line {{line}} belongs to contract: it takes away or demands what the release before this one may not live with. Move it to a migration of a later release, or call this contract, so that it is judged as what it is.',
      onlyExpands:
        "This says contract, but nothing it speaks of takes anything away: it only adds, so the annotation asks for care where none is due, and is worn out where it is. Call it expand, or remove the annotation.",
      afterIgnored:
        "The option after= names the release that has to be out before. What only adds waits for none, so it is ignored here. Remove it.",
      detached:
        "This stands neither before the first statement nor directly above one, so it speaks of nothing and is ignored. Put it above the statement it is about, without a blank line between.",
      write: "Write {{value}}.",
      remove: "Remove {{word}}.",
    },
  },
  create(context) {
    const code = context.sourceCode;
    return {
      File() {
        for (const { annotation, value, steps } of phaseAnnotations(code)) {
          const loc = code.positions.loc(annotation.range);
          if (!steps) {
            context.report({ loc, messageId: "detached" });
            continue;
          }
          const { word, after } = partsOf(code, annotation.range);
          const derived = phaseOfSteps(steps);
          const contract = steps
            .filter(({ phase }) => phase === "contract")
            .map(({ step }) => step.operation())
            .find((operation) => !isBorne(operation, code.text));
          if (value !== "contract" && contract) {
            context.report({
              loc,
              messageId: "contradicted",
              data: { value, what: excerpt(code, contract.range), line: String(contract.startLine) },
              suggest: [suggestion("contract", word)],
            });
          } else if (value === "contract" && derived === "expand") {
            // What `after=` says goes with the word: it means nothing elsewhere.
            const range: Range = [word[0], after?.[1] ?? word[1]];
            context.report({ loc, messageId: "onlyExpands", suggest: [suggestion("expand", range)] });
          }
          // A backfill waits for the release that writes the new column; where contract was meant, so was `after=`.
          if (value !== "expand" || contract || !after) continue;
          const text = code.text.slice(...after).trim();
          context.report({
            loc: code.positions.loc([after[1] - text.length, after[1]]),
            messageId: "afterIgnored",
            suggest: [
              { messageId: "remove", data: { word: text }, fix: (fixer) => fixer.removeRange(after) },
            ],
          });
        }
      },
    };

    function suggestion(value: string, range: Range): Suggestion {
      return { messageId: "write", data: { value }, fix: (fixer) => fixer.replaceTextRange(range, value) };
    }
  },
});

type Suggestion = NonNullable<
  Parameters<Parameters<Parameters<typeof defineRule>[0]["create"]>[0]["report"]>[0]["suggest"]
>[number];

/**
 * Whether the release before this one lives with an operation all the same: it loosens a demand, takes away an index,
 * or makes anew what it drops, as migrations do that can be run twice.
 */
function isBorne(operation: Operation, text: string): boolean {
  if (operation.kind === "DropIndex" || operation.kind === "DropConstraint") return true;
  if (operation.kind !== "Other" || operation.what === undefined) return false;
  const [, kind, name] =
    /^DROP (TRIGGER|POLICY|FUNCTION|PROCEDURE|RULE|AGGREGATE) (?:IF EXISTS )?([^\s(;,]+)/i.exec(
      operation.what,
    ) ?? [];
  if (kind === undefined || name === undefined) return false;
  const words = text.toLowerCase().split(/[\s(]+/);
  return words.some(
    (word, index) =>
      word === kind.toLowerCase() && words[index + 1] === name.toLowerCase() && isMaking(words, index),
  );
}

/** `CREATE [OR REPLACE] [CONSTRAINT]` before a word. */
function isMaking(words: readonly string[], index: number): boolean {
  return words.slice(Math.max(0, index - 4), index).includes("create");
}

/** Where the value and `after=…` stand, the latter with the blanks before it. */
function partsOf(code: SqlSourceCode, [start, end]: Range): { word: Range; after?: Range } {
  const text = code.text.slice(start, end);
  const [whole = "", tag = "", word = "", after = ""] =
    /^(@yantra-phase\s+)(\S+)(\s+after=\S+)?/i.exec(text) ?? [];
  const from = start + tag.length;
  const range: Range = [from, from + word.length];
  return after === "" ? { word: range } : { word: range, after: [range[1], start + whole.length] };
}

/** The beginning of a text, on one line. */
function excerpt(code: SqlSourceCode, range: Range): string {
  const text = code.text.slice(...range).replaceAll(/\s+/g, " ");
  return text.length > 60 ? `${text.slice(0, 57).trimEnd()}…` : text;
}
