import { definePack } from "@yantra-lint/core";
import { Catalog } from "./catalog/catalog.ts";
import { fold } from "./catalog/fold.ts";
import { compare } from "./edits/compare.ts";
import { factsOf } from "./facts.ts";
import { detailsOfKind } from "./language/details.ts";
import { bind, language } from "./language/language.ts";
import { parseFile } from "./language/parse.ts";
import { SqlSourceCode } from "./language/source-code.ts";
import { rules, workspaceRules } from "./rules.generated.ts";
import { recogniseMigration } from "./runners/index.ts";

/** SQL migrations: PostgreSQL's grammar, the schema they build up, and what they do to a running release. */
export const pack = definePack<SqlSourceCode, Catalog>({
  name: "sql",
  candidates: { extensions: [".sql"], names: [] },
  recognise: recogniseMigration,
  language,
  languageName: "yantra/sql",
  parse({ text, kind }) {
    const details = detailsOfKind(kind);
    const parsed = parseFile(text, details);
    return {
      ok: true,
      code: new SqlSourceCode(text, parsed, details, () => Catalog.empty({ complete: false })),
    };
  },
  map: factsOf,
  compare,
  fold,
  bind,
  rules,
  workspaceRules,
  pages: new URL("../src/rules/", import.meta.url).href,
});

export default pack;
