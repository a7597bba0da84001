/**
 * `pnpm generate` writes what follows from the rules' files and their `meta`: each pack's rule list, the table of
 * rules in the README and the head of each rule's page; the table of the fields that manifests have; and the
 * configuration's validator. `--check` writes nothing and fails when one is stale. The presets need no generated list:
 * a pack derives them from `meta.docs.recommended` when it is loaded.
 */
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { validatorModule } from "./config-validator.ts";
import { FIELDS_FILE, manifestFields } from "./manifest-fields.ts";
import { packNames, readJsonObject, readText, ROOT } from "./repository.ts";
import { loadRules, type RuleEntry } from "./rules.ts";
import { packIndex, pageWithHead, readmeWithTable } from "./render.ts";

interface GeneratedFile {
  path: string;
  text: string;
}

function generatedFiles(rules: readonly RuleEntry[]): GeneratedFile[] {
  const indexes = packNames().map((pack) => ({
    path: `rules/${pack}/src/rules.generated.ts`,
    text: packIndex(rules.filter((rule) => rule.pack === pack)),
  }));
  const pages = rules
    .filter((rule) => existsSync(path.join(ROOT, rule.page)))
    .map((rule) => ({ path: rule.page, text: pageWithHead(rule, readText(rule.page)) }));
  return [
    ...indexes,
    ...pages,
    { path: "README.md", text: readmeWithTable(rules, readText("README.md")) },
    { path: FIELDS_FILE, text: manifestFields() },
    {
      path: "packages/workspace/src/config-validator.generated.ts",
      text: validatorModule(readJsonObject("schemas/config.schema.json")),
    },
  ];
}

function isStale(file: GeneratedFile): boolean {
  return !existsSync(path.join(ROOT, file.path)) || readText(file.path) !== file.text;
}

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
const rules = await loadRules();
const files = generatedFiles(rules);
const stale = files.filter(isStale);

if (values.check) {
  for (const file of stale) console.error(`${file.path} is stale: run \`pnpm generate\`.`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const file of stale) {
    writeFileSync(path.join(ROOT, file.path), file.text);
    console.log(`wrote ${file.path}`);
  }
}
console.log(
  `${rules.length} rules, ${files.length} generated files, ${stale.length} ${values.check ? "stale" : "written"}`,
);
