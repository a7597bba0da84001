/**
 * `pnpm build`'s second step: bundles the command line with the libraries it needs into `packages/cli/program`. A run
 * on one file spends most of its time on finding and loading hundreds of modules; as a few files it takes half
 * (`pnpm bench` measures it). What is native or larger than all else together stays a dependency.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { build, type BuildOptions, type Metafile, type Plugin } from "esbuild";
import { ROOT, workspacePackages } from "./repository.ts";

const CLI = path.join(ROOT, "packages/cli");
const PROGRAM = path.join(CLI, "program");
/** Where it is made: a build that fails leaves the last program in place. */
const NEXT = path.join(CLI, "program.next");

/** Loaded from node_modules: native code, WebAssembly, threads of their own, or larger than all else together. */
const EXTERNAL = ["@typescript-eslint/parser", "jiti", "oxc-parser", "piscina", "typescript"];

/** A built module of ours: its place from the package's folder on, and the folder's name. */
const OURS = /[\\/](?:packages|rules)[\\/](([\w-]+)[\\/]dist[\\/].*\.js)$/;

/** ESLint's module that has ajv check the options of rules, should there be a schema. */
const LAZY_IN_ESLINT = /[\\/]eslint[\\/]lib[\\/]config[\\/]config\.js$/;

/** Libraries that are loaded when they are needed, by the name of their file in the program. */
const libraries = new Map<string, string>();

/** Has a library bundled into a file of its own and gives what loads it, seen from the program's modules. */
function libraryFile(entry: string): string {
  const name = path
    .relative(ROOT, entry)
    .replace(/^.*node_modules[\\/]/, "")
    .replaceAll(/[^\w.]+/g, "-")
    .replace(/\.[cm]?js$/, "");
  libraries.set(`lib/${name}`, entry);
  return `./lib/${name}.cjs`;
}

/**
 * Modules of ours that ask where they are keep their places, from the folder of their package on: what they look for
 * stands there in the program, too. What they load when needed (`createRequire`) is bundled apart, so that only
 * those who need it wait for it to be compiled.
 */
const places: Plugin = {
  name: "places",
  setup({ onLoad, onResolve, resolve }) {
    onLoad({ filter: OURS }, ({ path: file }) => {
      const [, place = "", name] = OURS.exec(file) ?? [];
      const text = readFileSync(file, "utf8");
      if (name === "cli") return { contents: text, loader: "js" };
      const contents = text
        .replace(/^const require = createRequire\(import\.meta\.url\);$/m, "")
        .replaceAll("import.meta.url", `new URL("./${place.replaceAll("\\", "/")}", import.meta.url).href`);
      return { contents, loader: "js" };
    });
    onResolve({ filter: /^[^./]|^\.\.\/shared\/ajv$/ }, async (wanted) => {
      const { path: name, kind, importer, resolveDir } = wanted;
      const pluginData: unknown = wanted.pluginData;
      const isLazy = OURS.test(importer) || (name.startsWith(".") && LAZY_IN_ESLINT.test(importer));
      const isApart = isLazy && !EXTERNAL.includes(name) && !name.startsWith("@yantra-lint/");
      if (kind !== "require-call" || !isApart || pluginData === name) return undefined;
      const found = await resolve(name, { kind, importer, resolveDir, pluginData: name });
      return { path: libraryFile(found.path), external: true };
    });
  },
};

/** ESLint's own rules are two thirds of ESLint, and the command line runs none of them. */
const withoutCoreRules: Plugin = {
  name: "without-core-rules",
  setup({ onLoad, onEnd }) {
    let met = false;
    onLoad({ filter: /[\\/]eslint[\\/]lib[\\/]rules[\\/]index\.js$/ }, ({ path: file }) => {
      const map = "./utils/lazy-loading-rule-map";
      met = readFileSync(file, "utf8").includes(`require("${map}")`);
      const contents = `const { LazyLoadingRuleMap } = require("${map}");\nmodule.exports = new LazyLoadingRuleMap([]);\n`;
      return { contents, loader: "js" };
    });
    onEnd(() => {
      if (met) return undefined;
      return {
        errors: [{ text: "ESLint's list of rules is not where it was: look at lib/rules/index.js." }],
      };
    });
  },
};

