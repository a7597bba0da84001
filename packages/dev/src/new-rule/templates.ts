import { descriptionVerb } from "./names.ts";

export interface NewRule {
  pack: string;
  name: string;
  workspace: boolean;
}

/** What differs from pack to pack in a file rule and its test. */
interface PackTemplate {
  language: string;
  /** Where `defineRule` comes from. */
  defineRule: string;
  /** A node the visitor may begin with. */
  node: string;
  /** The test's head, up to the `tester`; RULE is the rule's import. */
  tester: string;
  /** A page's fence language and an empty example in it. */
  fence: string;
}

const PACKS: Readonly<Record<string, PackTemplate>> = {
  sql: {
    language: "yantra/sql",
    defineRule: "../define.ts",
    node: "DropColumn",
    tester: `import { expect, test } from "vitest";
import { sqlRuleTester } from "../testing.ts";
RULE

const tester = sqlRuleTester();`,
    fence: "sql",
  },
  delivery: {
    language: "yantra/delivery",
    defineRule: "../rule.ts",
    node: "Job",
    tester: `import { expect, test } from "vitest";
import { deliveryRuleTester } from "../testing.ts";
RULE

const tester = deliveryRuleTester();`,
    fence: "yaml file=.github/workflows/deploy.yaml",
  },
  kubernetes: {
    language: "yantra/kubernetes",
    defineRule: "../rule.ts",
    node: "Container",
    tester: `import { expect, test } from "vitest";
import { kubernetesRuleTester } from "../testing.ts";
RULE

const tester = kubernetesRuleTester();`,
    fence: "yaml",
  },
  code: {
    language: "js/js",
    defineRule: "@yantra-lint/core",
    node: "CallExpression",
    tester: `import { RuleTester } from "eslint";
import { describe, expect, it, test } from "vitest";
import { languageOptions } from "../parse.ts";
RULE

RuleTester.describe = describe;
RuleTester.it = it;

const tester = new RuleTester({ languageOptions: languageOptions("src/example.ts") });`,
    fence: "ts",
  },
};

function description(name: string): string {
  const words = name.split("-").slice(1).join(" ");
  return `${descriptionVerb(name) ?? "Enforce"} ${words}`;
}

const MESSAGE = "Say here what breaks when this ships, and then what to do instead.";

function fileRule({ name }: NewRule, { defineRule, language, node }: PackTemplate): string {
  return `import { defineRule } from "${defineRule}";

/** Say here in one sentence why this matters. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["${language}"],
    docs: { description: "${description(name)}", recommended: "error" },
    schema: [],
    messages: {
      found: "${MESSAGE}",
    },
  },
  create() {
    return {
      ${node}() {
        // Reports nothing yet: take the node as argument, and the context as create's.
      },
    };
  },
});
`;
}

function workspaceRule({ name }: NewRule): string {
  return `import { defineWorkspaceRule } from "@yantra-lint/core";

/** Say here in one sentence why this matters. */
export default defineWorkspaceRule({
  meta: {
    type: "problem",
    docs: { description: "${description(name)}", recommended: "error" },
    schema: [],
    messages: {
      found: "${MESSAGE}",
    },
  },
  check() {
    // Reports nothing yet: take { facts, report } as argument.
  },
});
`;
}

function failingCase(subject: string, cases: string): string {
  return `test("${subject} has cases", () => {
  expect.fail(
    "Write the cases of ${subject}: ${cases}. Then delete this test.",
  );
});
`;
}

function fileRuleTest({ pack, name }: NewRule, { tester }: PackTemplate): string {
  return `${tester.replace("RULE", `import rule from "./${name}.ts";`)}

tester.run("yantra/${pack}/${name}", rule, {
  valid: [],
  invalid: [],
});

${failingCase(`yantra/${pack}/${name}`, "valid ones first; every invalid one with messageId, data and the full location")}`;
}

function workspaceRuleTest({ pack, name }: NewRule): string {
  const id = `yantra/${pack}/${name}`;
  return `import { FactIndex, runWorkspaceRule } from "@yantra-lint/core";
import { expect, test } from "vitest";
import rule from "./${name}.ts";

test("is silent without facts", () => {
  expect(runWorkspaceRule("${id}", rule, { facts: new FactIndex([]) })).toEqual([]);
});

${failingCase(id, "facts that are right first, then wrong ones with the whole finding")}`;
}

function page({ pack, name }: NewRule, { fence }: PackTemplate): string {
  return `# yantra/${pack}/${name}

${description(name)}.

<!-- Say the problem here, in two or three sentences. -->

## At 3 AM

<!-- What the person on call sees, and why a rollback does not help. -->

## Instead of

\`\`\`${fence}
\`\`\`

## Use

\`\`\`${fence}
\`\`\`

## When not to use it

<!-- Where the rule is wrong, and how to say so. -->

## Sources

<!-- Links to the documents, with their versions. -->
`;
}

/**
 * The texts of a new rule's three files, by what is added to the rule's name.
 * @throws when the pack has no template.
 */
export function templatesFor(rule: NewRule): Record<".ts" | ".test.ts" | ".md", string> {
  const template = PACKS[rule.pack];
  if (!template)
    throw new Error(`packages/dev/src/new-rule/templates.ts has no template for the pack "${rule.pack}".`);
  return {
    ".ts": rule.workspace ? workspaceRule(rule) : fileRule(rule, template),
    ".test.ts": rule.workspace ? workspaceRuleTest(rule) : fileRuleTest(rule, template),
    ".md": page(rule, template),
  };
}
