import type { TSESTree } from "@typescript-eslint/types";

/**
 * An ESLint configuration file with its export wrapped in `withYantra(…)`; undefined when no export was found.
 * A CommonJS file becomes a promise, because the plugin is an ES module that awaits its parser.
 */
export async function wrapExport(text: string): Promise<string | undefined> {
  const { parse } = await import("@typescript-eslint/parser");
  let program: TSESTree.Program;
  try {
    program = parse(text, { range: true, sourceType: "module" });
  } catch {
    return undefined;
  }
  for (const statement of program.body) {
    if (statement.type === "ExportDefaultDeclaration") return wrapModule(text, program, statement);
    const value = commonJsExport(statement);
    if (value) {
      const before = '(async () => (await import("eslint-plugin-yantra")).withYantra(';
      return splice(text, value.range, `${before}${textOf(text, value)}))()`);
    }
  }
  return undefined;
}

function wrapModule(
  text: string,
  program: TSESTree.Program,
  { declaration }: TSESTree.ExportDefaultDeclaration,
): string | undefined {
  if (declaration.type.endsWith("Declaration")) return undefined;
  const wrapped = splice(text, declaration.range, `withYantra(${textOf(text, declaration)})`);
  const lastImport = program.body.filter((statement) => statement.type === "ImportDeclaration").at(-1);
  const statement = 'import { withYantra } from "eslint-plugin-yantra";\n';
  if (!lastImport) return statement + wrapped;
  const lineEnd = text.indexOf("\n", lastImport.range[1]);
  const at = lineEnd < 0 ? lastImport.range[1] : lineEnd + 1;
  return wrapped.slice(0, at) + statement + wrapped.slice(at);
}

function commonJsExport(statement: TSESTree.ProgramStatement): TSESTree.Expression | undefined {
  if (statement.type !== "ExpressionStatement" || statement.expression.type !== "AssignmentExpression")
    return undefined;
  const { left, right } = statement.expression;
  if (left.type !== "MemberExpression" || left.object.type !== "Identifier" || left.object.name !== "module")
    return undefined;
  return left.property.type === "Identifier" && left.property.name === "exports" ? right : undefined;
}

function textOf(text: string, node: TSESTree.Node): string {
  return text.slice(node.range[0], node.range[1]);
}

function splice(text: string, [start, end]: readonly [number, number], replacement: string): string {
  return text.slice(0, start) + replacement + text.slice(end);
}
