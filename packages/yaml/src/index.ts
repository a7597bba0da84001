export * from "./neighbours.ts";
export * from "./place.ts";
export * from "./read.ts";
export * from "./source-code.ts";
