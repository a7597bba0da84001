/**
 * The text that JSX makes of what stands between two tags: lines lose their indentation, empty ones vanish and the
 * others are joined with a space (TypeScript's `fixupWhitespaceAndDecodeEntities`, Babel's `cleanJSXElementLiteralChild`).
 * Entities stay as they are written.
 */
export function cleanJsxText(raw: string): string {
  const lines = raw.split(/\r\n|[\n\r]/);
  const kept = lines
    .map((line, index) => {
      let text = line.replace(/\t/g, " ");
      if (index > 0) text = text.replace(/^ +/, "");
      return index < lines.length - 1 ? text.replace(/ +$/, "") : text;
    })
    .filter((line) => line !== "");
  return kept.join(" ");
}
