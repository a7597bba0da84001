import type { Language, SourceCode } from "@eslint/core";
import type { FileEdit, FileVersions } from "./change.ts";
import type { Fact } from "./facts.ts";
import type { ModuleFact } from "./module-facts.ts";
import type { FileRule, LanguageName, WorkspaceRule, WorkspaceSettings } from "./rule.ts";

/** What a pack sees of a file when it decides whether the file is its own. */
export interface CandidateFile {
  /** Relative to the root, with `/`. */
  path: string;
  /** The text, without BOM. Read when first asked for: look at the path first. */
  readonly text: string;
  /** True when the user named this very file (on the command line, or it is the open buffer). */
  named: boolean;
  /** Reads a small neighbour file (`migration_lock.toml`, `metadata.toml`) relative to the root; undefined when it is absent. */
  neighbour(path: string): string | undefined;
  /**
   * Names in a directory ("" for the root), sorted, of which those of directories may be some; `neighbour` reads what
   * they name. Absent where a file stands alone.
   */
  namesIn?(directory: string): readonly string[];
  readonly settings: WorkspaceSettings;
  /**
   * What a pack remembers for the run's other files, under keys of its own: only answers that follow from neighbours.
   * Absent where neighbours may change between files.
   */
  readonly memo?: WeakMap<object, Map<string, unknown>>;
}

/**
 * What a pack says of a file of its own. Kinds are derived from the path, the neighbours and a look at the
 * text; they are part of the cache key and must be plain data.
 */
export interface FileKind {
  /** A word for the kind, such as `migration` or `manifest`. */
  name: string;
  /** Files of one stream are folded one after the other, sorted by `order`; only for packs that fold. */
  stream?: string;
  /** Orders a stream: compared element by element, numbers before texts. */
  order?: readonly (string | number)[];
  /** The file is read for its facts with the pack's own `parse`; ESLint and its rules never see it. */
  factsOnly?: boolean;
  /**
   * The change that is judged adds the file, so it ships with the others that the change adds. The engine says so, of
   * files in streams, when there is a base.
   */
  added?: true;
  /** Whatever else the pack's language wants to know of the file. */
  details?: Readonly<Record<string, unknown>>;
}

/** A message of a parser. Lines and columns are 1-based. */
export interface ParseProblem {
  message: string;
  line: number;
  column: number;
  endLine?: number;
  endColumn?: number;
}

/** A file of a known kind. */
export interface SourceFile {
  path: string;
  text: string;
  kind: FileKind;
}

export type Parsed<Code> = { ok: true; code: Code } | { ok: false; problems: ParseProblem[] };

/**
 * How a pack folds the facts of a stream's files, in order, into a state that its SourceCode can be asked for.
 * `apply` must not change what an earlier state shows: states are snapshots.
 */
export interface Fold<State> {
  initial(settings: WorkspaceSettings): State;
  apply(state: State, facts: readonly Fact[], file: { path: string; kind: FileKind }): State;
}

/**
 * What stands around a file while ESLint lints it, for a language that needs more than the text: the engine
 * (command line) or the lazily built workspace (editor) binds one; without, every file stands alone.
 * Paths are as ESLint gives them to the language: absolute or relative to the root.
 */
export interface Host {
  /** The kind of the file with this text, or undefined when it is not one of the pack's. */
  kindOf(path: string, text: string): FileKind | undefined;
  /** The pack's folded state before the file, or undefined when it is not known. */
  stateBefore(path: string): unknown;
}

/** Files of a pack as its ESLint preset has them. */
export interface EditorFiles {
  /** Globs, as in ESLint's `files`; only the pack itself knows which of these files are its own. */
  globs: readonly string[];
  /** ESLint's languageOptions for them; without, the project's own hold. */
  languageOptions?: Readonly<Record<string, unknown>>;
}

/** One domain or language: which files it knows, how they become facts, and its rules. */
export interface Pack<Code = never, State = unknown> {
  name: string;
  /** Extensions (with dot) and file names worth a look, `Dockerfile.*` for any extension; nothing else is read for this pack. */
  candidates: { extensions: readonly string[]; names: readonly string[] };
  /** The files that ESLint is to hand to the pack, where these are not simply all candidates. */
  editor?: readonly EditorFiles[];
  /** The file's kind, or undefined when it is none of this pack's. */
  recognise(file: CandidateFile): FileKind | undefined;
  /** The ESLint language of its files; absent for `js/js`, which is ESLint's own. */
  language?: Language<{
    LangOptions: Record<string, unknown>;
    Code: SourceCode;
    RootNode: unknown;
    Node: unknown;
  }>;
  languageName: LanguageName;
  /** ESLint's languageOptions for a path, such as the parser of `js/js`. */
  languageOptions?(path: string): Record<string, unknown>;
  /** Parses without ESLint, for those who want facts only. */
  parse(file: SourceFile): Parsed<Code>;
  /** What the file declares or uses. `code` is what `parse` gives or the SourceCode of an ESLint run. Pure. */
  map(code: Code, file: SourceFile): Fact[];
  /**
   * Facts of a file that the parser refused: what it declares is unknown, which some rule may have to know. Pure.
   */
  mapUnparsed?(file: SourceFile): Fact[];
  /**
   * How a file of one of the pack's candidates was edited, decided on the syntax tree; a new or deleted file too.
   * Undefined when it is none of the pack's languages or does not parse. Pure.
   */
  compare?(file: FileVersions): FileEdit | undefined;
  /** What a file of code imports and exports; undefined when it is no module. Its `path` is left empty. Pure. */
  readModule?(file: { path: string; text: string }): ModuleFact | undefined;
  fold?: Fold<State>;
  /** Tells the pack's language what stands around its files. */
  bind?(host: Host | undefined): void;
  rules: Readonly<Record<string, FileRule>>;
  workspaceRules: Readonly<Record<string, WorkspaceRule>>;
  /** Folder URL of the rules' pages: `<pages>/<rule>.md`. */
  pages: string;
}

/** Types a pack and forgets its inner types, so that an engine can hold packs of all kinds. */
export function definePack<Code, State>(pack: Pack<Code, State>): AnyPack {
  return pack;
}

/** A pack whose code and state types are its own affair. */
export type AnyPack = Pack<unknown>;
