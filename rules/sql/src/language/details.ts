import { DEFAULT_SETTINGS, type FileKind, type Host } from "@yantra-lint/core";
import { type MigrationDetails, recogniseMigration } from "../runners/index.ts";

/** What languageOptions say of a file that nothing else says. */
const UNNAMED: MigrationDetails = {
  dialect: "postgresql",
  runner: "plain",
  version: "",
  direction: "up",
  transactional: "unknown",
};

const DIALECTS = ["postgresql", "mysql", "mariadb", "sqlite", "clickhouse", "unknown"] as const;
const DIRECTIONS = ["up", "down", "both"] as const;
const SPANS = ["query", "run"] as const;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads details from plain data; what is missing or of a wrong type is taken from `defaults`. */
function readDetails(value: Readonly<Record<string, unknown>>, defaults: MigrationDetails): MigrationDetails {
  const { dialect, runner, version, direction, transactional, configured } = value;
  const chained = value["chained"] ?? defaults.chained;
  const span = SPANS.find((known) => known === (value["span"] ?? defaults.span));
  return {
    dialect: DIALECTS.find((known) => known === dialect) ?? defaults.dialect,
    runner: typeof runner === "string" ? runner : defaults.runner,
    version: typeof version === "string" ? version : defaults.version,
    direction: DIRECTIONS.find((known) => known === direction) ?? defaults.direction,
    transactional:
      typeof transactional === "boolean" || transactional === "unknown"
        ? transactional
        : defaults.transactional,
    ...(configured === true || (configured === undefined && defaults.configured) ? { configured: true } : {}),
    ...(chained === true ? { chained } : {}),
    ...(span ? { span } : {}),
    ...((value["refusesMixed"] ?? defaults.refusesMixed) === true ? { refusesMixed: true } : {}),
  };
}

/** The details of a kind; undefined when it is no migration. */
export function detailsOfKind(kind: FileKind | undefined): MigrationDetails | undefined {
  return kind?.name === "migration" ? readDetails(kind.details ?? {}, UNNAMED) : undefined;
}

/**
 * What a file that ESLint lints is: `languageOptions.migration` (part of the details) is laid over what the host
 * says, or, without a host, what the path and the text say.
 */
export function detailsOfFile(
  path: string,
  text: string,
  languageOptions: Readonly<Record<string, unknown>>,
  host: Host | undefined,
): MigrationDetails | undefined {
  const kind = host ? host.kindOf(path, text) : recogniseAlone(path, text);
  const found = detailsOfKind(kind);
  const wanted = languageOptions["migration"];
  if (!isRecord(wanted)) return found;
  const details = readDetails(wanted, found ?? UNNAMED);
  return typeof wanted["transactional"] === "undefined" ? details : { ...details, configured: true };
}

function recogniseAlone(path: string, text: string): FileKind | undefined {
  return recogniseMigration({
    path: path.replaceAll("\\", "/"),
    text,
    named: true,
    neighbour: () => undefined,
    settings: DEFAULT_SETTINGS,
  });
}
