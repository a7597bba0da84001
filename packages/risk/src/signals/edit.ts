import type { ChangedFile, EditKind, FileCategory } from "@yantra-lint/core";
import { isAnnotatedLow } from "../annotated.ts";
import { touched } from "../edits.ts";
import type { Family, Reason } from "../reason.ts";
import { code, list, plain } from "../wording.ts";

const STRENGTH: Record<EditKind, number> = {
  comment: 0,
  style: 30,
  copy: 60,
  addition: 80,
  endpoint: 150,
  unknown: 450,
  deletion: 520,
  logic: 700,
};

/** Categories that are mild as far as their edit was understood, for none of it runs: strength and the sentence's end. */
const MILD: Partial<Record<FileCategory, [strength: number, what: string]>> = {
  docs: [10, "is documentation"],
  tooling: [10, "is read on developers' machines only"],
  test: [20, "is a test"],
  asset: [20, "is a picture, font or the like"],
  style: [STRENGTH.style, "changes only how it looks"],
};

/** Categories that have families of their own. */
const ELSEWHERE: readonly FileCategory[] = ["migration", "infrastructure", "ci", "settings"];

/** What the edits do to the program. */
export const edit: Family = (change, _settings, today) => {
  const manifests = new Set(change.dependencies.map(({ path }) => path));
  return change.files
    .filter(({ category }) => !ELSEWHERE.includes(category))
    .map((file): Reason => {
      const { category, edit } = file;
      const mild = MILD[category];
      // A link, or what else could not be read, is not what its name says; a test in any language is a test.
      if (mild && (category === "test" || !isGrave(edit.kind))) return mildReason(file, mild[0], mild[1]);
      // A catalogue of words is one, whether or not its format is understood.
      if (category === "copy") return reason(file, isMild(edit.kind) ? "copy" : edit.kind);
      // Manifests whose dependencies were compared are told as these; scripts and the like are logic.
      if (
        category === "dependencies" &&
        isMild(edit.kind) &&
        edit.kind !== "unknown" &&
        manifests.has(file.path)
      ) {
        return mildReason(file, STRENGTH.addition, "says what is installed");
      }
      // Its dependencies have a family of their own; a floor it has all the same.
      if (category === "dependencies" && edit.kind === "unknown")
        return { ...reason(file, "unknown"), strength: STRENGTH.endpoint };
      return isAnnotatedLow(file, change.annotations, today) ? annotated(file) : reason(file, edit.kind);
    });
};

function mildReason(file: ChangedFile, strength: number, what: string): Reason {
  return { strength, evidence: `${plain(file.path)} ${what}.`, path: file.path, line: file.edit.line };
}

/** More than comments, and leaving existing code as it was, as far as was seen. */
function isMild(kind: EditKind): boolean {
  return kind !== "comment" && kind !== "logic" && kind !== "deletion";
}

function isGrave(kind: EditKind): boolean {
  return kind === "logic" || kind === "deletion" || kind === "unknown";
}

function reason(file: ChangedFile, kind: EditKind): Reason {
  return {
    strength: STRENGTH[kind],
    ...(isGrave(kind) ? { floor: "medium" } : {}),
    evidence: evidence(file, kind),
    path: file.path,
    line: file.edit.line,
  };
}

/** What is annotated low on every declaration that it touches counts as an addition does. */
function annotated(file: ChangedFile): Reason {
  const kind = file.edit.kind;
  const says = evidence(file, kind).replace(/\.$/, "");
  return {
    strength: Math.min(STRENGTH[kind], STRENGTH.addition),
    evidence: `${says}, annotated low at the base.`,
    path: file.path,
    line: file.edit.line,
  };
}

function evidence(file: ChangedFile, kind: EditKind): string {
  const path = plain(file.path);
  switch (kind) {
    case "comment":
      if (file.category === "dependencies") return `${path} changes nothing but versions.`;
      return file.status === "renamed" && file.hunks.length === 0
        ? `${path} is renamed and otherwise as it was.`
        : `${path} changes only comments or format.`;
    case "style":
      return `${path} changes only how it looks.`;
    case "copy":
      return `${path} changes only words that people read.`;
    case "addition":
      return `${path} adds ${named(touched(file, "added"), "code")}, which nothing existing calls.`;
    case "endpoint":
      return `${path} adds ${named(touched(file, "added"), "code")}, reached by a new route.`;
    case "unknown":
      if (file.category === "dependencies" && file.status === "added")
        return `${path} is a new manifest, and what beside its dependencies it brings was not looked at.`;
      if (file.category === "dependencies")
        return `${path} names dependencies, and whether more of it changes was not compared.`;
      return file.language === undefined
        ? `${path} changes, and what that does cannot be told.`
        : `${path} is ${plain(file.language)}, so what its change does cannot be told.`;
    case "deletion":
      return file.status === "deleted"
        ? `${path} is gone${withNames(touched(file, "removed"))}.`
        : `${path} removes ${named(touched(file, "removed"), "code")}.`;
    case "logic": {
      // What has no name of its own says less than nothing here: `changes what (document) does`.
      const changed = touched(file, "changed").filter((name) => !/^[([]/.test(name));
      if (file.status === "added") return `${path} is new, and acts on what is there when it is loaded.`;
      if (file.language === undefined) return `${path} changes what is read from it.`;
      return changed.length > 0
        ? `${path} changes what ${named(changed, "it")} ${changed.length === 1 ? "does" : "do"}.`
        : `${path} changes what existing code does.`;
    }
  }
}

function named(names: readonly string[], otherwise: string): string {
  return names.length > 0 ? list(names.map(code)) : otherwise;
}

function withNames(names: readonly string[]): string {
  return names.length > 0 ? `, and with it ${list(names.map(code))}` : "";
}
