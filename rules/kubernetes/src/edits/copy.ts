import type { Entry } from "./documents.ts";

/** Directories that hold the words of a user interface, one file a language. */
const DIRECTORY =
  /(?:^|\/)(?:locales?|i18n|l10n|intl|lang|langs|languages?|translations?|messages|copy)(?:\/|$)/i;

/** Files named for one of the languages most products have: `en.json`, `messages.pt-BR.yml`. Not `is`, `no`, `io`. */
const LANGUAGE =
  /(?:^|[/._-])(?:en|de|fr|es|it|pt|nl|pl|ru|uk|cs|sk|sv|da|nb|nn|fi|el|tr|ja|ko|zh|ar|he|hu|ro|bg|hr|sl|sr|lt|lv|et|vi|th|fa|hi|bn|ca)(?:[-_](?:[A-Z][a-z]{3}|[A-Z]{2}|[a-z]{2}|\d{3}))*\.(?:json|ya?ml)$/;

/** Whether a path is that of a file of texts for people. */
export function isCopyPath(path: string): boolean {
  return DIRECTORY.test(path.slice(0, path.lastIndexOf("/") + 1)) || LANGUAGE.test(path);
}

/** What code finds in a text: placeholders, formats, elements with their attributes, addresses. */
const RELEVANT =
  /\{\{[^}]*\}\}|\$?\{[\w.]+|%\{\w+\}|%[-+0-9.]*[a-zA-Z@]|%\d+\$\w|:\w+(?=\s|$)|<[^<>]*>|https?:\/\/[^\s"'<>)]+|mailto:\S+|\$t\([^)]*\)/g;

/**
 * What became of two versions of such a file: `copy` when the words of existing texts have changed and nothing that
 * code reads in them; undefined when something else than texts is in it, or has changed.
 */
export function copyEdit(
  before: readonly Entry[],
  after: readonly Entry[],
): "copy" | "addition" | "deletion" | undefined {
  if (before.length !== 1 || after.length !== 1) return undefined;
  const old = textsOf(before[0]);
  const now = textsOf(after[0]);
  if (!old || !now) return undefined;
  const kept = [...now].filter(([path]) => old.has(path));
  if (kept.some(([path, text]) => relevant(text) !== relevant(old.get(path) ?? ""))) return undefined;
  if ([...old.keys()].some((path) => !now.has(path))) return "deletion";
  return kept.length < now.size ? "addition" : "copy";
}

function relevant(text: string): string {
  if (/^[./#]\S*$/.test(text)) return text;
  return [...text.matchAll(RELEVANT)]
    .map(([part]) => part)
    .sort()
    .join("\n");
}

/** A file's texts by their paths; undefined when it holds other values than texts and empty ones. */
function textsOf(entry: Entry | undefined): Map<string, string> | undefined {
  const texts = new Map<string, string>();
  if (entry?.data.kindOf(entry.value) !== "mapping") return undefined;
  const { data } = entry;
  const visit = (value: unknown, path: string): boolean => {
    switch (data.kindOf(value)) {
      case "mapping":
        return [...data.membersOf(value)].every(([name, member]) => visit(member.value, `${path}/${name}`));
      case "sequence":
        return data.itemsOf(value).every((item, index) => visit(item, `${path}/${index}`));
      default: {
        const text = data.textOf(value);
        if (text !== undefined) texts.set(path, text);
        return text !== undefined || data.keyOf(value) === "null";
      }
    }
  };
  return visit(entry.value, "") ? texts : undefined;
}
