import { type DeployCommandFact, defineWorkspaceRule } from "@yantra-lint/core";

/** Where tests, examples and what people try out lie. */
const ASIDE =
  /(?:^|\/)(?:tests?|__tests__|e2e|specs?|examples?|demos?|samples?|docs?|playgrounds?|sandbox(?:es)?|hack|fixtures|local|dev|bench(?:marks?)?)\/|[._-](?:test|spec|e2e)\.[cm]?[jt]sx?$/i;

/** A pipeline reviews, waits, compares and rolls back; a command does what it is told. */
export default defineWorkspaceRule({
  meta: {
    type: "problem",
    docs: {
      description: "Disallow code and package scripts that deploy past the pipeline",
      recommended: "warn",
    },
    schema: [
      {
        type: "object",
        properties: {
          scripts: {
            description: "Names of package scripts that only the pipeline runs.",
            type: "array",
            items: { type: "string" },
            uniqueItems: true,
          },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ scripts: [] }],
    messages: {
      script:
        "The script {{script}} runs `{{call}}`, so anyone who can run it changes what is live from where they stand: nothing reviews it, watches it or rolls it back. Let the pipeline deploy what is merged; if only the pipeline runs this script, name it in the rule's option `scripts`.",
      code: "This runs `{{call}}`, so whoever runs the code changes what is live past the pipeline: nothing reviews it, watches it or rolls it back. Let the pipeline deploy what is merged, or make it a dry run.",
    },
  },
  check({ facts, options, report }) {
    const known = scriptsOf(options[0]);
    for (const fact of facts.of("deployCommand")) {
      const { path, script, call } = fact;
      if (ASIDE.test(path) || (script !== undefined && known.has(script))) continue;
      report({
        messageId: script === undefined ? "code" : "script",
        data: { call, ...(script === undefined ? {} : { script }) },
        location: place(fact),
      });
    }
  },
});

function scriptsOf(options: unknown): Set<string> {
  if (typeof options !== "object" || options === null || !("scripts" in options)) return new Set();
  const { scripts } = options;
  return new Set(Array.isArray(scripts) ? scripts.filter((name) => typeof name === "string") : []);
}

function place({ path, startLine, startColumn, endLine, endColumn }: DeployCommandFact) {
  return { path, startLine, startColumn, endLine, endColumn };
}
