import type { AnyPack } from "@yantra-lint/core";
import type { Linter as ESLintLinter } from "eslint";
import { Linter } from "eslint/universal";
import { JoinedRule } from "./joined-rule.ts";
import type { ActiveRule, LintedFile, Reported } from "./linted-file.ts";

/** The joined rule's name, for ESLint. */
const JOINED = "yantra/joined";

type ConfigArray = ESLintLinter.Config[];
type NormalisedArray = ConfigArray & { getConfig?: (filename: string) => unknown };

/**
 * ESLint normalises a plain configuration array anew at each `verify`, which costs more than the linting. This
 * Linter remembers the normalised array that ESLint makes of one (Linter.verify hands it to an inner call, in
 * ESLint 9 and 10). Should that inner call ever go, nothing is remembered and `verify` is slower, not wrong.
 */
class RememberingLinter extends Linter {
  #normalised: NormalisedArray | undefined;

  /**
   * The configuration for a kind of file: an array that gives the same normalised configuration for every path.
   * ESLint takes an array with `getConfig()` as it is, so a path of `node_modules` or an odd name is no obstacle.
   */
  normalise(plain: ConfigArray, filename: string): ConfigArray {
    this.#normalised = undefined;
    this.verify("", plain, { filename });
    const config = this.#remembered()?.getConfig?.(filename);
    return config === undefined ? plain : Object.assign([...plain], { getConfig: () => config });
  }

  #remembered(): NormalisedArray | undefined {
    return this.#normalised;
  }

  _verifyWithFlatConfigArray(...args: unknown[]): unknown {
    const [, configArray] = args;
    if (Array.isArray(configArray)) this.#normalised = configArray as NormalisedArray;
    const inherited = Reflect.get(Linter.prototype, "_verifyWithFlatConfigArray") as (
      ...args: unknown[]
    ) => unknown;
    return inherited.apply(this, args);
  }
}

/** Lints files of ESLint's own language, JavaScript, with one ESLint Linter. */
export class JavaScriptLinter {
  readonly #linter = new RememberingLinter({ configType: "flat" });
  readonly #configs = new Map<string, { config: ConfigArray; joined: JoinedRule }>();

  /** `rules`: those of all packs that run on the pack's language, the same for every file. */
  lint(
    pack: AnyPack,
    rules: readonly ActiveRule[],
    { path, text }: { path: string; text: string },
  ): LintedFile {
    const { config, joined } = this.#configFor(pack, rules, path);
    const messages = namingRule(joined, () =>
      this.#linter.verify(text, config, {
        filename: path,
        // Suppressions are applied once, after reduce, over file and workspace findings together.
        allowInlineConfig: false,
      }),
    );
    const problems = messages.filter((message) => message.fatal);
    if (problems.length > 0) return { problems };
    return {
      code: this.#linter.getSourceCode(),
      reports: messages.flatMap((each) => reported(each, joined)),
    };
  }

  #configFor(
    pack: AnyPack,
    rules: readonly ActiveRule[],
    path: string,
  ): { config: ConfigArray; joined: JoinedRule } {
    const extension = extensionOf(path);
    const key = `${pack.name}${extension}`;
    const known = this.#configs.get(key);
    if (known) return known;
    const joined = new JoinedRule(rules);
    const plain: ConfigArray = [
      {
        // A file may have no extension, and `**/*` alone makes none one that ESLint lints.
        files: [extension === "" ? "**/?*" : `**/*${extension}`],
        plugins: { yantra: { meta: { name: "yantra" }, rules: { joined: joined.rule } } },
        languageOptions: pack.languageOptions?.(path) ?? {},
        linterOptions: { reportUnusedDisableDirectives: "off" },
        rules: { [JOINED]: "error" },
      },
    ];
    const normal = namingRule(joined, () => this.#linter.normalise(plain, `file${extension}`));
    const config = { config: normal, joined };
    this.#configs.set(key, config);
    return config;
  }
}

function reported(message: ESLintLinter.LintMessage, joined: JoinedRule): Reported[] {
  const origin = joined.originOf(message.messageId);
  if (!origin) return [];
  const { line, column, fix, suggestions } = message;
  return [
    {
      ...origin,
      message: message.message,
      startLine: line,
      startColumn: column,
      endLine: message.endLine ?? line,
      endColumn: message.endColumn ?? column,
      ...(fix ? { fix: { range: [...fix.range], text: fix.text } } : {}),
      ...(suggestions
        ? {
            suggestions: suggestions.map(({ desc, fix: { range, text } }) => ({
              message: desc,
              fix: { range: [...range], text },
            })),
          }
        : {}),
    },
  ];
}

/** ESLint lays an error to the joined rule, and this to the one that threw it. */
function namingRule<T>(joined: JoinedRule, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const ruleId = joined.takeFailed();
    if (error instanceof Error && ruleId !== undefined)
      Object.assign(error, { ruleId, message: error.message.replaceAll(JOINED, ruleId) });
    throw error;
  }
}

function extensionOf(path: string): string {
  return /\.[^./]*$/.exec(path)?.[0] ?? "";
}
