const said = new Set<string>();

/**
 * What eslint-plugin-yml's rules ask a SourceCode for. They do nothing unless `isYAML` is true, and say nothing
 * of it: configured before our preset, their findings would vanish unseen. The question itself shows that they
 * are configured for a file whose language is ours, so the answer is no, and is said aloud once.
 *
 * @param language ours, as ESLint names it: `yantra/kubernetes`
 */
export function parserServicesOf(language: string): { readonly isYAML: false } {
  return Object.freeze({
    get isYAML(): false {
      if (!said.has(language)) {
        said.add(language);
        process.emitWarning(
          `Rules of eslint-plugin-yml are configured for files that the language ${language} has: ESLint gives a ` +
            "file one language, so those rules see nothing there. withYantra() of eslint-plugin-yantra keeps the two apart.",
          { type: "YantraWarning", code: "YANTRA_YAML" },
        );
      }
      return false;
    },
  });
}
