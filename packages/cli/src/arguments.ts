import { parseArgs, type ParseArgsConfig } from "node:util";
import { nearestWord } from "@yantra-lint/core";
import { UsageError } from "./errors.ts";

export type Options = NonNullable<ParseArgsConfig["options"]>;
type Parsed<O extends Options> = ReturnType<
  typeof parseArgs<{ options: O; allowPositionals: true; strict: true }>
>;

/**
 * Reads options and positionals as node:util's `parseArgs` does, with sentences of our own for what is wrong:
 * Node's speak of ambiguity over several lines. `-1` is a value here, so that its option can say what it takes.
 * @throws UsageError
 */
export function parse<O extends Options>(args: readonly string[], options: O): Parsed<O> {
  const { tokens } = parseArgs({
    args: [...args],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const certain: string[] = [];
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const { name, rawName, value, inlineValue } = token;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (!option) throw new UsageError(`There is no option ${rawName}.${nearOption(rawName, name, options)}`);
    if (option.type === "boolean") {
      if (value !== undefined) throw new UsageError(`${rawName} takes no value, but got ${value}.`);
      certain.push(`--${name}`);
      continue;
    }
    if (value === undefined) throw new UsageError(`${rawName} needs a value; --help shows which.`);
    if (!inlineValue && /^-[^\d]/.test(value)) {
      throw new UsageError(
        `${rawName} needs a value, but the option ${value} follows. A value that begins with a dash is written --${name}=${value}.`,
      );
    }
    certain.push(`--${name}=${value}`);
  }
  return parseArgs({
    args: [...certain, "--", ...positionals],
    options,
    allowPositionals: true,
    strict: true,
  });
}

function nearOption(rawName: string, name: string, options: Options): string {
  const nearest = rawName.startsWith("--") ? nearestWord(name, Object.keys(options)) : undefined;
  return nearest === undefined ? "" : ` Did you mean --${nearest}?`;
}
