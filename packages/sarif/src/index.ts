export { anchor, type Anchor, type ChangedLines } from "./anchor.ts";
export { fingerprints, type TextOf } from "./fingerprints.ts";
export { LIMITS } from "./limits.ts";
export { primaryLocationLineHashes } from "./line-hashes.ts";
export { readSarif, type ReadOptions, SarifError, type SarifResult, type SarifRun } from "./read.ts";
export type { SarifLevel } from "./read-rules.ts";
export type { SarifRule } from "./rules.ts";
export { toSarif, type SarifFinding, type SarifInput, type SarifLog } from "./sarif.ts";
export type { SealState } from "./seal.ts";
