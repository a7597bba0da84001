import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { defineWorkspaceRule } from "@yantra-lint/core";
import { Linter } from "eslint";
import { expect, it, onTestFinished } from "vitest";
import { packs } from "./packs.ts";
import { asESLintRule } from "./workspace-rules.ts";
import { Workspaces } from "./workspaces.ts";

/** Reports every resource of every file, and says of it all that a finding can say. */
const noResource = defineWorkspaceRule({
  meta: {
    type: "problem",
    docs: { description: "Disallow resources", recommended: "error" },
    messages: { found: "There is {{name}}, and nobody wants it." },
    schema: [],
    fixable: "code",
    hasSuggestions: true,
  },
  check({ facts, report }) {
    const resources = facts.of("resource");
    for (const resource of resources) {
      const others = resources.filter(({ path: file }) => file !== resource.path);
      report({
        messageId: "found",
        data: { name: `{{${resource.name}}}` },
        location: resource,
        related: others.map((other) => ({ ...other, message: "The other." })),
        fix: { range: [0, 10], text: "apiVERSION" },
        suggestions: [{ message: "Ask for it.", fix: { range: [0, 3], text: "API" } }],
      });
    }
  },
});

it("hands on message, other places, fix and suggestions", () => {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "yantra-rules-")));
  onTestFinished(() => {
    fs.rmSync(root, { recursive: true, force: true });
  });
  const text = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\n`;
  fs.writeFileSync(path.join(root, "yantra.config.yaml"), "{}\n");
  fs.writeFileSync(path.join(root, "a.yaml"), text("a"));
  fs.writeFileSync(path.join(root, "b.yaml"), `---\n${text("b")}`);
  const kubernetes = packs.find(({ name }) => name === "kubernetes")?.language;
  if (!kubernetes) throw new Error("There is no Kubernetes pack.");
  const rule = asESLintRule("yantra/toy/no-resource", noResource, packs, new Workspaces(packs));
  const linter = new Linter({ cwd: root });
  const messages = linter.verify(
    text("a"),
    [
      {
        files: ["**/*.yaml"],
        plugins: { yantra: { languages: { kubernetes }, rules: { "toy/no-resource": rule } } },
        language: "yantra/kubernetes",
        rules: { "yantra/toy/no-resource": "error" },
      },
    ],
    { filename: path.join(root, "a.yaml") },
  );
  expect(messages).toMatchObject([
    {
      ruleId: "yantra/toy/no-resource",
      messageId: "found",
      message: "There is {{a}}, and nobody wants it. (b.yaml:4)",
      fix: { range: [0, 10], text: "apiVERSION" },
      suggestions: [{ desc: "Ask for it.", fix: { range: [0, 3], text: "API" } }],
    },
  ]);
});
