import { createRequire } from "node:module";
import type { Command, CommandNode, Redirection, SyntaxNode, Word } from "unbash";
import type { Range } from "./positions.ts";

/** A word of a shell command. */
export interface ShellWord {
  /** Without quotes and escapes; expansions (`$NAME`, `$(date)`, `${{ inputs.name }}`) stand as they are written. */
  value: string;
  /** UTF-16 offsets in the text that was read. */
  range: Range;
  /** Whether it holds an expansion, so that its value is known only when the shell runs. */
  dynamic: boolean;
  /** Whether an expansion may make several words of it, or none: unquoted, or `"$@"` and `"${LIST[@]}"`. */
  splits: boolean;
}

/** A simple command: a program and its words, wherever in the text it stands. */
export interface ShellCommand {
  /** The program first. Never empty. */
  words: ShellWord[];
  /** What it reads from a pipe or a here document, as written; undefined when it reads neither. */
  stdin: string | undefined;
  /** From the first to the last word, or, within a string of which the places are not known, the whole string. */
  range: Range;
}

/** Longer texts are no scripts of a step. In UTF-16 units. */
const MAX_LENGTH = 256 * 1024;
/** How deep substitutions are read: the parser reads the text of each anew. */
const MAX_SUBSTITUTIONS = 8;
/** How deep strings that are scripts themselves (`bash -c "…"`) are read. */
const MAX_DEPTH = 4;
/** Stands for a character of an expression that the CI replaces before the shell sees the text. */
const PLACEHOLDER = "\ue000";
const EXPRESSION = /\$\{\{[\s\S]*?\}\}/g;

type ScriptText = Pick<ShellWord, "value" | "range">;

interface Parser {
  parse: typeof import("unbash").parse;
  forEachChild: typeof import("unbash").forEachChild;
}

const require = createRequire(import.meta.url);
let loaded: Parser | undefined;

/** Loading the parser takes about ten times as long as reading a step with it, so it waits until it is needed. */
function parser(): Parser {
  loaded ??= require("unbash") as Parser;
  return loaded;
}

/**
 * The commands of a shell text, in the order they are written: those within `if`, loops, functions, subshells,
 * pipes and substitutions too, and those given as a string to `bash -c`, `eval` and `ssh`. Expressions of
 * GitHub Actions (`${{ … }}`) count as expansions. Never throws: what does not parse is read as far as it does.
 */
export function shellCommandsIn(text: string): ShellCommand[] {
  if (text.length > MAX_LENGTH) return [];
  if (!text.includes("\r\n")) return commandsIn(text, 0);
  // To bash a carriage return is part of a word.
  const offsets = Array.from(text.matchAll(/[^\r]|\r(?!\n)/g), ({ index }) => index);
  const move = ([start, end]: Range): Range => [
    offsets[start] ?? text.length,
    (offsets[end - 1] ?? text.length - 1) + 1,
  ];
  return commandsIn(text.replaceAll("\r\n", "\n"), 0).map((command) => ({
    ...command,
    range: move(command.range),
    words: command.words.map((word) => ({ ...word, range: move(word.range) })),
  }));
}

function commandsIn(text: string, depth: number): ShellCommand[] {
  const source = text.replaceAll(EXPRESSION, (expression) => PLACEHOLDER.repeat(expression.length));
  const reader = new Reader(text, depth);
  try {
    reader.visit(parser().parse(source));
  } catch (error) {
    // Nested more deeply than the call stack goes; the parser itself has a limit and throws nothing.
    if (!(error instanceof RangeError)) throw error;
  }
  return reader.commands;
}

class Reader {
  readonly commands: ShellCommand[] = [];
  readonly #text: string;
  readonly #depth: number;
  /** How many scripts the visited node stands in. */
  #substitutions = 0;

  constructor(text: string, depth: number) {
    this.#text = text;
    this.#depth = depth;
  }

