import { type DeployCommandFact, Lines, type Range } from "@yantra-lint/core";
import type { TSESTree } from "@typescript-eslint/utils";
import { Bindings, keyName, type Node, type Origin, unwrap, walk } from "../routes/ast.ts";
import type { Code } from "../source.ts";
import { DEPLOY_TOOL, directDeploysIn, isAboutLocalCluster } from "./commands.ts";

/** Functions that run a text in a shell, or a program with its arguments, by the modules that export them. */
const RUNNERS: Readonly<Record<string, RegExp>> = {
  child_process: /^(?:exec|execSync|spawn|spawnSync|execFile|execFileSync)$/,
  "node:child_process": /^(?:exec|execSync|spawn|spawnSync|execFile|execFileSync)$/,
  execa: /^(?:default|execa|execaSync|execaCommand|execaCommandSync|\$|command|commandSync|sync)(?:\.sync)?$/,
  zx: /^\$(?:\.sync)?$/,
  "zx/core": /^\$(?:\.sync)?$/,
  "dax-sh": /^(?:default|\$)$/,
  bun: /^(?:\$|spawn|spawnSync)$/,
  shelljs: /^(?:exec|default)$/,
  "cross-spawn": /^(?:default|spawn|sync)$/,
  nanoexec: /^default$/,
  tinyexec: /^(?:x|exec)$/,
  nanospawn: /^default$/,
};

const RUNS =
  /\bchild_process\b|["'](?:execa|zx|dax-sh|bun|shelljs|cross-spawn|tinyexec|nanospawn)["'/]|bin\/env.{0,9}\bzx\b/;
const TESTS = /["'](?:vitest|@jest\/globals|@playwright\/test|node:test|mocha|ava|cypress)["']/;

/** Whether a text may run a deployment tool: it names one, and something that runs programs, and is no test. */
export function mayDeploy(text: string): boolean {
  return DEPLOY_TOOL.test(text) && RUNS.test(text) && !TESTS.test(text);
}

/** Where code runs a command that deploys. */
export function deployFacts(code: Code & { ast: TSESTree.Program }): DeployCommandFact[] {
  const bindings = new Bindings(code);
  const lines = new Lines(code.text);
  const facts: DeployCommandFact[] = [];
  const zx = /^#!.{0,40}\bzx\b/.test(code.text);
  const known: string[] = [];
  const add = (text: string, range: Range, exact: boolean, spelled = text): void => {
    known.push(spelled);
    // Named constants tell where it goes: `--context ${CLUSTER}`.
    if (spelled !== text && directDeploysIn(spelled).length === 0) return;
    for (const { tool, call, range: inner } of directDeploysIn(text)) {
      const at: Range = exact ? [range[0] + inner[0], range[0] + inner[1]] : range;
      facts.push({ type: "deployCommand", path: "", ...lines.region(at), tool, call });
    }
  };
  const isRunner = (node: Node): boolean => {
    const inner = unwrap(node);
    if (zx && inner.type === "Identifier" && inner.name === "$") return true;
    // `$({ stdio: "inherit" })` and `promisify(exec)` give what they are given.
    if (inner.type === "CallExpression") {
      const [first] = inner.arguments;
      return (
        isRunner(inner.callee) || (isPromisify(bindings.originOf(inner.callee)) && !!first && isRunner(first))
      );
    }
    const origin = bindings.originOf(inner);
    if (origin) return RUNNERS[origin.module]?.test(origin.name) === true;
    const variable = inner.type === "Identifier" ? bindings.variableOf(inner) : undefined;
    const value = variable && bindings.valueOf(variable);
    return value?.type === "CallExpression" && isRunner(value);
  };
  walk(code.ast, (node) => {
    if (node.type === "TaggedTemplateExpression") {
      if (isRunner(node.tag))
        add(templateText(node.quasi, code.text), innerRange(node.quasi), true, textOf(node.quasi, bindings));
      return;
    }
    if (node.type !== "CallExpression" || !isRunner(node.callee)) return;
    const [first, second] = node.arguments;
    const command = first && valueOf(first, bindings);
    if (!first || !command) return;
    const words = second && valueOf(second, bindings);
    if (words?.type === "ArrayExpression") {
      add(
        [textOf(first, bindings), ...words.elements.map((word) => quoted(word, bindings))].join(" "),
        node.range,
        false,
      );
    } else if (
      command.type === "TemplateLiteral" ||
      (command.type === "Literal" && typeof command.value === "string")
    ) {
      const text =
        command.type === "TemplateLiteral"
          ? templateText(command, code.text)
          : code.text.slice(...innerRange(command));
      add(text, innerRange(command), true, textOf(command, bindings));
    } else add(textOf(command, bindings), first.range, false);
  });
  // A file that runs a command to make a cluster of one's own deploys to it.
  return known.some(isAboutLocalCluster) ? [] : facts;
}

function isPromisify(origin: Origin | undefined): boolean {
  return origin !== undefined && /^(?:node:)?util$/.test(origin.module) && origin.name === "promisify";
}

function innerRange({ range }: Node): Range {
  return [range[0] + 1, range[1] - 1];
}

/** A template's text as it is written, each `${…}` as a variable of the same length, so that places stay. */
function templateText(node: TSESTree.TemplateLiteral, source: string): string {
  const [start, end] = innerRange(node);
  let text = "";
  let at = start;
  for (const quasi of node.quasis) {
    // A quasi's range has the backtick or brace before it, and what closes it.
    const from = quasi.range[0] + 1;
    const to = quasi.range[1] - (quasi.tail ? 1 : 2);
    if (from > at) text += `$${"x".repeat(from - at - 1)}`;
    text += source.slice(from, to);
    at = to;
  }
  return text + source.slice(at, end);
}

/** What an expression is, through names of this file. */
function valueOf(node: Node, bindings: Bindings): Node | undefined {
  const inner = unwrap(node);
  const variable = inner.type === "Identifier" ? bindings.variableOf(inner) : undefined;
  const value = variable && bindings.valueOf(variable);
  return value ?? inner;
}

/** A text, with a variable for each part that is not known. */
function textOf(node: Node, bindings: Bindings): string {
  const known = bindings.text(node);
  if (known !== undefined) return known;
  const inner = unwrap(node);
  if (inner.type === "BinaryExpression" && inner.operator === "+")
    return textOf(inner.left, bindings) + textOf(inner.right, bindings);
  if (inner.type === "TemplateLiteral") {
    const parts = inner.expressions.map((part) => textOf(part, bindings));
    return inner.quasis.map(({ value }, index) => `${value.cooked}${parts[index] ?? ""}`).join("");
  }
  // `["kubectl", "apply"].join(" ")`
  const callee = inner.type === "CallExpression" ? unwrap(inner.callee) : undefined;
  if (callee?.type === "MemberExpression" && keyName(callee) === "join") {
    const list = valueOf(callee.object, bindings);
    if (list?.type === "ArrayExpression")
      return list.elements.map((word) => quoted(word, bindings)).join(" ");
  }
  return "$x";
}

function quoted(word: Node | null, bindings: Bindings): string {
  const text = word && word.type !== "SpreadElement" ? textOf(word, bindings) : "$x";
  return /^[\w./:=@$%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "")}'`;
}
