/**
 * A template's text without what is surely comment: `{{/* … *\/}}`, empty lines, and lines that begin with `#`, hold
 * no action and stand outside of a block scalar, where `#` is data (a shell script in a ConfigMap).
 */
export function withoutComments(text: string): string {
  const lines = text.replaceAll(/\{\{-?\s*\/\*[\s\S]*?\*\/\s*-?\}\}/g, "").split(/\r\n|\n/);
  const kept: string[] = [];
  let block: number | undefined;
  for (const line of lines) {
    const content = line.trimStart();
    if (content === "") {
      if (block !== undefined) kept.push("");
      continue;
    }
    const indent = line.length - content.length;
    if (block !== undefined && indent <= block) block = undefined;
    if (block === undefined && content.startsWith("#") && !content.includes("{{")) continue;
    kept.push(line.trimEnd());
    if (block === undefined && /(?:^|[:\-\s])[|>][-+\d]*(?:\s+#.*)?\s*$/.test(line)) block = indent;
  }
  return kept.join("\n").trimEnd();
}
