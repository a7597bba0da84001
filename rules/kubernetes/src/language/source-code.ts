import type { TraversalStep } from "@eslint/core";
import { Directive, TextSourceCodeBase, VisitNodeStep } from "@eslint/plugin-kit";
import { Lines, type NoticeFact, readSuppressions } from "@yantra-lint/core";
import {
  type LineComment,
  lineComments,
  MAX_LENGTH,
  parentsOf,
  parserServicesOf,
  readYaml,
  unreadNotice,
} from "@yantra-lint/yaml";
import { buildFile } from "./build.ts";
import { childrenOf, type FileNode, type KubernetesNode, type Resource, VISITOR_KEYS } from "./nodes.ts";
import { looksLikeManifest, type Unread, type YamlStream } from "./read.ts";

/** What other rules may ask of the parser, the same for every file. */
const PARSER_SERVICES = parserServicesOf("yantra/kubernetes");

const LINE_ENDING = /\r\n|[\n\r\u2028\u2029]/u;

const NOTICES: Readonly<Record<Unread, { id: string; message: string } | undefined>> = {
  "not-kubernetes": undefined,
  template: {
    id: "helm-template",
    message:
      "Templates are not read, because what they become is not known here. Check the rendered manifests too: `helm template CHART | yantra-lint --stdin-filename rendered.yaml`.",
  },
  "too-large": {
    id: "manifest-too-large",
    message: `Manifests of more than ${MAX_LENGTH / 1024 / 1024} MB are not read. Split the file to have it checked.`,
  },
  "too-deep": {
    id: "manifest-too-deep",
    message: "A manifest that is nested this deeply is not read, and Kubernetes would not accept it.",
  },
};

/** Whether a path's name makes it a kustomization, which may leave out apiVersion and kind. */
export function isKustomizationPath(path: string): boolean {
  return /(?:^|[/\\])(?:kustomization\.ya?ml|Kustomization)$/.test(path);
}

/** A parsed file: the tree, the comments, and what kept it from being read. */
export interface ParsedFile {
  text: string;
  lines: Lines;
  ast: FileNode;
  comments: LineComment[];
  placeholders: boolean;
  unread: Unread | undefined;
}

/** What stands around a file and says how to read it. */
export interface Setting {
  /** Whether it stands in a chart's `templates/`; undefined: the path decides. */
  chart: boolean | undefined;
  /** Whether a kustomization names it as a patch. */
  patch: boolean;
}

/**
 * Parses a file. Never throws: what is no manifest gives an empty File, a syntax error an InvalidDocument.
 *
 * @param path absolute or relative; only its name and the folder `templates` matter
 */
export function parseFile(path: string, source: string, { chart, patch }: Partial<Setting> = {}): ParsedFile {
  const text = source.startsWith("\ufeff") ? source.slice(1) : source;
  const lines = new Lines(text);
  const kustomization = isKustomizationPath(path);
  const ours = kustomization || looksLikeManifest(text);
  const stream: YamlStream = ours
    ? readYaml(text, chart ?? /(?:^|[/\\])templates[/\\]/.test(path))
    : { documents: [], comments: [], placeholders: false, unread: "not-kubernetes" };
  return {
    text,
    lines,
    ast: buildFile(text, lines, stream, { kustomization, patch: patch ?? false }),
    comments: lineComments(stream.comments, lines),
    placeholders: stream.placeholders,
    unread: stream.unread,
  };
}

/** What rules ask of a manifest file. */
export class KubernetesSourceCode extends TextSourceCodeBase<{
  LangOptions: Record<string, unknown>;
  RootNode: FileNode;
  SyntaxElementWithLoc: KubernetesNode | LineComment;
  ConfigNode: LineComment;
}> {
  readonly comments: LineComment[];
  /** `lines` is ESLint's array of texts; this one knows offsets. */
  readonly positions: Lines;
  readonly placeholders: boolean;
  readonly unread: Unread | undefined;
  /** Other plugins' rules ask for it (eslint-plugin-unicorn does on every file). */
  readonly visitorKeys: Record<string, string[]> = VISITOR_KEYS;
  /** Asked for by rules of eslint-plugin-yml, which have no file here. */
  readonly parserServices = PARSER_SERVICES;
  #parents: Map<object, KubernetesNode> | undefined;
  #resources: Resource[] | undefined;

  constructor(parsed: ParsedFile) {
    super({ text: parsed.text, ast: parsed.ast, lineEndingPattern: LINE_ENDING });
    this.comments = parsed.comments;
    this.positions = parsed.lines;
    this.placeholders = parsed.placeholders;
    this.unread = parsed.unread;
  }

  /** The resources of all documents, in order. */
  get resources(): readonly Resource[] {
    this.#resources ??= this.ast.documents.flatMap((document) =>
      document.type === "Document" ? document.resources : [],
    );
    return this.#resources;
  }

  /** Why the file was not read, if a user should know. */
  get notice(): NoticeFact | undefined {
    const notice = this.unread && NOTICES[this.unread];
    return notice && unreadNotice(notice);
  }

  /** ESLint's own rules call this on every file that a configuration without `files` reaches. */
  getAllComments(): LineComment[] {
    return this.comments;
  }

  override getParent(node: KubernetesNode | LineComment): KubernetesNode | undefined {
    this.#parents ??= parentsOf<KubernetesNode>(this.ast, childrenOf);
    return this.#parents.get(node);
  }

  /** `eslint-disable…` comments that name rules of ours; others are not ours to interpret. */
  getDisableDirectives(): { problems: []; directives: Directive[] } {
    const directives = this.comments.flatMap((comment) =>
      readSuppressions([comment], this.positions)
        .filter(({ directive, rules }) => rules.length > 0 || directive === "enable")
        .map(
          ({ directive, rules, reason }) =>
            new Directive({ type: directive, node: comment, value: rules.join(", "), justification: reason }),
        ),
    );
    return { problems: [], directives };
  }

  override *traverse(): Iterable<TraversalStep> {
    yield* steps(this.ast, undefined);
  }
}

function* steps(node: KubernetesNode, parent: KubernetesNode | undefined): Iterable<TraversalStep> {
  yield new VisitNodeStep({ target: node, phase: 1, args: [node, parent] });
  for (const child of childrenOf(node)) yield* steps(child, node);
  yield new VisitNodeStep({ target: node, phase: 2, args: [node, parent] });
}
