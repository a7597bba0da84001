import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import eslintPlugin from "eslint-plugin-eslint-plugin";
import tseslint from "typescript-eslint";

const packInside = {
  regex: "^@yantra-lint/[a-z]+/(?:src|dist)",
  message: "Import the package by its name: what is inside of it is its own affair.",
};

/** Forbids all workspace packages but those named: `test/laws.test.ts` has the same directions. */
function mayImport(files, names) {
  const others = {
    regex: `^(?:@yantra-lint/(?!(?:${names.join("|") || "-"})(?:/|$))|yantra-lint$|eslint-plugin-yantra$)`,
    message: `This package may import ${names.join(", ") || "no other package"} only; packs meet in facts.`,
  };
  return {
    files,
    rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns: [packInside, others] }] },
  };
}

export default defineConfig(
  globalIgnores([
    "**/dist/",
    "packages/cli/program/",
    "**/*.generated.ts",
    "test/examples/",
    "test/golden/",
    ".demo/",
  ]),
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { project: "tsconfig.checks.json", tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "no-console": "error",
      "@typescript-eslint/no-restricted-imports": ["error", { patterns: [packInside] }],
      // `${count} rules` is what templates are for; objects and undefined in them stay errors.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // `const { a, ...rest }` is how a record is copied without `a`.
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
      // Records that came from outside are read as record["key"], to be seen as such.
      "@typescript-eslint/dot-notation": ["error", { allowIndexSignaturePropertyAccess: true }],
      // ESLint's interfaces ask for methods that may have nothing to do.
      "@typescript-eslint/no-empty-function": ["error", { allow: ["methods"] }],
      // `return report(…)` is how a guard clause speaks.
      "@typescript-eslint/no-confusing-void-expression": "off",
      // Node types are compared with their names, as everywhere in ESLint's world.
      "@typescript-eslint/no-unsafe-enum-comparison": "off",
      // Rules and packs are objects of functions without `this`: `check({ facts, report })`.
      "@typescript-eslint/unbound-method": "off",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  mayImport(["packages/core/**/*.ts"], []),
  mayImport(["packages/sarif/**/*.ts", "packages/risk/**/*.ts", "packages/yaml/**/*.ts"], ["core"]),
  mayImport(["rules/**/*.ts"], ["core", "yaml"]),
  mayImport(["packages/workspace/**/*.ts"], ["core", "schemas"]),
  { files: ["packages/cli/**/*.ts", "packages/dev/**/*.ts"], rules: { "no-console": "off" } },
  {
    files: ["rules/*/src/rules/*.ts"],
    extends: [eslintPlugin.configs.recommended],
    rules: {
      "eslint-plugin/require-meta-docs-description": [
        "error",
        { pattern: "^(?:Enforce|Require|Disallow|Prefer) .*[^.]$" },
      ],
      // It does not see through `{ ...data }`; RuleTester fails on a placeholder that stays unfilled.
      "eslint-plugin/no-missing-placeholders": "off",
    },
  },
  {
    files: ["**/*.test.ts"],
    rules: {
      // A test says what it expects; an absent value fails it with a clear message all the same.
      "@typescript-eslint/no-non-null-assertion": "off",
      // `expect.any(…)` and `expect.stringMatching(…)` are `any` by vitest's types.
      "@typescript-eslint/no-unsafe-assignment": "off",
    },
  },
);
