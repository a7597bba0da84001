import { describe, expect, it } from "vitest";
import { wrapExport } from "./eslint-config.ts";

const IMPORT = 'import { withYantra } from "eslint-plugin-yantra";';

describe("wrapExport", () => {
  it.each([
    ["export default Promise.resolve([]);\n", `${IMPORT}\nexport default withYantra(Promise.resolve([]));\n`],
    ["export default antfu({});", `${IMPORT}\nexport default withYantra(antfu({}));`],
    ["export default (async () => [])();\n", `${IMPORT}\nexport default withYantra((async () => [])());\n`],
    [
      "const config = [];\nexport default config;\n",
      `${IMPORT}\nconst config = [];\nexport default withYantra(config);\n`,
    ],
  ])("wraps what is or becomes a list: %s", async (text, wrapped) => {
    expect(await wrapExport(text)).toBe(wrapped);
  });

  it.each([
    [
      "a shebang line",
      "#!/usr/bin/env node\nexport default [];\n",
      `#!/usr/bin/env node\n${IMPORT}\nexport default withYantra([]);\n`,
    ],
    [
      "leading comments",
      "// @ts-check\r\n/* Ours. */\r\nexport default [];\r\n",
      `// @ts-check\r\n/* Ours. */\r\n${IMPORT}\r\nexport default withYantra([]);\r\n`,
    ],
    [
      "directives",
      '/* Ours. */\n"use strict";\nexport default [] satisfies Linter.Config[];\n',
      `/* Ours. */\n"use strict";\n${IMPORT}\nexport default withYantra([] satisfies Linter.Config[]);\n`,
    ],
    [
      "an import with code behind it in the same line",
      'import a from "a"; export default [\n  a,\n];\n',
      `import a from "a";\n${IMPORT}\n export default withYantra([\n  a,\n]);\n`,
    ],
    [
      "an import at the end",
      'export default (0, [a]);\nimport a from "a"',
      `export default (withYantra((0, [a])));\nimport a from "a"\n${IMPORT}\n`,
    ],
  ])("puts its import behind %s", async (_, text, wrapped) => {
    expect(await wrapExport(text)).toBe(wrapped);
  });

  it.each(["/** @type {Config[]} */", "// eslint-disable-next-line no-anonymous", "// @ts-expect-error why"])(
    "keeps a comment about the export with it: %s",
    async (comment) => {
      expect(await wrapExport(`// Ours.\n\n${comment}\nexport default [];\n`)).toBe(
        `// Ours.\n${IMPORT}\n\n${comment}\nexport default withYantra([]);\n`,
      );
    },
  );

  it.each([
    "export default () => [];",
    "export default async function () { return []; }",
    "export default (function () {});",
    "export default class {}",
    "export default (class {});",
    "export default (async () => []) satisfies Config;",
    "const config = () => [];\nexport default config;",
    "function config() {}\nexport default config;",
    "module.exports = function () { return []; };",
    "module.exports = () => [];",
    "exports.default = [];",
    "export default [",
  ])("leaves functions, and what it does not understand: %s", async (text) => {
    expect(await wrapExport(text)).toBeUndefined();
  });
});
