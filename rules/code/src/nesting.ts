/** More brackets than this inside each other are no code that people write. */
const MAX_BRACKETS = 500;
/** More operators than this in one line, between brackets of one level and without a `,` or `;`, are neither. */
const MAX_OPERATORS = 2000;

/** Operators, and spaces: the word after one may be `new`, `typeof`, `else` … */
const OPERATORS = new Set("=?:!~<+-*/%&|^. ");

/**
 * Whether a text may nest deeper than oxc-parser's stack bears: it parses by recursion without a limit, and beyond
 * it the process dies of SIGSEGV, which nothing can catch (github.com/oxc-project/oxc/issues/24375). Measured with
 * 0.159 in a worker thread: 1,000 brackets or type arguments pass and 3,000 do not; 3,000 of any operator pass
 * and 10,000 of some do not. Brackets in texts and comments are counted too, which only matters in the hundreds;
 * a chain of operators over many lines is not seen.
 */
export function nestsTooDeep(text: string): boolean {
  return hasDeepBrackets(text) || longLines(text).some(hasLongChain);
}

function hasDeepBrackets(text: string): boolean {
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    // Most are letters, or below the brackets.
    if (character < 40 || (character > 93 && character !== 123 && character !== 125)) continue;
    switch (character) {
      case 0x28: // (
      case 0x5b: // [
      case 0x7b: // {
        depth += 1;
        if (depth > MAX_BRACKETS) return true;
        break;
      case 0x29: // )
      case 0x5d: // ]
      case 0x7d: // }
        if (depth > 0) depth -= 1;
        break;
    }
  }
  return false;
}

function longLines(text: string): string[] {
  const lines: string[] = [];
  for (let start = 0; start < text.length;) {
    const found = text.indexOf("\n", start);
    const end = found === -1 ? text.length : found;
    if (end - start > MAX_OPERATORS) lines.push(text.slice(start, end));
    start = end + 1;
  }
  return lines;
}

function hasLongChain(line: string): boolean {
  const outer: number[] = [];
  let operators = 0;
  let quote = "";
  for (const character of line) {
    if (character === '"' || character === "'") {
      // Within a text (base64, say) are no operators. An apostrophe in prose errs until the line's end.
      if (quote === "") quote = character;
      else if (quote === character) quote = "";
    } else if (quote !== "") continue;
    else if (OPERATORS.has(character)) {
      operators += 1;
      if (operators > MAX_OPERATORS) return true;
    } else if ("([{".includes(character)) {
      outer.push(operators + 1);
      operators = 0;
    } else if (")]}".includes(character)) operators = outer.pop() ?? operators;
    else if (character === "," || character === ";") operators = 0;
  }
  return false;
}
