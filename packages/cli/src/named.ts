import type { Notice } from "@yantra-lint/core";
import { type Config, Recogniser, type RunResult, Tree } from "@yantra-lint/workspace";
import { UsageError } from "./errors.ts";
import { packs } from "./packs.ts";
import type { Target } from "./target.ts";
import { oneLine } from "./text.ts";

/** Why a named file was not read. */
type Why = "name" | "ignored" | "text";

const MESSAGES: Readonly<Record<Why, string>> = {
  name: "The file was named, but no pack reads files of this name: it was not checked.",
  ignored: "The file was named, but `ignore` in the configuration leaves it out: it was not checked.",
  text: "The file was named, but no pack knows what it is by its text: it was not checked.",
};

/**
 * Notices of files that the user named and nobody read. Programs such as lint-staged name whatever was changed, so
 * that alone is no fault. It is one when there was nothing else to read: the text on standard input, or the only
 * path given, if files of its name are never read. @throws UsageError
 */
export function noticesOfUnread(target: Target, result: RunResult): Notice[] {
  const told = new Map(result.notices.map((notice) => [notice.path, notice.message]));
  const unread = [...target.named].filter((file) => !result.kinds.has(file));
  const notices: Notice[] = [];
  for (const file of unread) {
    const known = told.get(file);
    const why = whyUnread(file, target.root.directory, target.config);
    const message = known ?? MESSAGES[why];
    if (target.overlay.has(file) || (target.scope.length === 1 && known === undefined && why === "name"))
      throw new UsageError(`${oneLine(file)}: ${message}`);
    if (known === undefined) notices.push({ id: "named-unread", message, path: file });
  }
  return notices;
}

function whyUnread(file: string, root: string, config: Config): Why {
  const tree = new Tree(root);
  const isCandidate = (ignore: readonly string[]): boolean =>
    new Recogniser(tree, packs, config.settings, ignore).candidatesFor(file).length > 0;
  if (!isCandidate([])) return "name";
  return isCandidate(config.ignore) ? "text" : "ignored";
}
