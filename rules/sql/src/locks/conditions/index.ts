export * from "./columns.ts";
export * from "./constraints.ts";
export * from "./indexes-views.ts";
export * from "./rows.ts";
export * from "./statements.ts";
export * from "./tables.ts";
export * from "./types.ts";
