import path from "node:path";
import { isCalendarDate, nearestWord } from "@yantra-lint/core";
import { type Options, parse } from "./arguments.ts";
import { UsageError } from "./errors.ts";

/** Formats of a report; `sarif-audit` has the suppressed findings too, which code scanning would show as open. */
export const FORMATS = ["pretty", "json", "sarif", "sarif-audit", "github", "gitlab", "junit"] as const;
export type Format = (typeof FORMATS)[number];

/** Where a format's output goes: standard output when there is no file. */
export interface Output {
  format: Format;
  file?: string;
}

export interface CheckOptions {
  paths: string[];
  outputs: Output[];
  fix: boolean;
  quiet: boolean;
  maxWarnings?: number;
  config?: string;
  stdinFilename?: string;
  jobs?: number;
  cache: boolean;
  cacheLocation?: string;
  /** YYYY-MM-DD */
  date?: string;
  /** A revision; false: everything is new; undefined: CI's variables, else the default branch. */
  base?: string | false;
  /** Show findings that the base has too. */
  all: boolean;
}

export type Command =
  | { name: "check"; options: CheckOptions }
  | { name: "rules"; format: "pretty" | "json" }
  | { name: "explain"; rule: string }
  | { name: "init" }
  | { name: "help" }
  | { name: "version" };

/** The words that may come first. */
export const COMMANDS = ["check", "rules", "explain", "init", "help"] as const;

const CHECK_OPTIONS = {
  format: { type: "string", multiple: true, short: "f" },
  fix: { type: "boolean" },
  quiet: { type: "boolean" },
  "max-warnings": { type: "string" },
  config: { type: "string", short: "c" },
  "stdin-filename": { type: "string" },
  jobs: { type: "string", short: "j" },
  "no-cache": { type: "boolean" },
  "cache-location": { type: "string" },
  date: { type: "string" },
  base: { type: "string" },
  "no-base": { type: "boolean" },
  all: { type: "boolean" },
} as const satisfies Options;

