import { createRequire } from "node:module";
import type { Comment, Lines, Range } from "@yantra-lint/core";
import type { Dockerfile, ImageUse, Instruction, Stage } from "./nodes.ts";

type Ast = typeof import("dockerfile-ast");
type Parsed = ReturnType<Ast["DockerfileParser"]["parse"]>;
type ParsedInstruction = ReturnType<Parsed["getInstructions"]>[number];
type Span = ReturnType<ParsedInstruction["getRange"]>;

const require = createRequire(import.meta.url);
let loaded: Ast | undefined;

/** Most runs see no Dockerfile, so its parser waits until one comes. */
function parser(): Ast {
  loaded ??= require("dockerfile-ast") as Ast;
  return loaded;
}

/** Larger texts are no Dockerfiles. In UTF-16 units. */
export const MAX_DOCKERFILE = 512 * 1024;

/** Reads a Dockerfile. Never throws: what Docker would refuse gives fewer nodes. */
export function buildDockerfile(text: string, lines: Lines): { dockerfile: Dockerfile; comments: Comment[] } {
  // The parser takes a lone carriage return for the first half of CRLF; Docker takes it for white space.
  const parsed = parser().DockerfileParser.parse(text.replaceAll(/\r(?!\n)/g, " "));
  const starts = lineStarts(text);
  const rangeOf = ({ start, end }: Span): Range => [
    (starts[start.line] ?? 0) + start.character,
    (starts[end.line] ?? 0) + end.character,
  ];
  const builder = new Builder(text, lines, rangeOf);
  for (const instruction of parsed.getInstructions()) builder.add(instruction);
  const range: Range = [0, text.length];
  return {
    dockerfile: {
      type: "Dockerfile",
      range,
      loc: lines.loc(range),
      globals: builder.globals,
      stages: builder.stages,
    },
    comments: parsed.getComments().map((comment) => {
      const [start, end] = rangeOf(comment.getRange());
      return { text: text.slice(start + 1, end), range: [start, end], textStart: start + 1 };
    }),
  };
}

/** The parser counts LF and CRLF only; ESLint's lines end at U+2028 too. */
function lineStarts(text: string): number[] {
  return [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
}

class Builder {
  readonly globals: Instruction[] = [];
  readonly stages: Stage[] = [];
  readonly #text: string;
  readonly #lines: Lines;
  readonly #rangeOf: (span: Span) => Range;
  readonly #arguments = new Map<string, string | undefined>();

  constructor(text: string, lines: Lines, rangeOf: (span: Span) => Range) {
    this.#text = text;
    this.#lines = lines;
    this.#rangeOf = rangeOf;
  }

  add(parsed: ParsedInstruction): void {
    const keyword = parsed.getKeyword();
    const range = this.#rangeOf(parsed.getRange());
    const stage = this.stages.at(-1);
    const instruction: Instruction = {
      type: "Instruction",
      range,
      loc: this.#lines.loc(range),
      keyword,
      arguments: parsed.getArgumentsContent() ?? "",
      image: keyword === "COPY" ? this.#copiedImage(parsed) : undefined,
    };
    if (keyword === "FROM") this.#addStage(parsed, instruction);
    else if (stage) {
      stage.instructions.push(instruction);
      stage.range = [stage.range[0], range[1]];
      stage.loc = this.#lines.loc(stage.range);
    } else {
      if (keyword === "ARG") this.#declare(parsed);
      this.globals.push(instruction);
    }
  }

  #declare(parsed: ParsedInstruction): void {
    for (const argument of parsed.getArguments()) {
      const [, name = "", value] = /^([^=]+)(?:=([\s\S]*))?$/.exec(argument.getValue()) ?? [];
      const unquoted = value?.replace(/^(["'])([\s\S]*)\1$/, "$2");
      this.#arguments.set(name, unquoted === undefined ? undefined : this.#resolve(unquoted));
    }
  }

  #addStage(parsed: ParsedInstruction, instruction: Instruction): void {
    const words = parsed.getArguments().filter((argument) => !argument.getValue().startsWith("--"));
    const [image, as, name] = words;
    const named = as?.getValue().toUpperCase() === "AS" ? name?.getValue().toLowerCase() : undefined;
    const base = image && this.#imageUse(image.getValue(), this.#rangeOf(image.getRange()));
    this.stages.push({
      type: "Stage",
      range: instruction.range,
      loc: instruction.loc,
      name: named,
      base,
      instructions: [instruction],
    });
  }

  #copiedImage(parsed: ParsedInstruction): ImageUse | undefined {
    const [start] = this.#rangeOf(parsed.getRange());
    const flag = /\s--from=(\S+)/.exec(this.#text.slice(start, this.#rangeOf(parsed.getRange())[1]));
    const [whole, written] = flag ?? [];
    if (!flag || whole === undefined || written === undefined) return undefined;
    const at = start + flag.index + whole.length - written.length;
    return this.#imageUse(written, [at, at + written.length]);
  }

  /** Undefined for a stage of this file, by name or number. */
  #imageUse(written: string, range: Range): ImageUse | undefined {
    // An argument that is the whole image is there to be given, whatever its default.
    const whole = /^\$\{?\w+\}?$/.test(written);
    const reference = this.#resolve(written);
    const asStage = (reference ?? written).toLowerCase();
    if (/^\d+$/.test(asStage) || this.stages.some(({ name }) => name === asStage)) return undefined;
    return {
      type: "ImageUse",
      range,
      loc: this.#lines.loc(range),
      written,
      reference: whole ? undefined : reference,
    };
  }

  /** The text with its build arguments' defaults; undefined when one has none (Dockerfile reference, ARG). */
  #resolve(text: string): string | undefined {
    const unknown: string[] = [];
    const resolved = text.replaceAll(
      /\$(?:\{(\w+)(?:(:?[-+])([^}]*))?\}|(\w+))/g,
      (_, braced: string | undefined, operator: string | undefined, word = "", bare: string | undefined) => {
        const value = this.#arguments.get(braced ?? bare ?? "");
        if (operator?.endsWith("-")) return value === undefined || value === "" ? String(word) : value;
        if (operator?.endsWith("+")) return value === undefined ? "" : String(word);
        if (value === undefined) unknown.push(braced ?? bare ?? "");
        return value ?? "";
      },
    );
    return unknown.length === 0 && !resolved.includes("$") ? resolved : undefined;
  }
}
