import { type AnyPack, type ChangedFileFact, FactIndex, factsIn, type Files } from "@yantra-lint/core";
import { RuleTester } from "eslint";
import { describe, it } from "vitest";
import { language } from "./language/language.ts";
import type { MigrationDetails } from "./runners/index.ts";

RuleTester.describe = describe;
RuleTester.it = it;
RuleTester.itOnly = it.only;

/** Language options of a test case: how the file is run, and the texts of the migrations before it. */
export interface SqlTestOptions {
  migration?: Partial<MigrationDetails>;
  history?: readonly string[];
}

/** Types the language options of a test case. */
export function given(options: SqlTestOptions): { languageOptions: Record<string, unknown> } {
  return { languageOptions: { ...options } };
}

/** ESLint's RuleTester on `yantra/sql`; a case stands alone unless it gives a history. */
export function sqlRuleTester(): RuleTester {
  return new RuleTester({
    plugins: { yantra: { languages: { sql: language } } },
    language: "yantra/sql",
    languageOptions: { migration: { runner: "plain" } },
  });
}

/** The facts of a repository whose base has the files `shipped`; `added` are those of the release being built. */
export function factsOfRelease(pack: AnyPack, shipped: Files, added: Files): FactIndex {
  const changes = Object.keys(added).map((path): ChangedFileFact => ({
    type: "changedFile",
    path,
    startLine: 1,
    startColumn: 1,
    endLine: 1,
    endColumn: 1,
    status: "added",
    edit: "addition",
    base: "abc1234",
    migrations: [],
  }));
  return new FactIndex([...factsIn(pack, { ...shipped, ...added }), ...changes]);
}
