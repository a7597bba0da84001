import type { Comment } from "./comments.ts";
import type { Range } from "./positions.ts";
import { nearestWord } from "./words.ts";

/**
 * The annotation grammar, one for the comments of every language (`schemas/annotations.schema.json` describes
 * its data):
 *
 *     @yantra-risk low|medium|high [until=YYYY-MM-DD] -- reason
 *     @yantra-owner team
 *     @yantra-health /prefix [checks=dependency,…]
 *     @yantra-depends dependency
 *     @yantra-phase expand|migrate|contract [after=…]
 *
 * An annotation stands at the beginning of a comment's line (after `*` in a block comment).
 */
export const ANNOTATION_NAMES = ["risk", "owner", "health", "depends", "phase"] as const;
export type AnnotationName = (typeof ANNOTATION_NAMES)[number];

interface AnnotationShape {
  /** The words allowed as value; absent: any word. */
  values?: readonly string[];
  valuePattern?: RegExp;
  /** How the value is called and looks, for messages. */
  valueHint: string;
  /** Options (`name=value`) and what their value must look like. */
  options: Readonly<Record<string, { pattern: RegExp; hint: string }>>;
}

const WORD = /^[\w@][\w./@:-]*$/;

/** What each annotation takes. */
export const ANNOTATION_SHAPES: Readonly<Record<AnnotationName, AnnotationShape>> = {
  risk: {
    values: ["low", "medium", "high"],
    valueHint: "low, medium or high",
    options: { until: { pattern: /^\d{4}-\d{2}-\d{2}$/, hint: "a date, YYYY-MM-DD" } },
  },
  owner: { valuePattern: WORD, valueHint: "a team", options: {} },
  health: {
    valuePattern: /^\/\S*$/,
    valueHint: "a path prefix that starts with /",
    options: { checks: { pattern: /^[\w./@:-]+(,[\w./@:-]+)*$/, hint: "dependencies separated by commas" } },
  },
  depends: { valuePattern: WORD, valueHint: "a dependency", options: {} },
  phase: {
    values: ["expand", "migrate", "contract"],
    valueHint: "expand, migrate or contract",
    options: { after: { pattern: WORD, hint: "a release or migration" } },
  },
};

/** What is wrong with an annotation; `range` is the offending word, `suggestion` what it was probably meant to be. */
export interface AnnotationProblem {
  kind:
    | "unknownName"
    | "missingValue"
    | "invalidValue"
    | "unknownOption"
    | "invalidOption"
    | "repeatedOption"
    | "unexpectedWord"
    | "missingReason";
  /** The offending word as written, or the name of what is missing. */
  word: string;
  /** What is expected there, in words. */
  expected: string;
  suggestion?: string;
  range: Range;
}

/** One annotation as read; `problems` is empty when it is valid. */
export interface Annotation {
  /** The name without `@yantra-`; undefined when it is not one we know. */
  name: AnnotationName | undefined;
  value: string;
  options: Record<string, string>;
  reason: string;
  problems: AnnotationProblem[];
  /** The whole annotation, from `@` to the end of its line. */
  range: Range;
}

// A slash after the name makes it a package's name (`@yantra-lint/core`), which is prose.
const START = /^[ \t]*(?:\*[ \t]*)?(@yantra-([A-Za-z][\w-]*|))(?![\w/-])([^\n\r]*)/gim;

/** A date that the calendar has: `2026-02-30` is none. */
export function isCalendarDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Reads all annotations of a comment, valid or not. */
export function parseAnnotations(comment: Comment): Annotation[] {
  if (!/@yantra-/i.test(comment.text)) return [];
  return Array.from(comment.text.matchAll(START), (match) => {
    const [whole, tag = "", name = "", rest = ""] = match;
    const start = comment.textStart + match.index + whole.indexOf(tag);
    return parseOne(tag, name, rest, start);
  });
}

