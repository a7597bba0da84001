import { type AnnotationFact, type Fact, type HealthCheckFact, Lines } from "@yantra-lint/core";
import type { TSESTree } from "@typescript-eslint/utils";
import { asFunction, Bindings, type Node, walk } from "../routes/ast.ts";
import type { Code } from "../source.ts";
import { handlersOf, usesOf } from "./uses.ts";

/** The health checks that a file declares: one for each `@yantra-health`, with what the code below it uses. */
export function healthFacts(
  code: Code & { ast: TSESTree.Program },
  facts: readonly Fact[],
): HealthCheckFact[] {
  const annotations = facts.filter(
    (fact): fact is AnnotationFact => fact.type === "annotation" && fact.name === "health",
  );
  if (annotations.length === 0) return [];
  const bindings = new Bindings(code);
  const lines = new Lines(code.text);
  const comments = (code.ast.comments ?? []).map(({ range }) => range);
  return annotations.map((fact) => {
    const { startLine, startColumn, endLine, endColumn, value, options } = fact;
    const start = lines.offset({ line: startLine, column: startColumn });
    const comment = comments.find(([from, to]) => from <= start && start < to);
    const target = comment && codeBelow(code.ast, comment[1], code.text, comments);
    const checks = options["checks"]?.split(",") ?? [];
    const found = target && usesOf(target, bindings);
    return {
      type: "healthCheck",
      path: "",
      startLine,
      startColumn,
      endLine,
      endColumn,
      prefix: value,
      checks,
      uses: found?.uses ?? [],
      opaque: found?.opaque ?? true,
    };
  });
}

/**
 * The code that a comment stands above: the outermost statement, class member, property or argument that begins next.
 * At the beginning of a function the function is meant, above the imports the whole file.
 */
function codeBelow(
  program: TSESTree.Program,
  end: number,
  text: string,
  comments: readonly (readonly [number, number])[],
): Node[] | undefined {
  let best: Node | undefined;
  walk(program, (node) => {
    if (node.type === "Program" || node.range[0] < end) return;
    if (!best || node.range[0] < best.range[0]) best = node;
  });
  if (!best || !isBlank(text, end, best.range[0], comments)) return undefined;
  const { parent } = best;
  // A comment stands above a method's decorators, or between them and its name.
  if (best.type === "Decorator" && parent) return [parent];
  if (parent?.type === "MethodDefinition") return [parent];
  if (best.type === "ImportDeclaration" || best.type === "TSImportEqualsDeclaration")
    return [...program.body];
  const first = parent?.type === "BlockStatement" && parent.body[0] === best;
  const fn = first ? asFunction(parent.parent) : undefined;
  return fn ? [fn] : handlersOf(best);
}

/** Whether nothing but comments stands between two places. */
function isBlank(
  text: string,
  from: number,
  to: number,
  comments: readonly (readonly [number, number])[],
): boolean {
  let rest = text.slice(from, to);
  for (const [start, end] of comments) {
    if (start >= from && end <= to)
      rest = rest.slice(0, start - from) + " ".repeat(end - start) + rest.slice(end - from);
  }
  // A comma or a bracket may stand between a comment and the element that it speaks of.
  return /^[\s,;([{]*$/.test(rest);
}
