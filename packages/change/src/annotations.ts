import type { AnnotationFact, ChangedAnnotation, FileEdit, LineSpan } from "@yantra-lint/core";

type Risk = ChangedAnnotation["risk"];
const RANK: Readonly<Record<Risk, number>> = { low: 0, medium: 1, high: 2 };

/** A file's annotations of both sides, with what is needed to say where they stand. */
export interface AnnotationInput {
  path: string;
  edit: FileEdit;
  /** It stood at another path at the base: that it lowers was agreed to there only. */
  renamed?: boolean;
  before: { text: string; annotations: readonly AnnotationFact[] };
  after: { text: string; annotations: readonly AnnotationFact[] };
}

interface Placed {
  fact: AnnotationFact;
  /** A declaration the edit touches; "" for the whole file. */
  on: string;
}

/**
 * The `@yantra-risk` annotations that count for an edit: those on the declarations it touches, those of the whole
 * file, and those it changes. An annotation that goes with the code it stood on counts as standing.
 */
export function changedAnnotations(input: AnnotationInput): ChangedAnnotation[] {
  const { path, edit } = input;
  const before = placed(input.before, edit, "before");
  const after = placed(input.after, edit, "after");
  const result: ChangedAnnotation[] = [];
  for (const { fact, on } of after) {
    const then = before.find((other) => other.on === on)?.fact;
    const { change, risk } = compared(then, fact);
    const anew = input.renamed === true && change === "standing" && risk === "low";
    result.push({ ...told(path, fact, on), change: anew ? "added" : change, risk });
  }
  for (const { fact, on } of before) {
    if (after.some((other) => other.on === on)) continue;
    const gone = edit.declarations.some(({ name, change }) => name === on && change === "removed");
    const change = gone || input.after.text === "" ? "standing" : "removed";
    // Without an annotation that lowers, the code counts as what it is.
    if (change === "removed" && fact.value === "low") continue;
    result.push({ ...told(path, fact, on), change, risk: riskOf(fact) });
  }
  return result.sort((a, b) => a.line - b.line);
}

function told(path: string, fact: AnnotationFact, on: string) {
  const until = fact.options["until"];
  return {
    path,
    line: fact.startLine,
    ...(on === "" ? {} : { declaration: on }),
    reason: fact.reason,
    ...(until === undefined ? {} : { until }),
  };
}

function compared(
  then: AnnotationFact | undefined,
  now: AnnotationFact,
): Pick<ChangedAnnotation, "change" | "risk"> {
  const risk = riskOf(now);
  if (!then) return { change: "added", risk };
  const old = riskOf(then);
  if (RANK[risk] > RANK[old]) return { change: "raised", risk };
  if (RANK[risk] < RANK[old]) return { change: "lowered", risk: old };
  // One that lowers and now holds longer has not been agreed to at the base.
  const longer = (now.options["until"] ?? "9999-12-31") > (then.options["until"] ?? "9999-12-31");
  return { change: risk === "low" && longer ? "added" : "standing", risk };
}

function riskOf(fact: AnnotationFact): Risk {
  return fact.value === "high" || fact.value === "medium" ? fact.value : "low";
}

function placed(
  { text, annotations }: AnnotationInput["before"],
  edit: FileEdit,
  side: "before" | "after",
): Placed[] {
  const lines = text.split("\n");
  return annotations
    .filter(({ name }) => name === "risk")
    .flatMap((fact): Placed[] => {
      const own = edit.declarations.find((declaration) => within(fact.startLine, declaration[side]));
      if (own) return [{ fact, on: own.name }];
      // Without declarations (another language, or one that does not parse) every annotation is the file's.
      const whole = edit.declarations.length === 0 || isHeader(lines, fact.startLine);
      return whole ? [{ fact, on: "" }] : [];
    });
}

function within(line: number, span: LineSpan | undefined): boolean {
  return span !== undefined && line >= span.start && line < span.start + span.count;
}

const COMMENT = /^\s*(?:\/\/|\/\*|\*|--|#|<!--|"""|'''|;|%|$)/;

/** Whether a comment stands above all code and an empty line (or an import) parts it from what follows. */
function isHeader(lines: readonly string[], line: number): boolean {
  if (!lines.slice(0, line).every((text) => COMMENT.test(text))) return false;
  for (const text of lines.slice(line)) {
    if (text.trim() === "" || /^\s*(?:import|package|use|from)\b/.test(text)) return true;
    if (!COMMENT.test(text)) return false;
  }
  return true;
}
