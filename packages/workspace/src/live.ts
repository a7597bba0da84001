import fs from "node:fs";
import path from "node:path";
import {
  type AnyPack,
  type Fact,
  FactIndex,
  type FileKind,
  type Finding,
  type Host,
  runWorkspaceRule,
  type WorkspaceRule,
  type WorkspaceSettings,
} from "@yantra-lint/core";
import { type Config, defaultConfig, readConfig } from "./config.ts";
import { Recogniser } from "./discover.ts";
import { reachableModules } from "./modules.ts";
import { relativeTo, type Root } from "./root.ts";
import { knownRules, mergedOptions } from "./rules.ts";
import { advance, placed, splitStreams } from "./stream.ts";
import { Tree } from "./tree.ts";

/** A file as it was last read. */
interface Known {
  path: string;
  mtimeMs: number;
  size: number;
  kind: FileKind;
  pack: AnyPack;
  facts: Fact[];
}

/** How long a look at the disk is good for, in milliseconds; and never more than a twentieth of the time spent looking. */
const FRESH_FOR = 500;
const SHARE = 20;

/**
 * A repository's facts for an editor: built when first asked for, kept in step with the disk by size and time of
 * change. It is synchronous, as ESLint's rules are. The file in the editor is given as text and is never read.
 */
export class LiveWorkspace {
  readonly root: Root;
  readonly #packs: readonly AnyPack[];
  #config: Config;
  #configStamp: number | undefined;
  #tree: Tree;
  #recogniser: Recogniser;
  readonly #files = new Map<string, Known | { mtimeMs: number; size: number }>();
  #streams: { order: Known[]; states: unknown[] }[] | undefined;
  #freshUntil = 0;
  #version = 0;
  #reduced: { version: number; path: string; text: string; index: FactIndex } | undefined;

  /** @throws ConfigError when the repository's configuration is faulty. */
  constructor(root: Root, packs: readonly AnyPack[]) {
    this.root = root;
    this.#packs = packs;
    this.#config = root.config ? readConfig(root.config, knownRules(packs)) : defaultConfig();
    this.#configStamp = this.#stampOfConfig();
    this.#tree = this.#makeTree();
    this.#recogniser = this.#makeRecogniser();
  }

