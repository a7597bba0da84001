import type { DependencyChange } from "@yantra-lint/core";

/** One dependency as a manifest or lock file has it. */
export interface Dependency {
  /** As its registry has it; an npm alias gives the name of the package behind it. */
  name: string;
  /** The version or the range as written; absent where the file leaves it to another one. */
  version?: string;
  /** 1-based. */
  line: number;
  scope: DependencyChange["scope"];
  direct: boolean;
  /** Entries of one name are compared within a section: `peer`, `override`, an alias. */
  section?: string;
  /**
   * `pin`: says which version is taken, should something ask for it (overrides, constraints, engines): coming and
   * going is `unclear`. `table`: versions for other manifests to refer to (catalogs, workspace tables): coming and
   * going is told by the manifest that refers to it.
   */
  role?: "pin" | "table";
}

/** Gives what a file names; undefined when it cannot be read. May throw on broken text. */
export type Reader = (text: string, path: string) => Dependency[] | undefined;

/** How the files of one name are read and compared. */
export interface Format {
  ecosystem: string;
  /** What is installed, with several versions of one name beside each other; false: what is asked for. */
  lock: boolean;
  read: Reader;
}

const DEVELOPMENT_WORDS =
  /^(?:dev|devel|develop|development|tests?|testing|lint|linting|linters?|docs?|documentation|ci|typing|types|typecheck|mypy|format|formatting|style|bench|benchmarks?|examples?)$/i;

/** Longer lines are no declaration anybody wrote: not looked at, as patterns may take time squared on them. */
export const LONGEST_LINE = 2000;

/** The scope of a group or file that has no meaning but its name: `test`, `dev-tools`, `requirements-lint`. */
export function scopeOfName(name: string): Dependency["scope"] {
  return name.split(/[^A-Za-z]+/).some((word) => DEVELOPMENT_WORDS.test(word)) ? "development" : "runtime";
}
