import { type Annotation, defineRule, parseAnnotations } from "@yantra-lint/core";
import { isCommented, pointer, toComments } from "../comments.ts";

/** Words that fill the place of a reason and say nothing. */
const EMPTY_WORDS = new Set(
  "a an as because discussed done fine fixme here hack is it just later low me n na no none now of ok okay per placeholder please reason requested risk safe so tbd temp temporary test that the this tmp todo trust wip x xx xxx yes".split(
    " ",
  ),
);

/** An annotation decides how a change is judged; whoever answers for the change must be able to answer for it too. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["js/js", "yantra/sql", "yantra/kubernetes"],
    docs: {
      description: "Require annotations that decide how a change is judged to say why",
      recommended: "error",
    },
    schema: [
      {
        type: "object",
        properties: {
          also: {
            description: "Annotations beside @yantra-risk that need a reason.",
            type: "array",
            items: { enum: ["owner", "health", "depends", "phase"] },
            uniqueItems: true,
          },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ also: [] }],
    messages: {
      ignored:
        '{{word}} gives no reason, so it is ignored and the change is judged as if it were not there. Whoever approves the change must read one: add it after " -- ".',
      missing:
        '{{word}} gives no reason, so nobody can tell later whether it still holds. Add the reason after " -- ".',
      empty:
        '"{{reason}}" is no reason to judge every change here as harmless, and whoever is woken by one cannot tell whether somebody had thought about it. Say after " -- " what keeps a mistake here from hurting anybody.',
    },
  },
  create(context) {
    const code: object = context.sourceCode;
    const asked = new Set<string>(["risk", ...alsoOf(context.options[0])]);
    const check = (): void => {
      if (!isCommented(code)) return;
      const point = pointer(code);
      for (const annotation of toComments(code.getAllComments()).flatMap(parseAnnotations)) {
        const { name, reason, range } = annotation;
        if (!name || !asked.has(name)) continue;
        const word = `@yantra-${name}`;
        const said = reason !== "";
        if (said && !(lowers(annotation) && saysNothing(reason))) continue;
        const [start, end] = said ? [range[1] - reason.length, range[1]] : [range[0], range[0] + word.length];
        context.report({
          loc: { start: point(start), end: point(end) },
          ...(said
            ? { messageId: "empty", data: { reason } }
            : { messageId: name === "risk" ? "ignored" : "missing", data: { word } }),
        });
      }
    };
    // The root node is called so in js/js and in our own languages.
    return { Program: check, File: check };
  },
});

function alsoOf(options: unknown): string[] {
  if (typeof options !== "object" || options === null || !("also" in options)) return [];
  return Array.isArray(options.also) ? options.also.filter((name) => typeof name === "string") : [];
}

/** Only what lowers the risk is worth a lie: what lifts it costs its author time. */
function lowers({ name, value }: Annotation): boolean {
  return name === "risk" && value === "low";
}

function saysNothing(reason: string): boolean {
  const words = reason.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.every((word) => EMPTY_WORDS.has(word));
}
