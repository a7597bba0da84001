import { type AnnotationProblem, defineRule, parseAnnotations } from "@yantra-lint/core";
import { isCommented, pointer, toComments } from "../comments.ts";

/** An annotation that cannot be read protects nothing, and nobody notices. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["js/js", "yantra/sql", "yantra/kubernetes"],
    docs: { description: "Require annotations to be spelled so that they can be read", recommended: "error" },
    fixable: "code",
    hasSuggestions: true,
    schema: [],
    messages: {
      unknownName:
        "{{word}} is no annotation, so the risk is judged as if it were not there. Known are {{expected}}.",
      missingValue: "{{word}} has no value, so the whole annotation is ignored. Write {{expected}} after it.",
      invalidValue:
        '"{{word}}" is no value of {{name}}, so the whole annotation is ignored. Write {{expected}}.',
      unknownOption:
        '{{name}} has no option "{{word}}", so the whole annotation is ignored. It takes {{expected}}.',
      invalidOption: '"{{word}}" cannot be read, so the whole annotation is ignored. Write {{expected}}.',
      repeatedOption:
        'The option "{{word}}" stands twice, so the whole annotation is ignored. Write {{expected}}.',
      unexpectedWord:
        '"{{word}}" is not expected after {{name}}, so the whole annotation is ignored. It takes {{expected}}; a reason follows " -- ".',
      replace: "Write {{suggestion}}.",
    },
  },
  create(context) {
    const code: object = context.sourceCode;
    const check = (): void => {
      if (!isCommented(code)) return;
      const point = pointer(code);
      for (const annotation of toComments(code.getAllComments()).flatMap(parseAnnotations)) {
        for (const problem of annotation.problems) {
          const { kind, word, expected, suggestion, range } = problem;
          // require-annotation-reason says so.
          if (kind === "missingReason") continue;
          const replace = suggestion === undefined ? undefined : { range, text: suggestion };
          context.report({
            loc: { start: point(range[0]), end: point(range[1]) },
            messageId: kind,
            data: { word, expected, name: `@yantra-${annotation.name}` },
            // Where the case alone is wrong there is no doubt of what was meant.
            ...(replace && onlyCase(problem) ? { fix: () => replace } : {}),
            ...(replace && !onlyCase(problem)
              ? {
                  suggest: [{ messageId: "replace", data: { suggestion: replace.text }, fix: () => replace }],
                }
              : {}),
          });
        }
      }
    };
    // The root node is called so in js/js and in our own languages.
    return { Program: check, File: check };
  },
});

function onlyCase({ word, suggestion }: AnnotationProblem): boolean {
  return suggestion?.toLowerCase() === word.toLowerCase();
}
