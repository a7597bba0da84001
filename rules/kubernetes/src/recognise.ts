import type { CandidateFile, FileKind } from "@yantra-lint/core";
import { directoryOf } from "./facts/map.ts";
import { looksLikeAlerts } from "./facts/triggers.ts";
import { looksLikeManifest } from "./language/read.ts";
import { isKustomizationPath } from "./language/source-code.ts";
import { isPatchFile } from "./patched.ts";

/** JSON and YAML files that are something else by their name, and not worth reading. */
const OTHER =
  /(?:^|\/)(?:package(?:-lock)?|composer|tsconfig[\w.-]*|jsconfig|deno|biome|turbo|nx|lerna|renovate|vercel|devcontainer|launch|settings|tasks|[\w.-]*lock|\.\w+rc)\.json$|(?:^|\/)(?:pnpm-lock\.ya?ml|docker-compose[\w.-]*|compose[\w.-]*\.ya?ml|mkdocs\.ya?ml)$|(?:^|\/)(?:node_modules|locales?|i18n|translations|\.vscode)\/|(?:^|\/)\.github\/(?:workflows|ISSUE_TEMPLATE)\//;

/**
 * Directories that hold the input of tests and are never released, whatever lies in them. Not `test`, which is an
 * environment's name as well (`overlays/test`), nor `examples`, which people deploy.
 */
const TESTS =
  /(?:^|\/)(?:tests|(?:[^/]*[-_.])?e2e(?:[-_.][^/]*)?|test[-_]?(?:data|cases|fixtures?)|fixtures?|mocks?|__\w+__)\//i;

/** Whether a file is a manifest: by its name as little as possible, by its text's keys otherwise. */
export function recognise(file: CandidateFile): FileKind | undefined {
  const directory = directoryOf(file.path);
  if (!file.named && TESTS.test(file.path)) return undefined;
  // The paths that a kustomization names are relative to its directory, so that is part of the cache key.
  if (isKustomizationPath(file.path)) return { name: "kustomization", details: { directory } };
  if (!file.named && OTHER.test(file.path)) return undefined;
  if (!looksLikeManifest(file.text))
    return looksLikeAlerts(file.text) ? { name: "alerts", factsOnly: true } : undefined;
  const patch = isPatchFile(file);
  return { name: "manifest", details: { chart: isChartTemplate(file), ...(patch ? { patch } : {}) } };
}

/** Whether a file stands below `templates/` of a Helm chart, which has a Chart.yaml beside that folder. */
function isChartTemplate(file: CandidateFile): boolean {
  const parts = file.path.split("/");
  return parts.some(
    (part, index) =>
      part === "templates" &&
      index < parts.length - 1 &&
      file.neighbour([...parts.slice(0, index), "Chart.yaml"].join("/")) !== undefined,
  );
}
