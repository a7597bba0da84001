import type { Dependency } from "./model.ts";

/**
 * Dockerfile and Containerfile: the images of FROM and of COPY --from and RUN --mount=from
 * (docs.docker.com/reference/dockerfile). Default values of ARG are taken; what is earlier built in the file is no
 * image. A tag and a digest together are the version.
 */
export function readDockerfile(text: string): Dependency[] {
  const found: Dependency[] = [];
  const global = new Map<string, string>();
  const stages = new Set<string>();
  let count = 0;
  const add = (image: string, line: number): void => {
    const dependency = readImage(resolve(image, global), line);
    if (dependency) found.push(dependency);
  };
  for (const { words, line } of instructions(text)) {
    const [keyword = "", ...rest] = words;
    switch (keyword.toUpperCase()) {
      case "ARG":
        if (count > 0) break;
        for (const word of rest) {
          const [, name, value] = /^(\w+)=(.*)$/s.exec(word) ?? [];
          if (name !== undefined && value !== undefined) global.set(name, resolve(unquote(value), global));
        }
        break;
      case "FROM": {
        const [image = "", as, stage] = rest.filter((word) => !word.startsWith("--"));
        if (!stages.has(resolve(image, global).toLowerCase())) add(image, line);
        if (as?.toUpperCase() === "AS" && stage !== undefined) stages.add(stage.toLowerCase());
        stages.add(String(count++));
        break;
      }
      case "COPY":
      case "RUN":
        for (const word of rest) {
          if (!word.startsWith("--")) break;
          const from = /^--(?:mount=(?:.*,)?)?from=([^,]+)/.exec(word)?.[1];
          if (from !== undefined && !stages.has(from.toLowerCase())) add(from, line);
        }
    }
  }
  return found;
}

/** Instructions as words; continued lines are joined, here-documents left out. */
function instructions(text: string): { words: string[]; line: number }[] {
  const found: { words: string[]; line: number }[] = [];
  const escape = /^#\s*escape\s*=\s*`/im.test(text.slice(0, 500)) ? "`" : "\\";
  const lines = text.split("\n").map((line) => line.trimEnd());
  let joined = "";
  let start = 0;
  let endings: string[] = [];
  for (const [index, line] of lines.entries()) {
    if (endings.length > 0) {
      if (line.trim() === endings[0]) endings = endings.slice(1);
      continue;
    }
    const content = line.trimStart();
    if (content === "" || content.startsWith("#")) continue;
    if (joined === "") start = index + 1;
    if (content.endsWith(escape)) {
      joined += `${content.slice(0, -1)} `;
      continue;
    }
    const words = (joined + content).split(/\s+/);
    joined = "";
    found.push({ words, line: start });
    if (/^(?:RUN|COPY|ADD)$/i.test(words[0] ?? "")) {
      endings = [...words.join(" ").matchAll(/(?<!<)<<-?["']?(\w+)["']?/g)].map(([, ending = ""]) => ending);
    }
  }
  return found;
}

/** `$NAME`, `${NAME}`, `${NAME:-default}`; what is not known stays as it is. */
function resolve(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(
    /\$(?:\{(\w+)(?::?-([^}]*))?\}|(\w+))/g,
    (whole, braced: string | undefined, fallback: string | undefined, bare: string | undefined) =>
      values.get(braced ?? bare ?? "") ?? fallback ?? whole,
  );
}

function readImage(reference: string, line: number): Dependency | undefined {
  if (reference === "" || reference === "scratch") return undefined;
  const [plain = reference, digest] = reference.split("@", 2);
  // A colon before the last slash belongs to the registry's port.
  const colon = plain.indexOf(":", plain.lastIndexOf("/") + 1);
  const repository = colon === -1 ? plain : plain.slice(0, colon);
  const tag =
    colon === -1 ? (digest === undefined && !plain.includes("$") ? "latest" : "") : plain.slice(colon + 1);
  const name = repository.replace(/^(?:docker\.io\/)(?:library\/)?/, "");
  const version = digest === undefined ? tag : `${tag}@${digest}`;
  return { name, version, line, scope: "runtime", direct: true };
}

function unquote(text: string): string {
  return text.replace(/^(["'])(.*)\1$/s, "$2");
}
