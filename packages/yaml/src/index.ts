export * from "./neighbours.ts";
export * from "./place.ts";
export * from "./read.ts";