  visit(node: SyntaxNode, stdin?: string): void {
    if (node.type === "Script") {
      // Positions within escaped backticks index another string.
      if (node.source !== undefined || this.#substitutions >= MAX_SUBSTITUTIONS) return;
      this.#substitutions += 1;
      parser().forEachChild(node, (child) => this.visit(child));
      this.#substitutions -= 1;
      return;
    }
    if (node.type === "Pipeline") {
      let piped = stdin;
      for (const command of node.commands) {
        this.visit(command, piped);
        piped = `${piped === undefined ? "" : `${piped} | `}${this.#written(command)}`;
      }
      return;
    }
    if (node.type === "Command") this.#add(node, stdin);
    parser().forEachChild(node, (child) => this.visit(child, node.type === "Command" ? undefined : stdin));
  }

  #add({ name, args, redirects }: Command, piped: string | undefined): void {
    if (!name) return;
    const first = this.#word(name);
    const words = [first, ...args.flatMap((word) => (word.type === "Word" ? [this.#word(word)] : []))];
    const here = redirects.findLast(({ type }) => type === "HereDoc" || type === "HereString");
    const body = here && this.#hereText(here);
    const range: Range = [first.range[0], (words.at(-1) ?? first).range[1]];
    this.commands.push({ words, stdin: body?.value ?? piped, range });
    if (this.#depth >= MAX_DEPTH) return;
    const script = scriptOf(words) ?? (readsScript(words) ? body : undefined);
    if (script) this.#addScript(script);
  }

  /** A command as written, with the here documents it reads. */
  #written(node: CommandNode): string {
    const documents = "redirects" in node ? node.redirects.filter(({ type }) => type === "HereDoc") : [];
    return [
      this.#text.slice(node.pos, node.end),
      ...documents.map((here) => this.#hereText(here)?.value ?? ""),
    ].join("\n");
  }

  #hereText(here: Redirection): ScriptText | undefined {
    if (here.type === "HereDoc") {
      const { pos, end } = here.body;
      return { value: this.#text.slice(pos, end), range: [pos, end] };
    }
    return here.type === "HereString" && here.target ? this.#word(here.target) : undefined;
  }

  #word({ value, pos, end, parts = [] }: Word): ShellWord {
    const written = this.#text.slice(pos, end);
    const expressions = written.match(EXPRESSION) ?? [];
    const dynamic = expressions.length > 0 || parts.some(expands);
    const splits =
      parts.some(({ type }) => EXPANSIONS.has(type)) ||
      (dynamic && /\[@\]|\$@/.test(written)) ||
      (expressions.length > 0 && unquoted(parts));
    return {
      value: value.replaceAll(/\ue000+/g, () => expressions.shift() ?? ""),
      range: [pos, end],
      dynamic,
      splits,
    };
  }

  /** Reads a word that is a script of its own; its commands' places are exact where the string has no escapes. */
  #addScript(script: ScriptText): void {
    const [start, end] = script.range;
    const inner = this.#text.indexOf(script.value, start);
    const exact = inner >= 0 && inner + script.value.length <= end;
    const move = ([from, to]: Range): Range => (exact ? [from + inner, to + inner] : [start, end]);
    for (const command of commandsIn(script.value, this.#depth + 1)) {
      this.commands.push({
        ...command,
        range: move(command.range),
        words: command.words.map((word) => ({ ...word, range: move(word.range) })),
      });
    }
  }
}

const EXPANSIONS: ReadonlySet<string> = new Set([
  "SimpleExpansion",
  "ParameterExpansion",
  "CommandExpansion",
  "ArithmeticExpansion",
]);

function expands(part: { type: string; parts?: unknown }): boolean {
  if (EXPANSIONS.has(part.type) || part.type === "ProcessSubstitution") return true;
  return Array.isArray(part.parts) && part.parts.some((inner) => isPart(inner) && expands(inner));
}

function isPart(value: unknown): value is { type: string; parts?: unknown } {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

/** Whether a CI's expression stands outside of quotes, where the shell splits what it becomes. */
function unquoted(parts: readonly { type: string; text?: string }[]): boolean {
  if (parts.length === 0) return true;
  return parts.some(({ type, text }) => type === "Literal" && text?.includes(PLACEHOLDER));
}

const SHELL = /^(?:.*\/)?(?:ba|da|z|k)?sh$/;

/** Whether a command runs what it reads: `bash`, `sudo sh -e`, `ssh host`. */
function readsScript(words: readonly ShellWord[]): boolean {
  return words.some(({ value }) => SHELL.test(value)) || words[0]?.value === "ssh";
}

/** The word of a command that is itself a script. */
function scriptOf(words: readonly ShellWord[]): ShellWord | undefined {
  const name = words[0]?.value.replace(/^.*\//, "");
  if (name === "eval") return words.length === 2 ? words[1] : undefined;
  if (name === "ssh") {
    const last = words.at(-1);
    return words.length > 2 && last && /\s/.test(last.value) ? last : undefined;
  }
  // The shell may stand behind `sudo`, `docker exec …` or `xargs`.
  const shell = words.findIndex(({ value }) => SHELL.test(value));
  if (shell < 0) return undefined;
  const option = words.findIndex(({ value }, index) => index > shell && /^-[a-z]*c$/.test(value));
  return option < 0 ? undefined : words[option + 1];
}
