import { type AnyPack, definePack, type Parsed, type SourceFile } from "@yantra-lint/core";
import { compareCode } from "./edits/index.ts";
import { mapCode, mapUnparsed } from "./map.ts";
import { readModule } from "./modules/index.ts";
import { languageOptions, parseFile } from "./parse.ts";
import { recognise } from "./recognise.ts";
import { rules, workspaceRules } from "./rules.generated.ts";
import type { Code, CodeDetails } from "./source.ts";

function parse(file: SourceFile): Parsed<Code> {
  const details: CodeDetails = file.kind.details ?? {};
  if (file.kind.name !== "code" || details.tooLarge) return { ok: true, code: { text: file.text } };
  return parseFile(file.path, file.text);
}

/**
 * TypeScript and JavaScript: annotations in comments, and the HTTP routes that code declares. The language is
 * ESLint's own, with @typescript-eslint/parser.
 */
export const pack: AnyPack = definePack<Code, unknown>({
  name: "code",
  candidates: {
    extensions: [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json"],
    names: ["package.json"],
  },
  // ESLint's own parser reads JavaScript, and a project may have configured another; TypeScript needs ours.
  editor: [
    { globs: ["**/*.js", "**/*.jsx", "**/*.mjs", "**/*.cjs"] },
    { globs: ["**/*.ts", "**/*.tsx", "**/*.mts", "**/*.cts"], languageOptions: languageOptions("file.ts") },
  ],
  recognise,
  languageName: "js/js",
  languageOptions,
  parse,
  map: mapCode,
  mapUnparsed,
  compare: compareCode,
  readModule,
  rules,
  workspaceRules,
  pages: new URL("../src/rules/", import.meta.url).href,
});

export default pack;