  #makeTree(): Tree {
    return new Tree(this.root.directory, new Map(), { lone: this.root.lone });
  }

  #makeRecogniser(): Recogniser {
    return new Recogniser(this.#tree, this.#packs, this.#config.settings, this.#config.ignore);
  }

  #stampOfConfig(): number | undefined {
    if (this.root.config === undefined) return undefined;
    return fs.statSync(this.root.config, { throwIfNoEntry: false })?.mtimeMs;
  }

  /** A changed configuration may change every file's kind. A faulty one is passed by until it is right again. */
  #refreshConfig(): void {
    const stamp = this.#stampOfConfig();
    if (this.root.config === undefined || stamp === undefined || stamp === this.#configStamp) return;
    this.#configStamp = stamp;
    try {
      this.#config = readConfig(this.root.config, knownRules(this.#packs));
    } catch {
      return;
    }
    this.#files.clear();
    this.#changed();
  }

  /** What a pack's language asks about its files (see core's Host). */
  host(pack: AnyPack): Host {
    return {
      kindOf: (file, text) => this.kindOf(pack, file, text),
      stateBefore: (file) => this.#stateBefore(pack, file),
    };
  }

  /** The kind of the file with this text for a pack; undefined when it is not the pack's. */
  kindOf(pack: AnyPack, file: string, text: string): FileKind | undefined {
    const relative = relativeTo(this.root.directory, file);
    if (relative === undefined) return undefined;
    const recognised = this.#recogniser.recogniseText(relative, text, { named: false }).file;
    return recognised?.pack === pack ? recognised.kind : undefined;
  }

  /** Whether the configuration's `ignore` names a file. */
  ignores(file: string): boolean {
    const relative = relativeTo(this.root.directory, file);
    return relative !== undefined && this.#recogniser.ignores(relative);
  }

  /**
   * Findings of a workspace rule in one file. `facts` are those of the text in the editor, without path.
   */
  findings(
    ruleId: string,
    rule: WorkspaceRule,
    file: { path: string; text: string; facts: () => readonly Fact[] },
    options: readonly unknown[],
  ): Finding[] {
    const relative = relativeTo(this.root.directory, file.path);
    if (relative === undefined) return [];
    this.#refresh();
    const facts = this.#indexWith(relative, file.text, file.facts);
    const today = new Date().toISOString().slice(0, 10);
    return runWorkspaceRule(ruleId, rule, {
      facts,
      options: mergedOptions(rule.meta, options),
      settings: this.#config.settings,
      today,
      only: relative,
      modules: (entries) => this.#modulesWith(relative, file.text)(facts, entries),
    }).filter((finding) => finding.path === relative);
  }

  /** What the files import, with the text in the editor for its own. Read anew each time: rules seldom ask. */
  #modulesWith(file: string, text: string) {
    const tree = new Tree(this.root.directory, new Map([[file, text]]), { lone: this.root.lone });
    return reachableModules(() => tree, { packs: this.#packs, ignore: this.#config.ignore, toolVersion: "" });
  }

  #indexWith(file: string, text: string, own: () => readonly Fact[]): FactIndex {
    const last = this.#reduced;
    if (last?.version === this.#version && last.path === file && last.text === text) return last.index;
    const all: Fact[] = placed(own(), file);
    for (const known of this.#files.values())
      if ("facts" in known && known.path !== file) all.push(...known.facts);
    all.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
    const index = new FactIndex(all);
    this.#reduced = { version: this.#version, path: file, text, index };
    return index;
  }

  #refresh(): void {
    const now = performance.now();
    if (now < this.#freshUntil) return;
    this.#refreshConfig();
    // Anew each time: a tree remembers the neighbours it read.
    this.#tree = this.#makeTree();
    this.#recogniser = this.#makeRecogniser();
    const present = new Set<string>();
    for (const file of this.#tree.list()) {
      if (this.#recogniser.candidatesFor(file).length === 0) continue;
      present.add(file);
      this.#look(file);
    }
    for (const file of this.#files.keys()) {
      if (present.has(file)) continue;
      this.#files.delete(file);
      this.#changed();
    }
    const end = performance.now();
    this.#freshUntil = end + Math.max(FRESH_FOR, (end - now) * SHARE);
  }

  #look(file: string): void {
    const stat = fs.lstatSync(path.join(this.root.directory, file), { throwIfNoEntry: false });
    if (!stat) return;
    const { mtimeMs, size } = stat;
    const before = this.#files.get(file);
    if (before?.mtimeMs === mtimeMs && before.size === size) return;
    const recognised = this.#recogniser.recognise(file, { named: false }).file;
    if (!recognised) {
      this.#files.set(file, { mtimeMs, size });
      if (before && "facts" in before) this.#changed();
      return;
    }
    const parsed = recognised.pack.parse(recognised);
    const { kind, pack } = recognised;
    const facts = parsed.ok ? pack.map(parsed.code, recognised) : (pack.mapUnparsed?.(recognised) ?? []);
    this.#files.set(file, { path: file, mtimeMs, size, kind, pack, facts: placed(facts, file) });
    this.#changed();
  }

  #changed(): void {
    this.#version += 1;
    this.#streams = undefined;
  }

  #stateBefore(pack: AnyPack, file: string): unknown {
    const relative = relativeTo(this.root.directory, file);
    if (relative === undefined || !pack.fold) return undefined;
    this.#refresh();
    this.#streams ??= splitStreams([...this.#files.values()].filter((known) => "facts" in known)).streams.map(
      (order) => ({ order, states: [] }),
    );
    for (const stream of this.#streams) {
      const index = stream.order.findIndex((known) => known.path === relative && known.pack === pack);
      if (index >= 0) return stateAt(pack, stream, index, this.#config.settings);
    }
    return undefined;
  }
}

/** The state before the file at `index`; states before it are kept, so that the next question is cheap. */
function stateAt(
  pack: AnyPack,
  { order, states }: { order: Known[]; states: unknown[] },
  index: number,
  settings: WorkspaceSettings,
): unknown {
  if (states.length === 0) states.push(pack.fold?.initial(settings));
  while (states.length <= index) {
    const file = order[states.length - 1];
    if (!file) break;
    states.push(advance(pack, states[states.length - 1], file.facts, file));
  }
  return states[index];
}
