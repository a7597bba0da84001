import { definePack } from "@yantra-lint/core";
import { compare } from "./edits/compare.ts";
import { mapFile } from "./facts/map.ts";
import { bind, language, settingOf } from "./language/language.ts";
import { KubernetesSourceCode, parseFile } from "./language/source-code.ts";
import { recognise } from "./recognise.ts";
import { rules, workspaceRules } from "./rules.generated.ts";

/** Kubernetes manifests, Argo's Rollouts and kustomizations, in YAML and JSON. */
export const pack = definePack({
  name: "kubernetes",
  candidates: { extensions: [".yaml", ".yml", ".json"], names: ["Kustomization"] },
  // Not JSON: ESLint would then read every JSON file of a project, and give it this language instead of another's.
  editor: [{ globs: ["**/*.yaml", "**/*.yml", "**/Kustomization"] }],
  recognise,
  language,
  languageName: "yantra/kubernetes",
  parse(file) {
    return {
      ok: true,
      code: new KubernetesSourceCode(parseFile(file.path, file.text, settingOf(file.kind))),
    };
  },
  map: mapFile,
  compare,
  bind,
  rules,
  workspaceRules,
  pages: new URL("../src/rules/", import.meta.url).href,
});

export default pack;
export { KubernetesSourceCode } from "./language/source-code.ts";
export type * from "./language/nodes.ts";
export type { Found, Missing, Path, Place } from "@yantra-lint/yaml";
