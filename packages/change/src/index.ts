export * from "./category.ts";
export * from "./describe.ts";
export * from "./hunks.ts";
export type { HiddenFinding } from "./suppressions.ts";
