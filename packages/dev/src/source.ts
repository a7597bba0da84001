import ts from "typescript";
import { readText } from "./repository.ts";

/** What the laws ask of a TypeScript file. Lines are 1-based. */
export interface SourceFacts {
  file: string;
  /** Module specifiers of imports, re-exports, type imports and `import()`, as written. */
  imports: string[];
  /** Lines that use `console`, the process's output streams or end the process. */
  printsAt: number[];
  /** Lines with `test.only`, `describe.skip`, `it.todo` and the like, or a RuleTester case with `only: true`. */
  focusedAt: number[];
}

const PRINTING = new Set(["stdout", "stderr", "exit", "exitCode"]);
const TEST_FUNCTIONS = new Set(["it", "test", "describe", "suite", "bench"]);
const FOCUS = new Set(["only", "skip", "todo"]);

function isIdentifier(node: ts.Node, name: string): boolean {
  return ts.isIdentifier(node) && node.text === name;
}

function prints(node: ts.Node): boolean {
  if (!ts.isPropertyAccessExpression(node)) return false;
  if (isIdentifier(node.expression, "console")) return true;
  return isIdentifier(node.expression, "process") && PRINTING.has(node.name.text);
}

/** A RuleTester case with `only: true`: other objects may have such a property too, but no `code` beside it. */
function isFocusedCase(node: ts.ObjectLiteralExpression): boolean {
  const has = (name: string, test: (initializer: ts.Expression) => boolean) =>
    node.properties.some(
      (one) => ts.isPropertyAssignment(one) && isIdentifier(one.name, name) && test(one.initializer),
    );
  return has("code", () => true) && has("only", ({ kind }) => kind === ts.SyntaxKind.TrueKeyword);
}

/** A call of `test.only`, also inside a chain such as `describe.concurrent.skip.each`, or a focused case. */
function focuses(node: ts.Node): boolean {
  if (ts.isObjectLiteralExpression(node)) return isFocusedCase(node);
  if (!ts.isCallExpression(node)) return false;
  let focused = false;
  let base: ts.Expression = node.expression;
  while (ts.isPropertyAccessExpression(base)) {
    focused ||= FOCUS.has(base.name.text);
    base = base.expression;
  }
  return focused && ts.isIdentifier(base) && TEST_FUNCTIONS.has(base.text);
}

/** Reads a TypeScript file, given relative to the root. */
export function readSource(file: string): SourceFacts {
  return readSourceText(file, readText(file));
}

/** Reads a TypeScript text by its syntax: strings and comments do not count. */
export function readSourceText(file: string, text: string): SourceFacts {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, false);
  const facts: SourceFacts = {
    file,
    imports: ts.preProcessFile(text, true, true).importedFiles.map((imported) => imported.fileName),
    printsAt: [],
    focusedAt: [],
  };
  const visit = (node: ts.Node): void => {
    const lineOf = () => source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    if (prints(node)) facts.printsAt.push(lineOf());
    if (focuses(node)) facts.focusedAt.push(lineOf());
    ts.forEachChild(node, visit);
  };
  visit(source);
  return facts;
}