/** Folders of the packages whose code is in the bundle, by name. */
function bundledPackages({ inputs }: Metafile): Map<string, string> {
  const packages = new Map<string, string>();
  for (const input of Object.keys(inputs)) {
    const match = /^(.*node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+))[\\/]/.exec(input);
    if (match?.[1] && match[2]) packages.set(match[2], path.join(ROOT, match[1]));
  }
  return packages;
}

/** The licences of the bundled libraries, as these demand of every copy. @throws for a library without one */
function licences(packages: ReadonlyMap<string, string>): string {
  const sorted = [...packages].sort(([a], [b]) => (a < b ? -1 : 1));
  const texts = sorted.map(([name, folder]) => {
    const { version, license } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as {
      version: string;
      license?: string;
    };
    const file = readdirSync(folder).find((entry) => /^(?:licen[cs]e|copying)/i.test(entry));
    if (license === undefined) throw new Error(`${name} ${version} names no licence.`);
    const text = file === undefined ? "" : readFileSync(path.join(folder, file), "utf8").trim();
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  return ["The program contains these libraries:", ...texts].join(`\n${"-".repeat(80)}\n\n`);
}

/** What a package ships beside its modules (pages, tables) stands in the program where its modules look for it. */
function copyFiles(): void {
  for (const { directory, manifest } of workspacePackages()) {
    const patterns = (Array.isArray(manifest.files) ? manifest.files : []).map(String);
    for (const pattern of patterns.filter((entry) => entry.startsWith("src/") || entry === "pages")) {
      const folder = pattern.includes(".") ? path.dirname(pattern) : pattern;
      const wanted = path.basename(pattern).replace("*", "");
      for (const file of readdirSync(path.join(ROOT, directory, folder))) {
        if (pattern.includes(".") && !file.endsWith(wanted)) continue;
        const to = path.join(NEXT, path.basename(directory), folder);
        mkdirSync(to, { recursive: true });
        cpSync(path.join(ROOT, directory, folder, file), path.join(to, file));
      }
    }
  }
}

const COMMON: BuildOptions = {
  absWorkingDir: ROOT,
  outdir: NEXT,
  bundle: true,
  platform: "node",
  target: "node20.19",
  // UMD builds hide their parts from a bundler.
  mainFields: ["module", "main"],
  external: EXTERNAL,
  // Names stay, so that a stack trace can be read.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
};

rmSync(NEXT, { recursive: true, force: true });
const program = await build({
  ...COMMON,
  entryPoints: {
    main: "packages/cli/dist/main.js",
    packs: "packages/cli/dist/packs.js",
    "workspace/dist/worker": "packages/workspace/dist/worker.js",
  },
  chunkNames: "[name]-[hash]",
  splitting: true,
  format: "esm",
  banner: {
    // What CommonJS has: `require` for what stays outside, `__dirname` for libpg-query to find its WebAssembly.
    js: [
      'import { createRequire as __createRequire } from "node:module";',
      "const require = __createRequire(import.meta.url);",
      "const __dirname = import.meta.dirname;",
    ].join("\n"),
  },
  plugins: [places, withoutCoreRules],
});
const loadedLater = await build({
  ...COMMON,
  entryPoints: Object.fromEntries(libraries),
  outExtension: { ".js": ".cjs" },
  format: "cjs",
});
copyFiles();
const fromSql = createRequire(path.join(ROOT, "rules/sql/package.json"));
cpSync(
  path.join(path.dirname(fromSql.resolve("libpg-query")), "libpg-query.wasm"),
  path.join(NEXT, "libpg-query.wasm"),
);
const packages = [program, loadedLater].flatMap(({ metafile }) =>
  metafile ? [...bundledPackages(metafile)] : [],
);
writeFileSync(path.join(NEXT, "LICENSES.txt"), licences(new Map(packages)));
rmSync(PROGRAM, { recursive: true, force: true });
renameSync(NEXT, PROGRAM);
