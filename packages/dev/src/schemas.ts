import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { Manifest } from "./repository.ts";

/**
 * What is wrong with a JSON Schema, in words: it must name its draft (2020-12 or 7) and compile in ajv's strict
 * mode, which knows no misspelt keyword.
 */
export function schemaProblems(schema: Manifest): string[] {
  const draft = typeof schema.$schema === "string" ? schema.$schema : "absent";
  // What JSON Schema lets be said once and ajv would have repeated (types beside `required`, lengths of tuples).
  const leave = { allowUnionTypes: true, strictTypes: false, strictTuples: false };
  const options = { strict: true, allErrors: true, validateFormats: false, ...leave };
  try {
    if (draft.includes("2020-12")) new Ajv2020(options).compile(schema);
    else if (draft.includes("draft-07")) new Ajv(options).compile(schema);
    else return [`its $schema is ${draft}, neither draft 2020-12 nor draft-07.`];
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
