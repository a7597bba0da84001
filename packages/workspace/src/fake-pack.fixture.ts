import type { Language } from "@eslint/core";
import {
  type AnyPack,
  definePack,
  defineRule,
  defineWorkspaceRule,
  type Fact,
  type Host,
  Lines,
} from "@yantra-lint/core";

/** A toy language for the engine's tests: every line is `word number`; `boom` makes a rule throw. */
interface ToyNode {
  type: "File";
  text: string;
  range: [number, number];
  loc: { start: { line: number; column: number }; end: { line: number; column: number } };
}

class ToySource {
  ast: ToyNode;
  text: string;
  path: string;
  constructor(ast: ToyNode, path: string) {
    this.ast = ast;
    this.text = ast.text;
    this.path = path;
  }
  getLoc(node: unknown) {
    return (node as ToyNode).loc;
  }
  getRange(node: unknown) {
    return (node as ToyNode).range;
  }
  traverse() {
    return [{ kind: 1 as const, target: this.ast, phase: 1 as const, args: [this.ast] }];
  }
  /** The sum of the numbers in the files before, as the host knows it. */
  before(): number | undefined {
    const state = host?.stateBefore(this.path);
    return typeof state === "number" ? state : undefined;
  }
}

let host: Host | undefined;

function astOf(text: string): ToyNode {
  const lines = new Lines(text);
  return { type: "File", text, range: [0, text.length], loc: lines.loc([0, text.length]) };
}

const language: Language<{
  LangOptions: Record<string, unknown>;
  Code: ToySource;
  RootNode: ToyNode;
  Node: ToyNode;
}> = {
  fileType: "text",
  lineStart: 1,
  columnStart: 1,
  nodeTypeKey: "type",
  visitorKeys: { File: [] },
  validateLanguageOptions() {
    // The toy takes whatever it is given.
  },
  parse(file) {
    const text = String(file.body);
    const bad = text.indexOf("?");
    if (bad < 0) return { ok: true, ast: astOf(text) };
    const { line, column } = new Lines(text).point(bad);
    return { ok: false, errors: [{ message: "a question mark", line, column }] };
  },
  createSourceCode: (file, { ast }) => new ToySource(ast, file.path),
};

/** Reports every line that begins with `bad`, and the sum of the numbers before when it is over `limit`. */
const noBadLine = defineRule<ToySource, ToyNode, Record<string, (node: ToyNode) => void>>({
  meta: {
    type: "problem",
    languages: ["yantra/sql"],
    docs: { description: "Disallow bad lines", recommended: "error" },
    messages: { bad: "Line {{line}} is bad.", high: "The sum before is {{sum}}." },
    schema: [{ type: "object", properties: { limit: { type: "number" } }, additionalProperties: false }],
    fixable: "code",
  },
  create(context) {
    return {
      File(node) {
        const limit =
          (context.options[0] as { limit?: number } | undefined)?.limit ?? Number.POSITIVE_INFINITY;
        const sum = context.sourceCode.before() ?? 0;
        if (node.text.includes("boom")) throw new Error("the rule broke");
        if (sum > limit) context.report({ loc: { line: 1, column: 1 }, messageId: "high", data: { sum } });
        for (const match of node.text.matchAll(/^bad/gm)) {
          const loc = new Lines(node.text).loc([match.index, match.index + 3]);
          context.report({
            loc,
            messageId: "bad",
            data: { line: loc.start.line },
            fix: (fixer) => fixer.replaceTextRange([match.index, match.index + 3], "good"),
          });
        }
      },
    };
  },
});

const noLonelyFile = defineWorkspaceRule({
  meta: {
    type: "problem",
    docs: { description: "Disallow a lonely file", recommended: "warn" },
    messages: { lonely: "{{name}} is alone." },
    schema: [],
  },
  check({ facts, report }) {
    const [first, second] = facts.of("package");
    if (first && !second) report({ messageId: "lonely", data: { name: first.name }, location: first });
  },
});

function numbersIn(text: string): number {
  return Array.from(text.matchAll(/\d+/g), (match) => Number(match[0])).reduce((a, b) => a + b, 0);
}

/** A pack of `.toy` files; those named `N-….toy` form a stream whose state is the sum of all numbers so far. */
export const fakePack: AnyPack = definePack<ToySource, number>({
  name: "toy",
  candidates: { extensions: [".toy"], names: [] },
  recognise({ path, text }) {
    if (text.startsWith("#not ours")) return undefined;
    const order = /(\d+)-[^/]*$/.exec(path)?.[1];
    return order === undefined ? { name: "toy" } : { name: "toy", stream: "numbers", order: [Number(order)] };
  },
  language: language,
  languageName: "yantra/sql",
  parse: ({ path, text }) => ({ ok: true, code: new ToySource(astOf(text), path) }),
  map(code, { path }): Fact[] {
    const region = { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 };
    return [
      {
        type: "package",
        path: "",
        ...region,
        name: `sum ${numbersIn(code.text)}`,
        directory: path.slice(0, path.lastIndexOf("/") + 1),
        dependencies: [],
      },
    ];
  },
  fold: {
    initial: () => 0,
    apply: (state, facts) =>
      facts.reduce((sum, fact) => (fact.type === "package" ? sum + numbersIn(fact.name) : sum), state),
  },
  bind(bound) {
    host = bound;
  },
  rules: { "no-bad-line": noBadLine },
  workspaceRules: { "no-lonely-file": noLonelyFile },
  pages: import.meta.url,
});

/** For threads: the module that lists the packs. */
export const packs = [fakePack];
