import type { Tree } from "./normalise.ts";
import { chainOf, childOf, childrenOf, stringOf, textOf, walkTree } from "./tree.ts";

const COMPARISONS = new Set(["===", "!==", "==", "!=", "<", ">", "<=", ">=", "in", "instanceof"]);
const SEARCHES =
  /^(?:includes|startsWith|endsWith|indexOf|lastIndexOf|search|match|matchAll|test|exec|replace|replaceAll|split|has|get|localeCompare|equals|isEqual|querySelector\w*|getBy\w+|getElements?By\w+|closest|matches|contains)$/;

/** Which texts a module's code looks for, on either side of an edit. */
export class TextUses {
  readonly #compared = new Set<string>();
  readonly #keys = new Set<string>();
  readonly #literals = new Map<string, Tree[]>();

  constructor(programs: readonly Tree[]) {
    for (const program of programs) {
      walkTree(program, (node) => {
        this.#visit(node);
      });
    }
  }

  /** Whether code may act on a text: it compares or searches for it or a part, or has it at other places too. */
  isActedUpon(text: string, places: ReadonlySet<Tree>): boolean {
    const trimmed = text.trim();
    const lower = trimmed.toLowerCase();
    if (this.#keys.has(trimmed)) return true;
    for (const part of this.#compared) if (lower.includes(part)) return true;
    // The same words elsewhere may be a value that these have to equal.
    return (this.#literals.get(trimmed) ?? []).some((other) => !places.has(other));
  }

  /** Whether any of the words is looked for in this module, as class names are by selectors. */
  looksFor(words: Iterable<string>): boolean {
    for (const word of words) {
      for (const part of this.#compared) if (part.includes(word.toLowerCase())) return true;
    }
    return false;
  }

  #visit(node: Tree): void {
    switch (node.type) {
      case "Literal": {
        const text = textOf(node, "value");
        if (text !== undefined) this.#note(text, node);
        const pattern = textOf(node, "pattern");
        // Whether a pattern matches is not tried: its plain words are taken as what it looks for.
        for (const word of pattern?.match(/\p{L}{3,}/gu) ?? []) this.#compared.add(word.toLowerCase());
        return;
      }
      case "TemplateLiteral": {
        const text = stringOf(node);
        const element = childrenOf(node, "quasis")[0];
        if (text !== undefined && element) this.#note(text, element);
        return;
      }
      case "BinaryExpression":
        if (COMPARISONS.has(textOf(node, "operator") ?? "")) {
          this.#compare(childOf(node, "left"));
          this.#compare(childOf(node, "right"));
        }
        return;
      case "SwitchCase":
        this.#compare(childOf(node, "test"));
        return;
      case "CallExpression": {
        const callee = childOf(node, "callee");
        if (callee?.type === "MemberExpression" && SEARCHES.test(chainOf(callee).at(-1) ?? "")) {
          for (const argument of childrenOf(node, "arguments")) this.#compare(argument);
          const object = childOf(callee, "object");
          if (object?.type === "ArrayExpression")
            childrenOf(object, "elements").forEach((e) => this.#compare(e));
        }
        return;
      }
      case "Key": {
        const name = textOf(node, "name");
        if (name !== undefined && /\s/.test(name)) this.#keys.add(name.trim());
        return;
      }
      case "MemberExpression":
        if (node.fields.computed === true) {
          const key = stringOf(childOf(node, "property"));
          if (key !== undefined) this.#keys.add(key.trim());
        }
        return;
      default:
    }
  }

  #note(text: string, node: Tree): void {
    const key = text.trim();
    this.#literals.set(key, [...(this.#literals.get(key) ?? []), node]);
  }

  #compare(node: Tree | undefined): void {
    const text = stringOf(node)?.trim().toLowerCase();
    // A comparison with one or two letters or a sign (`split(" ")`) says nothing of sentences.
    if (text !== undefined && text.length > 2) this.#compared.add(text);
  }
}
