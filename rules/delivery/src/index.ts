import { commentFacts, definePack } from "@yantra-lint/core";
import { bind, language } from "./language/language.ts";
import { DeliverySourceCode, parseFile } from "./language/source-code.ts";
import { recognise } from "./recognise.ts";
import { rules, workspaceRules } from "./rules.generated.ts";

/** What builds and deploys: workflows and actions of GitHub Actions, and Dockerfiles. */
export const pack = definePack({
  name: "delivery",
  candidates: {
    extensions: [".yml", ".yaml", ".dockerfile", ".containerfile"],
    names: ["Dockerfile", "Dockerfile.*", "Containerfile", "Containerfile.*"],
  },
  editor: [
    { globs: ["**/.{github,gitea,forgejo}/workflows/*.{yml,yaml}", "**/action.{yml,yaml}"] },
    {
      globs: [
        "**/{Dockerfile,Containerfile}",
        "**/{Dockerfile,Containerfile}.*",
        "**/*.{dockerfile,Dockerfile,containerfile,Containerfile}",
      ],
    },
  ],
  recognise,
  language,
  languageName: "yantra/delivery",
  parse(file) {
    return { ok: true, code: new DeliverySourceCode(parseFile(file.path, file.text)) };
  },
  map(code) {
    return [...commentFacts(code.comments, code.positions), ...(code.notice ? [code.notice] : [])];
  },
  bind,
  rules,
  workspaceRules,
  pages: new URL("../src/rules/", import.meta.url).href,
});

export default pack;
export { DeliverySourceCode } from "./language/source-code.ts";
export type * from "./language/nodes.ts";
