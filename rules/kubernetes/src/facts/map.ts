import { posix } from "node:path";
import { commentFacts, type Fact, type SourceFile } from "@yantra-lint/core";
import type { KubernetesSourceCode } from "../language/source-code.ts";
import { canariesOf } from "./canaries.ts";
import { isKustomization, kustomizationFact } from "./kustomization.ts";
import { notificationsOf } from "./notifications.ts";
import { resourceFact } from "./resource.ts";
import { skaffoldFacts } from "./skaffold.ts";
import { triggersOf, triggersOfText } from "./triggers.ts";

/** What a manifest file declares or uses. */
export function mapFile(code: KubernetesSourceCode, file: SourceFile): Fact[] {
  if (file.kind.name === "alerts") return triggersOfText(code.text);
  const lines = code.positions;
  const facts = code.resources.flatMap((resource): Fact[] => {
    if (isKustomization(resource)) return [kustomizationFact(resource, lines, directoryOf(file.path))];
    if (resource.group === "skaffold") return skaffoldFacts(resource, lines, directoryOf(file.path));
    return [
      resourceFact(resource, lines, code.placeholders),
      ...triggersOf(resource, lines),
      ...canariesOf(resource, lines, code.resources),
      ...notificationsOf(resource, lines),
    ];
  });
  return [...facts, ...commentFacts(code.comments, lines), ...(code.notice ? [code.notice] : [])];
}

/** The directory of a path relative to the root; empty for the root itself. */
export function directoryOf(path: string): string {
  const directory = posix.dirname(path);
  return directory === "." ? "" : directory;
}
