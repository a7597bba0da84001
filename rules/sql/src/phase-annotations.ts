import { type Annotation, gravestPhase, parseAnnotations, type Phase, phasesOf } from "@yantra-lint/core";
import type { StatementNode } from "./language/ast.ts";
import type { Step } from "./language/parse.ts";
import type { SqlComment, SqlSourceCode } from "./language/source-code.ts";
import { commentsAbove, commentsAtTop } from "./questions.ts";

/** An operation of the way up and the phase it belongs to. */
interface PhasedStep {
  step: Step;
  statement: number;
  phase: Phase | undefined;
}

/** A valid `@yantra-phase` annotation and what it speaks of; undefined: it stands where it speaks of nothing. */
interface PhaseAnnotation {
  annotation: Annotation;
  value: Phase;
  steps: readonly PhasedStep[] | undefined;
}

const PHASES: readonly Phase[] = ["expand", "migrate", "contract"];

/**
 * The phase annotations of a file's way up. One before the first statement speaks of the whole file, except for
 * statements that have their own; one directly above a statement speaks of that. `contractAfter` reads them so too.
 */
export function phaseAnnotations(code: SqlSourceCode): PhaseAnnotation[] {
  if (!code.text.includes("@yantra-")) return [];
  const up = code.ast.sections.filter(({ direction }) => direction === "up");
  const statements = up.flatMap((section) => section.statements);
  if (statements.length === 0) return [];
  const steps = phasedSteps(code);
  const top = commentsAtTop(code);
  const owners = new Map<SqlComment, StatementNode>();
  for (const statement of statements) {
    for (const comment of commentsAbove(code, statement)) {
      if (!top.includes(comment)) owners.set(comment, statement);
    }
  }
  const down = code.ast.sections.filter(({ direction }) => direction === "down");
  return code.comments.flatMap((comment) => {
    if (down.some(({ range }) => comment.range[0] >= range[0] && comment.range[1] <= range[1])) return [];
    return annotationsOf(comment).map(({ annotation, value }) => {
      const owner = owners.get(comment);
      if (owner) return { annotation, value, steps: steps.filter((step) => step.statement === owner.index) };
      const own = new Set(
        [...owners].filter(([each]) => annotationsOf(each).length > 0).map(([, { index }]) => index),
      );
      const rest = steps.filter(({ statement }) => !own.has(statement));
      return { annotation, value, steps: top.includes(comment) ? rest : undefined };
    });
  });
}

/** The gravest phase of steps; undefined when none of them has one. */
export function phaseOfSteps(steps: readonly PhasedStep[]): Phase | undefined {
  return gravestPhase(steps.map(({ phase }) => phase));
}

function annotationsOf(comment: SqlComment): { annotation: Annotation; value: Phase }[] {
  return parseAnnotations(comment).flatMap((annotation) => {
    const value = PHASES.find((phase) => phase === annotation.value);
    const valid = annotation.name === "phase" && annotation.problems.length === 0;
    return valid && value ? [{ annotation, value }] : [];
  });
}

function phasedSteps(code: SqlSourceCode): PhasedStep[] {
  const steps = code.steps.filter(({ section }) => section.direction === "up");
  const operations = steps.map((step) => step.operation());
  const phases = phasesOf(operations);
  return steps.map((step, index) => ({
    step,
    statement: operations[index]?.statement ?? -1,
    phase: phases[index],
  }));
}
