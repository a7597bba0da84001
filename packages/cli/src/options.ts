import path from "node:path";
import { isCalendarDate, nearestWord } from "@yantra-lint/core";
import { type Options, parse } from "./arguments.ts";
import { UsageError } from "./errors.ts";

/** Formats of a report; `sarif-audit` has the suppressed findings too, which code scanning would show as open. */
export const FORMATS = [
  "pretty",
  "json",
  "sarif",
  "sarif-audit",
  "github",
  "gitlab",
  "junit",
  "markdown",
] as const;
export type Format = (typeof FORMATS)[number];

/** Formats of a risk and of a gate's decision. */
export const RISK_FORMATS = ["pretty", "json", "markdown"] as const;
export type RiskFormat = (typeof RISK_FORMATS)[number];

/** Where a format's output goes: standard output when there is no file. */
export interface Output<F extends string = Format> {
  format: F;
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
  /** A file of outcomes (schemas/outcomes.schema.json) instead of the repository's. */
  outcomes?: string;
  /** Show findings that the base has too. */
  all: boolean;
}

export interface RiskOptions extends Pick<
  CheckOptions,
  "config" | "jobs" | "cache" | "cacheLocation" | "date" | "base" | "outcomes"
> {
  outputs: Output<RiskFormat>[];
}

export interface ApproveOptions {
  /** The SARIF file that is approved. */
  report: string;
  environment: string;
  approver: string;
  /** Where the record goes; absent: standard output. */
  output?: string;
}

export interface GateOptions {
  /** SARIF files, ours and other tools'. */
  reports: string[];
  environment: string;
  /** Records of `approve`, and what a forge's API says of reviews. */
  approvals: string[];
  policy?: string;
  outputs: Output<RiskFormat>[];
}

export type Command =
  | { name: "check"; options: CheckOptions }
  | { name: "risk"; options: RiskOptions }
  | { name: "approve"; options: ApproveOptions }
  | { name: "gate"; options: GateOptions }
  | { name: "rules"; format: "pretty" | "json" }
  | { name: "explain"; rule: string }
  | { name: "init" }
  | { name: "help" }
  | { name: "version" };

/** The words that may come first. */
export const COMMANDS = ["check", "risk", "gate", "approve", "rules", "explain", "init", "help"] as const;

/** Options of what reads a repository. */
const RUN_OPTIONS = {
  format: { type: "string", multiple: true, short: "f" },
  config: { type: "string", short: "c" },
  jobs: { type: "string", short: "j" },
  "no-cache": { type: "boolean" },
  "cache-location": { type: "string" },
  date: { type: "string" },
  base: { type: "string" },
  "no-base": { type: "boolean" },
  outcomes: { type: "string" },
} as const satisfies Options;

const CHECK_OPTIONS = {
  ...RUN_OPTIONS,
  fix: { type: "boolean" },
  quiet: { type: "boolean" },
  "max-warnings": { type: "string" },
  "stdin-filename": { type: "string" },
  all: { type: "boolean" },
} as const satisfies Options;

const COMMON = {
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const satisfies Options;

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
    case "risk":
      return parseRisk(rest);
    case "approve":
      return parseApprove(rest);
    case "gate":
      return parseGate(rest);
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
  const maxWarnings = count("max-warnings", values["max-warnings"], 0);
  const stdinFilename = values["stdin-filename"];
  if (stdinFilename !== undefined && values.fix) throw new UsageError("--fix cannot change standard input.");
  if (stdinFilename !== undefined && positionals.length > 0)
    throw new UsageError("--stdin-filename takes no further paths.");
  return {
    name: "check",
    options: {
      paths: positionals,
      outputs: parseOutputs(values.format, FORMATS),
      fix: values.fix ?? false,
      quiet: values.quiet ?? false,
      all: values.all ?? false,
      ...runOptions(values),
      ...(maxWarnings === undefined ? {} : { maxWarnings }),
      ...(stdinFilename === undefined ? {} : { stdinFilename }),
    },
  };
}

type RunValues = ReturnType<typeof parse<typeof RUN_OPTIONS>>["values"];

