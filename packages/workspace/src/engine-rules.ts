import type { RuleDocs } from "@yantra-lint/core";

/** What the engine itself finds, configured and explained like any rule. */
export interface EngineRule {
  meta: {
    type: "problem" | "suggestion";
    docs: RuleDocs;
    messages: Record<string, string>;
    schema: readonly never[];
  };
}

/** Rules that need no file of their own: they say what became of a file or of a comment. */
export const ENGINE_RULES = {
  "no-syntax-error": {
    meta: {
      type: "problem",
      docs: {
        description: "Disallow files that their parser refuses as a whole",
        recommended: "error",
      },
      messages: { syntax: "The file cannot be parsed, so nothing in it was checked: {{problem}}" },
      schema: [],
    },
  },
  "no-unused-suppression": {
    meta: {
      type: "suggestion",
      docs: {
        description: "Disallow suppression comments that hide nothing",
        recommended: "warn",
        unsuppressible: true,
      },
      messages: {
        unused:
          "{{rule}} reports nothing here, so this comment hides nothing now and would hide a real finding later. Remove it.",
        unknown: "There is no rule {{rule}}, so this comment hides nothing.{{hint}}",
      },
      schema: [],
    },
  },
} as const satisfies Record<string, EngineRule>;
