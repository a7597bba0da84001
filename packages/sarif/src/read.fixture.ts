import { readSarif, type ReadOptions, type SarifResult, type SarifRun } from "./read.ts";

/** The run of a log of some other tool, which says that all went well unless `run` says otherwise. */
export function runOf(run: object, options?: ReadOptions, log: object = {}): SarifRun {
  const whole = { tool: { driver: { name: "scan" } }, results: [], ...run };
  const [read] = readSarif(JSON.stringify({ version: "2.1.0", runs: [whole], ...log }), options);
  if (!read) throw new Error("There is a run.");
  return read;
}

export function resultOf(result: object, run: object = {}, options?: ReadOptions): SarifResult {
  const [read] = runOf({ ...run, results: [{ message: { text: "A fault." }, ...result }] }, options).results;
  if (!read) throw new Error("There is a result.");
  return read;
}

export function at(uri: string, startLine?: number, more: object = {}): object {
  const region = startLine === undefined ? {} : { region: { startLine } };
  return { physicalLocation: { artifactLocation: { uri, ...more }, ...region } };
}