function parseOne(tag: string, name: string, rest: string, start: number): Annotation {
  const split = /(?:^|\s)--(?=\s|$)/.exec(rest);
  const body = (split ? rest.slice(0, split.index) : rest).trimEnd();
  const reason = split ? rest.slice(split.index + split[0].length).trim() : "";
  const end = start + tag.length + rest.trimEnd().length;
  const annotation: Annotation = {
    name: undefined,
    value: "",
    options: {},
    reason,
    problems: [],
    range: [start, end],
  };
  const known = ANNOTATION_NAMES.find((candidate) => candidate === name.toLowerCase());
  if (tag !== `@yantra-${known}`) {
    const nearest = known ?? nearestWord(name, ANNOTATION_NAMES);
    annotation.problems.push({
      kind: "unknownName",
      word: tag,
      expected: ANNOTATION_NAMES.map((candidate) => `@yantra-${candidate}`).join(", "),
      ...(nearest ? { suggestion: `@yantra-${nearest}` } : {}),
      range: [start, start + tag.length],
    });
  }
  // Where only the case is wrong, the rest is read all the same, so that all that is wrong is said at once.
  if (!known) return annotation;
  annotation.name = known;
  const shape = ANNOTATION_SHAPES[known];
  const words = Array.from(body.matchAll(/\S+/g), (match) => ({
    text: match[0],
    start: start + tag.length + match.index,
  }));
  const [first, ...others] = words;
  readValue(annotation, shape, first, [start, start + tag.length]);
  for (const word of others) readOption(annotation, shape, word);
  if (known === "risk" && annotation.reason === "") {
    annotation.problems.push({
      kind: "missingReason",
      word: tag,
      expected: "a reason after --",
      range: [start, start + tag.length],
    });
  }
  return annotation;
}

function readValue(
  annotation: Annotation,
  shape: AnnotationShape,
  word: { text: string; start: number } | undefined,
  tagRange: Range,
): void {
  if (!word || /^\w+=/.test(word.text)) {
    annotation.problems.push({
      kind: "missingValue",
      word: `@yantra-${annotation.name}`,
      expected: shape.valueHint,
      range: tagRange,
    });
    if (word) readOption(annotation, shape, word);
    return;
  }
  annotation.value = word.text;
  const valid = shape.values
    ? shape.values.includes(word.text)
    : (shape.valuePattern?.test(word.text) ?? true);
  if (valid) return;
  const nearest = shape.values && nearestWord(word.text, shape.values);
  annotation.problems.push({
    kind: "invalidValue",
    word: word.text,
    expected: shape.valueHint,
    ...(nearest ? { suggestion: nearest } : {}),
    range: [word.start, word.start + word.text.length],
  });
}

function readOption(
  annotation: Annotation,
  shape: AnnotationShape,
  word: { text: string; start: number },
): void {
  const range: Range = [word.start, word.start + word.text.length];
  const equals = word.text.indexOf("=");
  const known = Object.keys(shape.options);
  const expected = known.length > 0 ? known.map((option) => `${option}=`).join(", ") : "nothing more";
  if (equals < 0) {
    annotation.problems.push({ kind: "unexpectedWord", word: word.text, expected, range });
    return;
  }
  const name = word.text.slice(0, equals);
  const value = word.text.slice(equals + 1);
  if (!Object.hasOwn(shape.options, name)) {
    const nearest = nearestWord(name, known);
    annotation.problems.push({
      kind: "unknownOption",
      word: name,
      expected,
      ...(nearest ? { suggestion: nearest } : {}),
      range: [word.start, word.start + equals],
    });
    return;
  }
  const option = shape.options[name];
  if (Object.hasOwn(annotation.options, name)) {
    annotation.problems.push({ kind: "repeatedOption", word: name, expected: "it once", range });
    return;
  }
  annotation.options[name] = value;
  if (option && (!option.pattern.test(value) || (name === "until" && !isCalendarDate(value)))) {
    annotation.problems.push({
      kind: "invalidOption",
      word: `${name}=${value}`,
      expected: option.hint,
      range: [word.start + equals + 1, word.start + word.text.length],
    });
  }
}