function runOptions(values: RunValues): Omit<RiskOptions, "outputs"> {
  const jobs = count("jobs", values.jobs, 1);
  if (values.base !== undefined && values["no-base"])
    throw new UsageError("--base and --no-base exclude each other.");
  if (values.date !== undefined && !isDate(values.date))
    throw new UsageError(`--date takes a day as YYYY-MM-DD, not ${values.date}.`);
  return {
    cache: !(values["no-cache"] ?? false),
    ...(values["no-base"] ? { base: false } : values.base === undefined ? {} : { base: values.base }),
    ...(values.config === undefined ? {} : { config: values.config }),
    ...(jobs === undefined ? {} : { jobs }),
    ...(values["cache-location"] === undefined ? {} : { cacheLocation: values["cache-location"] }),
    ...(values.date === undefined ? {} : { date: values.date }),
    ...(values.outcomes === undefined ? {} : { outcomes: values.outcomes }),
  };
}

function parseRisk(args: readonly string[]): Command {
  const { values, positionals } = parse(args, { ...RUN_OPTIONS, ...COMMON });
  const answer = common(values);
  if (answer) return answer;
  takesNothing("risk", positionals);
  return {
    name: "risk",
    options: { outputs: parseOutputs(values.format, RISK_FORMATS), ...runOptions(values) },
  };
}

function parseApprove(args: readonly string[]): Command {
  const { values, positionals } = parse(args, {
    environment: { type: "string", short: "e" },
    approver: { type: "string" },
    output: { type: "string", short: "o" },
    ...COMMON,
  });
  const answer = common(values);
  if (answer) return answer;
  const [report, ...more] = positionals;
  if (report === undefined || more.length > 0)
    throw new UsageError(
      "approve takes one SARIF file, as in approve results.sarif --environment production.",
    );
  const { output } = values;
  return {
    name: "approve",
    options: {
      report,
      environment: required("approve", "environment", values.environment),
      approver: required("approve", "approver", values.approver),
      ...(output === undefined ? {} : { output }),
    },
  };
}

function parseGate(args: readonly string[]): Command {
  const { values, positionals } = parse(args, {
    format: { type: "string", multiple: true, short: "f" },
    environment: { type: "string", short: "e" },
    approvals: { type: "string", multiple: true },
    "github-reviews": { type: "string", multiple: true },
    "gitlab-approvals": { type: "string", multiple: true },
    policy: { type: "string" },
    ...COMMON,
  });
  const answer = common(values);
  if (answer) return answer;
  if (positionals.length === 0)
    throw new UsageError("gate takes SARIF files, as in gate results.sarif --environment production.");
  const { policy } = values;
  return {
    name: "gate",
    options: {
      reports: positionals,
      environment: required("gate", "environment", values.environment),
      approvals: [
        ...(values.approvals ?? []),
        ...(values["github-reviews"] ?? []),
        ...(values["gitlab-approvals"] ?? []),
      ],
      outputs: parseOutputs(values.format, RISK_FORMATS),
      ...(policy === undefined ? {} : { policy }),
    },
  };
}

/** A word that the command cannot do without. */
function required(command: string, option: string, value: string | undefined): string {
  if (value === undefined || value.trim() === "")
    throw new UsageError(`${command} needs --${option}; --help shows how.`);
  return value.trim();
}

/** The second format would overwrite the first. */
function refuseSharedFiles(outputs: readonly Output<string>[]): void {
  const formats = new Map<string, string>();
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

function parseOutputs<F extends string>(
  values: readonly string[] | undefined,
  known: readonly [F, ...F[]],
): Output<F>[] {
  const outputs = (values ?? [known[0]]).map((value) => parseOutput(value, known));
  const onStdout = outputs.filter((output) => output.file === undefined);
  if (onStdout.length > 1) {
    throw new UsageError(
      `Only one format can go to standard output, not ${onStdout.map((output) => output.format).join(" and ")}: name a file, as in --format ${known.at(-1)}:FILE.`,
    );
  }
  refuseSharedFiles(outputs);
  return outputs;
}

function parseOutput<F extends string>(value: string, known: readonly F[]): Output<F> {
  const colon = value.indexOf(":");
  const name = colon < 0 ? value : value.slice(0, colon);
  const file = colon < 0 ? undefined : value.slice(colon + 1);
  const format = known.find((one) => one === name);
  if (!format) {
    const nearest = nearestWord(name, known);
    throw new UsageError(
      `There is no format ${name}.${nearest ? ` Did you mean ${nearest}?` : ""} Known: ${known.join(", ")}.`,
    );
  }
  if (file === "") throw new UsageError(`--format ${value} names no file after the colon.`);
  return file === undefined ? { format } : { format, file };
}

/** Formats that carry the risk of the change; the others are quicker without. */
export function needsRisk(format: Format): boolean {
  return ["sarif", "sarif-audit", "markdown"].includes(format);
}
