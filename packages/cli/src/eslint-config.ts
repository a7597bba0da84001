import type { TSESTree } from "@typescript-eslint/types";

const IMPORT = 'import { withYantra } from "eslint-plugin-yantra";';
/** Comments that speak of the code right behind them. */
const ATTACHED = /@type\b|@satisfies\b|@ts-(?:ignore|expect-error)\b|-next-line\b/;

interface Edit {
  at: number;
  text: string;
}

/**
 * An ESLint configuration file with its export wrapped in `withYantra(…)`; undefined when no export was found, or
 * one that is a function, which withYantra does not take. What is a promise stays one.
 * A CommonJS file becomes a promise, because the plugin is an ES module that awaits its parser.
 */
export async function wrapExport(text: string): Promise<string | undefined> {
  const { parse } = await import("@typescript-eslint/parser");
  let program: TSESTree.Program;
  try {
    program = parse(text, { range: true, comment: true, sourceType: "module" });
  } catch {
    return undefined;
  }
  for (const statement of program.body) {
    if (statement.type === "ExportDefaultDeclaration") {
      const { declaration } = statement;
      if (isFunction(declaration, program)) return undefined;
      return edited(text, [importInto(text, program), ...around(declaration, "withYantra(", ")")]);
    }
    const value = commonJsExport(statement);
    if (value) {
      if (isFunction(value, program)) return undefined;
      return edited(
        text,
        around(value, '(async () => (await import("eslint-plugin-yantra")).withYantra(', "))()"),
      );
    }
  }
  return undefined;
}

/** Whether what is exported is a function or a class, here or by the name of one in the same file. */
function isFunction(node: TSESTree.Node, program: TSESTree.Program): boolean {
  switch (node.type) {
    case "TSAsExpression":
    case "TSSatisfiesExpression":
      return isFunction(node.expression, program);
    case "Identifier":
      return program.body.some((statement) => declaresFunction(statement, node.name));
    case "ArrowFunctionExpression":
      return true;
    default:
      // Functions and classes; the other declarations that can be exported are types.
      return /^(?:Function|Class)|Declaration$/.test(node.type);
  }
}

function declaresFunction(statement: TSESTree.ProgramStatement, name: string): boolean {
  if (statement.type === "FunctionDeclaration" || statement.type === "ClassDeclaration")
    return statement.id.name === name;
  if (statement.type !== "VariableDeclaration") return false;
  return statement.declarations.some(
    ({ id, init }) =>
      id.type === "Identifier" &&
      id.name === name &&
      /^(?:ArrowFunction|Function|Class)Expression$/.test(init?.type ?? ""),
  );
}

/** Our import as a line of its own: behind the last import, else at the top. */
function importInto(text: string, program: TSESTree.Program): Edit {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const last = program.body.findLast((statement) => statement.type === "ImportDeclaration");
  const after = last?.range[1] ?? endOfHead(text, program);
  if (after === 0) return { at: 0, text: IMPORT + eol };
  const lineRest = /^[ \t;]*(?:\/\/.*)?\r?\n/.exec(text.slice(after));
  return lineRest
    ? { at: after + lineRest[0].length, text: IMPORT + eol }
    : { at: after, text: eol + IMPORT + eol };
}

/** Where what must stay at the top ends: a shebang line, directives, comments that do not speak of the first statement. */
function endOfHead(text: string, program: TSESTree.Program): number {
  const shebang = /^#!.*/.exec(text)?.[0].length ?? 0;
  const directive = program.body.findLast(
    (statement) => statement.type === "ExpressionStatement" && statement.directive !== undefined,
  );
  if (directive) return directive.range[1];
  const first = program.body[0]?.range[0] ?? text.length;
  const head = (program.comments ?? []).filter(({ range }) => range[0] >= shebang && range[1] <= first);
  const attached = head.findIndex(({ value }) => ATTACHED.test(value));
  const above = attached < 0 ? head : head.slice(0, attached);
  return above.at(-1)?.range[1] ?? shebang;
}

function around({ type, range: [start, end] }: TSESTree.Node, before: string, after: string): Edit[] {
  const [open, close] = type === "SequenceExpression" ? ["(", ")"] : ["", ""];
  return [
    { at: start, text: before + open },
    { at: end, text: close + after },
  ];
}

function edited(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.at - a.at)
    .reduce((result, edit) => result.slice(0, edit.at) + edit.text + result.slice(edit.at), text);
}

function commonJsExport(statement: TSESTree.ProgramStatement): TSESTree.Expression | undefined {
  if (statement.type !== "ExpressionStatement" || statement.expression.type !== "AssignmentExpression")
    return undefined;
  const { left, right } = statement.expression;
  if (left.type !== "MemberExpression" || left.object.type !== "Identifier" || left.object.name !== "module")
    return undefined;
  return left.property.type === "Identifier" && left.property.name === "exports" ? right : undefined;
}
