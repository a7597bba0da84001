import { defineRule } from "../define.ts";
import { Kind, tokenize } from "../language/scanner.ts";

/** NAMEDATALEN - 1, unless PostgreSQL was built otherwise ("Identifiers and Key Words", chapter 4.1.1). */
const MAX_BYTES = 63;

/** PostgreSQL cuts long names, and two that begin alike become one. */
export default defineRule({
  meta: {
    type: "suggestion",
    languages: ["yantra/sql"],
    docs: {
      description: "Disallow names that PostgreSQL cuts off",
      recommended: false,
      reversible: true,
    },
    schema: [],
    messages: {
      cut: "PostgreSQL cuts this name after 63 bytes and goes on with {{name}}: another one that begins alike is the same name, and whoever looks for the whole of it, such as a tool that compares schemas, does not find it. Choose a shorter one.",
    },
  },
  create(context) {
    const code = context.sourceCode;
    return {
      Statement(statement) {
        const told = new Set<string>();
        for (const { kind, start, end } of tokenize(code.text, ...statement.range)) {
          const quoted = kind === Kind.QuotedIdentifier;
          if (!quoted && kind !== Kind.Word) continue;
          if (end - start <= MAX_BYTES / 4) continue;
          const text = code.text.slice(start, end);
          const name = quoted ? text.slice(1, -1).replaceAll('""', '"') : text.toLowerCase();
          if (Buffer.byteLength(name) <= MAX_BYTES || told.has(name)) continue;
          told.add(name);
          const loc = code.positions.loc([start, end]);
          context.report({ loc, messageId: "cut", data: { name: cut(name) } });
        }
      },
    };
  },
});

/** The first 63 bytes, as many whole characters as fit. */
function cut(name: string): string {
  let bytes = 0;
  let kept = "";
  for (const character of name) {
    bytes += Buffer.byteLength(character);
    if (bytes > MAX_BYTES) break;
    kept += character;
  }
  return kept;
}
