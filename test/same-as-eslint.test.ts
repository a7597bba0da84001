/**
 * The command line runs rules on files of our own languages without ESLint. Whatever the pages show and the example
 * repository holds, ESLint's Linter must say the same of it, word by word and place by place.
 */
import type { ESLint, Linter as ESLintLinter } from "eslint";
import { Linter } from "eslint/universal";
import { expect, test } from "vitest";
import type { AnyPack, CandidateFile, FileKind, Host } from "@yantra-lint/core";
import { fencedFiles, section } from "../packages/dev/src/fences.ts";
import { filesBelow, readText } from "../packages/dev/src/repository.ts";
import { loadRules } from "../packages/dev/src/rules.ts";
import { packs } from "../packages/cli/src/packs.ts";
import { LanguageLinter } from "../packages/workspace/src/language-linter.ts";
import type { Reported } from "../packages/workspace/src/linted-file.ts";

interface Sample {
  path: string;
  text: string;
  pack: AnyPack;
  kind: FileKind;
}

const texts = [
  ...(await loadRules()).flatMap(({ page }) =>
    ["Instead of", "Use"].flatMap((heading) => fencedFiles(section(readText(page), heading))),
  ),
  ...filesBelow("test/examples").map((path) => ({ path, text: readText(path) })),
];

function kindOf(pack: AnyPack, { path, text }: { path: string; text: string }): FileKind | undefined {
  const settings = { external: {}, services: [], migrations: [] };
  const file: CandidateFile = { path, text, named: false, neighbour: () => undefined, settings };
  return pack.recognise(file);
}

/** The files of a pack that has a language of its own, each with the kind that the pack gives it. */
function samplesOf(pack: AnyPack): Sample[] {
  return texts.flatMap((file) => {
    const kind = kindOf(pack, file);
    return kind && !kind.factsOnly ? [{ ...file, pack, kind }] : [];
  });
}

function rulesOn(languageName: string) {
  return packs.flatMap((pack) =>
    Object.entries(pack.rules).flatMap(([name, rule]) =>
      rule.meta.languages.some((language) => language === languageName)
        ? [{ id: `yantra/${pack.name}-${name}`, name: `${pack.name}-${name}`, rule }]
        : [],
    ),
  );
}

/** What ESLint's Linter says, as our runner words it. */
function byESLint({ pack, path, text }: Sample): Reported[] {
  const [, key = ""] = pack.languageName.split("/");
  const rules = rulesOn(pack.languageName);
  const plugin = {
    languages: { [key]: pack.language },
    rules: Object.fromEntries(rules.map(({ name, rule }) => [name, rule])),
  } as unknown as ESLint.Plugin;
  const config: ESLintLinter.Config[] = [
    {
      files: ["**/*", "**/?*"],
      plugins: { yantra: plugin },
      language: pack.languageName,
      linterOptions: { reportUnusedDisableDirectives: "off" },
      rules: Object.fromEntries(rules.map(({ id }) => [id, "error"])),
    },
  ];
  const messages = new Linter({ configType: "flat" }).verify(text, config, {
    filename: path,
    allowInlineConfig: false,
  });
  return messages.map(
    ({ ruleId, messageId = "", message, line, column, endLine, endColumn, fix, suggestions }) => ({
      ruleId: ruleId ?? "",
      messageId,
      message,
      startLine: line,
      startColumn: column,
      endLine: endLine ?? line,
      endColumn: endColumn ?? column,
      ...(fix ? { fix: { range: [...fix.range] as [number, number], text: fix.text } } : {}),
      ...(suggestions
        ? { suggestions: suggestions.map(({ desc, fix: edit }) => ({ message: desc, fix: edit })) }
        : {}),
    }),
  );
}

function byUs({ pack, path, text }: Sample): Reported[] {
  if (!pack.language) throw new Error(`${pack.name} has no language of its own.`);
  const rules = rulesOn(pack.languageName).map(({ id, rule }) => ({
    id,
    rule,
    options: rule.meta.defaultOptions ?? [],
  }));
  const linted = new LanguageLinter(pack.language, rules).lint({ path, text });
  if ("reports" in linted) return linted.reports;
  return linted.problems.map(({ message, line, column, endLine, endColumn }) => ({
    ruleId: "",
    messageId: "",
    message: `Parsing error: ${message}`,
    startLine: line,
    startColumn: column,
    endLine: endLine ?? line,
    endColumn: endColumn ?? column,
  }));
}

const ours = packs.filter(({ language }) => language !== undefined);

test.each(ours.map((pack) => [pack.name, pack] as const))("the pack %s", (_, pack) => {
  const samples = samplesOf(pack);
  let reports = 0;
  for (const sample of samples) {
    const host: Host = { kindOf: () => sample.kind, stateBefore: () => undefined };
    pack.bind?.(host);
    const said = byUs(sample);
    reports += said.length;
    expect(said, sample.path).toEqual(byESLint(sample));
  }
  pack.bind?.(undefined);
  expect(reports, "what is compared says something").toBeGreaterThan(10);
});