const COMMON = {
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const satisfies Options;

/** What `--help` prints. */
export const HELP = `yantra-lint: does this change roll back by itself, and may it ship without a human?

Usage
  yantra-lint [check] [paths…] [options]   check migrations, manifests and code
  yantra-lint rules [--format json]        list all rules
  yantra-lint explain RULE                 print a rule's page
  yantra-lint init                         write a configuration, an ESLint entry and a CI workflow

Options of check
  -f, --format NAME[:FILE]   pretty, json, sarif, sarif-audit, github (workflow commands), gitlab (Code
                             Quality), junit; repeatable; to FILE or to standard output
      --base REV             what the change is judged against: only findings that are new since it fail
                             (default: the target branch in CI, else the default branch)
      --no-base              everything is new
      --all                  show findings that the base has too
      --fix                  apply the fixes that are certain
      --quiet                report errors only
      --max-warnings N       exit with 1 above N warnings
  -c, --config FILE          use this configuration instead of the nearest yantra.config.*
      --stdin-filename F     check the text on standard input as if it stood in F
  -j, --jobs N               threads (default: one for each processor, at most 8)
      --no-cache             neither read nor write the cache
      --cache-location DIR   where the cache lies
      --date YYYY-MM-DD      the day that dates are compared with (default: today)
  -h, --help   -v, --version

Exit codes
  0 nothing new   1 new findings   2 wrong use or an error of our own
`;

/** Reads the command line. @throws UsageError in one line that says what is wrong and what is near. */
export function parseCommand(args: readonly string[]): Command {
  const [first, ...rest] = args;
  const command = COMMANDS.find((name) => name === first);
  switch (command) {
    case "rules":
      return parseRules(rest);
    case "explain":
      return parseExplain(rest);
    case "init":
      return parseInit(rest);
    case "help":
      return parseHelp(rest);
    case "check":
      return parseCheck(rest);
    case undefined:
      return parseCheck(args);
  }
}

/** `--help` and `--version` are answered whatever else the command was given. */
function common(values: { help?: boolean; version?: boolean }): Command | undefined {
  if (values.help) return { name: "help" };
  return values.version ? { name: "version" } : undefined;
}

function parseRules(args: readonly string[]): Command {
  const { values, positionals } = parse(args, { format: { type: "string", short: "f" }, ...COMMON });
  const answer = common(values);
  if (answer) return answer;
  takesNothing("rules", positionals);
  const format = values.format ?? "pretty";
  if (format !== "pretty" && format !== "json")
    throw new UsageError(`rules knows the formats pretty and json, not ${format}.`);
  return { name: "rules", format };
}

function parseExplain(args: readonly string[]): Command {
  const { values, positionals } = parse(args, COMMON);
  const answer = common(values);
  if (answer) return answer;
  const [rule, ...more] = positionals;
  if (rule === undefined || more.length > 0)
    throw new UsageError("explain takes the name of one rule, such as sql/no-drop-column.");
  return { name: "explain", rule };
}

function parseInit(args: readonly string[]): Command {
  const { values, positionals } = parse(args, COMMON);
  const answer = common(values);
  if (answer) return answer;
  takesNothing("init", positionals);
  return { name: "init" };
}

/** `help` and `help COMMAND`: there is one page for all. */
function parseHelp(args: readonly string[]): Command {
  const { values, positionals } = parse(args, COMMON);
  const unknown = positionals.filter((word) => !COMMANDS.some((name) => name === word));
  takesNothing("help", unknown);
  return common(values) ?? { name: "help" };
}

function takesNothing(command: string, positionals: readonly string[]): void {
  if (positionals.length > 0)
    throw new UsageError(`${command} takes no argument, but got ${positionals.join(" ")}.`);
}

function parseCheck(args: readonly string[]): Command {
  const { values, positionals } = parse(args, { ...CHECK_OPTIONS, ...COMMON });
  const answer = common(values);
  if (answer) return answer;
  const jobs = count("jobs", values.jobs, 1);
  const maxWarnings = count("max-warnings", values["max-warnings"], 0);
  const outputs = (values.format ?? ["pretty"]).map(parseOutput);
  const onStdout = outputs.filter((output) => output.file === undefined);
  if (onStdout.length > 1) {
    throw new UsageError(
      `Only one format can go to standard output, not ${onStdout.map((output) => output.format).join(" and ")}: name a file, as in --format sarif:results.sarif.`,
    );
  }
  refuseSharedFiles(outputs);
  const stdinFilename = values["stdin-filename"];
  if (stdinFilename !== undefined && values.fix) throw new UsageError("--fix cannot change standard input.");
  if (stdinFilename !== undefined && positionals.length > 0)
    throw new UsageError("--stdin-filename takes no further paths.");
  if (values.base !== undefined && values["no-base"])
    throw new UsageError("--base and --no-base exclude each other.");
  if (values.date !== undefined && !isDate(values.date))
    throw new UsageError(`--date takes a day as YYYY-MM-DD, not ${values.date}.`);
  return {
    name: "check",
    options: {
      paths: positionals,
      outputs,
      fix: values.fix ?? false,
      quiet: values.quiet ?? false,
      cache: !(values["no-cache"] ?? false),
      all: values.all ?? false,
      ...(values["no-base"] ? { base: false } : values.base === undefined ? {} : { base: values.base }),
      ...(maxWarnings === undefined ? {} : { maxWarnings }),
      ...(values.config === undefined ? {} : { config: values.config }),
      ...(stdinFilename === undefined ? {} : { stdinFilename }),
      ...(jobs === undefined ? {} : { jobs }),
      ...(values["cache-location"] === undefined ? {} : { cacheLocation: values["cache-location"] }),
      ...(values.date === undefined ? {} : { date: values.date }),
    },
  };
}

/** The second format would overwrite the first. */
function refuseSharedFiles(outputs: readonly Output[]): void {
  const formats = new Map<string, Format>();
  for (const { format, file } of outputs) {
    if (file === undefined) continue;
    const absolute = path.resolve(file);
    const other = formats.get(absolute);
    if (other !== undefined)
      throw new UsageError(`${other} and ${format} cannot both go to ${file}: name a file for each.`);
    formats.set(absolute, format);
  }
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && isCalendarDate(text);
}

function count(name: string, value: string | undefined, least: number): number | undefined {
  if (value === undefined) return undefined;
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= least)) throw new UsageError(`--${name} takes a whole number from ${least}, not ${value}.`);
  return number;
}

function parseOutput(value: string): Output {
  const colon = value.indexOf(":");
  const name = colon < 0 ? value : value.slice(0, colon);
  const file = colon < 0 ? undefined : value.slice(colon + 1);
  const format = FORMATS.find((known) => known === name);
  if (!format) {
    const nearest = nearestWord(name, FORMATS);
    throw new UsageError(
      `There is no format ${name}.${nearest ? ` Did you mean ${nearest}?` : ""} Known: ${FORMATS.join(", ")}.`,
    );
  }
  if (file === "") throw new UsageError(`--format ${value} names no file after the colon.`);
  return file === undefined ? { format } : { format, file };
}
