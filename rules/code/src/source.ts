import type { TSESLint, TSESTree } from "@typescript-eslint/utils";
import type { PackageDatabase } from "./queries/drivers.ts";

/**
 * What the pack reads facts from: the result of its own `parse`, and, as it has the same properties, ESLint's
 * SourceCode. `ast` is absent for files that are only known by their path or text (`factsOnly` kinds).
 */
export interface Code {
  text: string;
  ast?: TSESTree.Program;
  scopeManager?: TSESLint.Scope.ScopeManager | null;
}

/** What `recognise` learned of a file; plain data, part of the cache key. */
export interface CodeDetails {
  /** The file may declare routes: its text looks like it, and it is no test. */
  routes?: boolean;
  /** Its text may run a deployment tool, and it is no test. */
  deploys?: boolean;
  /** It may send SQL or declare tables, and is no test; with what its package says of the database. */
  queries?: PackageDatabase;
  /** Above MAX_CODE_LENGTH: only a notice is given. */
  tooLarge?: boolean;
  /** A Next.js route or page, by its path. */
  next?: NextFile;
  /** A `next.config.*`. */
  nextConfig?: boolean;
}

/** A file that Next.js makes a route of because of its path. */
export interface NextFile {
  /** Normalised, with the basePath of `next.config` before it. */
  routePath: string;
  /** `handler`: exports name the methods (`route.ts`); `api`: any method (`pages/api`); `page`: GET. */
  role: "handler" | "api" | "page";
  /** False when `next.config` has a basePath that could not be read. */
  complete: boolean;
}

/** Texts longer than this (UTF-16 units) are not parsed: bundles and data, not code that people write. */
export const MAX_CODE_LENGTH = 1_000_000;

const FLOW_PRAGMA = /^[ \t]*(?:\/\/|\/?\*+).{0,200}(?:@flow\b|\bflow-typed signature:)/m;
const JAVASCRIPT = /\.[cm]?jsx?$/;

/** True for a JavaScript file that says at its top that it is Flow, or a library definition of flow-typed, which the TypeScript parser reads only in part. */
export function isFlow(path: string, text: string): boolean {
  return JAVASCRIPT.test(path) && FLOW_PRAGMA.test(text.slice(0, 2000));
}
