import type { FactBase } from "./fact-base.ts";
import type { Region } from "./positions.ts";

/** A package of the repository (`package.json`): its directory and the name its image probably bears. */
export interface PackageFact extends FactBase<"package"> {
  name: string;
  /** Directory relative to the root, "" for the root itself. */
  directory: string;
  /** Names of the packages it depends on at run time, those of the repository among them. */
  dependencies: string[];
  /**
   * Files that its name leads to, by subpath (`.`, `./utils`, `./*`), as written in `exports`, `main`, `module`
   * or `types`; several: conditions, in their order. Relative to the directory.
   */
  entries?: Record<string, string[]>;
  /** Its `imports`: private specifiers that begin with `#`. */
  imports?: Record<string, string[]>;
}

/** What a module of code takes from another. Region: the specifier. */
export interface ModuleImport extends Region {
  specifier: string;
  form: "static" | "dynamic" | "require";
  /** Gone after compilation: `import type`, or every name marked `type`. */
  typeOnly: boolean;
  /** Names as the other module exports them (`default` too); "all": a namespace, or it cannot be told. */
  names: string[] | "all";
}

/** A name that a module exports. `*` without a name of its own stands for `export * from`. */
export interface ModuleExport {
  name: string;
  /** Where it comes from, when it is handed on; `name` `*` there: the whole namespace. */
  from?: { specifier: string; name: string };
  typeOnly: boolean;
}

/** A module of TypeScript or JavaScript. Imports that re-exports need are in `exports` only. */
export interface ModuleFact extends FactBase<"module"> {
  imports: ModuleImport[];
  exports: ModuleExport[];
  /** It may open connections without importing anything: `fetch`, `WebSocket`. */
  connects?: true;
  /** It may keep a state that code elsewhere changes: what it says is then no constant. */
  keepsState?: true;
}

/** What a tsconfig says of how specifiers are resolved. Paths and patterns as written, relative to its directory. */
export interface TsconfigFact extends FactBase<"tsconfig"> {
  directory: string;
  extends: string[];
  baseUrl?: string;
  paths?: Record<string, string[]>;
  /** `outDir` and `rootDir`: how `dist/x.js` leads back to `src/x.ts`. */
  outDir?: string;
  rootDir?: string;
}
