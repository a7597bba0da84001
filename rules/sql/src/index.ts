import { definePack } from "@yantra-lint/core";
import { Catalog } from "./catalog/catalog.ts";
import { fold } from "./catalog/fold.ts";
import { compare } from "./edits/compare.ts";
import { factsOf } from "./facts.ts";
import { detailsOfKind } from "./language/details.ts";
import { bind, language } from "./language/language.ts";
import { parseFile } from "./language/parse.ts";
import { SqlSourceCode } from "./language/source-code.ts";
import { recogniseSql, useFacts } from "./query-files/index.ts";
import { rules, workspaceRules } from "./rules.generated.ts";

/**
 * SQL migrations: PostgreSQL's grammar, the schema they build up, and what they do to a running release. Query files, sqlx's
 * data and Prisma schemas are read for what the release uses.
 */
export const pack = definePack<SqlSourceCode, Catalog>({
  name: "sql",
  candidates: { extensions: [".sql", ".prisma", ".json"], names: [] },
  editor: [{ globs: ["**/*.sql"] }],
  recognise: recogniseSql,
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
  map: (code, file) => [...factsOf(code, file), ...useFacts(file)],
  compare,
  fold,
  bind,
  rules,
  workspaceRules,
  pages: new URL("../src/rules/", import.meta.url).href,
});

export default pack;
