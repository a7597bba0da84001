import { Linter, RuleTester } from "eslint";
import { describe, it } from "vitest";
import { language } from "./language/language.ts";
import { DeliverySourceCode, parseFile } from "./language/source-code.ts";

RuleTester.describe = describe;
RuleTester.it = it;
RuleTester.itOnly = it.only;

/** The path of a workflow in tests; a RuleTester case without `filename` stands there. */
export const WORKFLOW_PATH = ".github/workflows/deploy.yml";

/** ESLint's RuleTester on `yantra/delivery`; give each case a `filename`. */
export function deliveryRuleTester(): RuleTester {
  return new RuleTester({
    plugins: { yantra: { languages: { delivery: language } } },
    language: "yantra/delivery",
  });
}

/** What ESLint says of a text with the rules given, or with any other configuration on top. */
export function lint(text: string, config: Linter.Config = {}, path = WORKFLOW_PATH): Linter.LintMessage[] {
  return new Linter({ configType: "flat" }).verify(
    text,
    [
      {
        files: ["**/*.yml", "**/*.yaml", "**/Dockerfile*", "**/*.Dockerfile"],
        plugins: { yantra: { languages: { delivery: language } } },
        language: "yantra/delivery",
        ...config,
      },
    ],
    { filename: path },
  );
}

/** Parses a text as a workflow, or as what its path says. */
export function codeOf(text: string, path = WORKFLOW_PATH): DeliverySourceCode {
  return new DeliverySourceCode(parseFile(path, text));
}

/** A workflow that runs on pushes, with one job `deploy` of the steps given, each indented as an item. */
export function deployJob(steps: string, more = ""): string {
  const head = `on: push\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n${more}    steps:\n`;
  return `${head}${steps.replaceAll(/^(?=.)/gm, "      ")}\n`;
}
