import type { TraversalStep } from "@eslint/core";
import { Directive, TextSourceCodeBase, VisitNodeStep } from "@eslint/plugin-kit";
import { type Comment, Lines, type NoticeFact, readSuppressions } from "@yantra-lint/core";
import {
  type LineComment,
  lineComments,
  MAX_LENGTH,
  parentsOf,
  parserServicesOf,
  readYaml,
  type Unread,
  unreadNotice,
} from "@yantra-lint/yaml";
import { kindOfPath, looksLikeWorkflow } from "../recognise.ts";
import { buildDockerfile, MAX_DOCKERFILE } from "./dockerfile.ts";
import { childrenOf, type DeliveryNode, type FileNode, VISITOR_KEYS } from "./nodes.ts";
import { buildWorkflowFile } from "./workflow.ts";

const parserServices = parserServicesOf("yantra/delivery");
const LINE_ENDING = /\r\n|[\n\r\u2028\u2029]/u;

const NOTICES: Readonly<Record<Unread, { id: string; message: string }>> = {
  template: {
    id: "workflow-template",
    message:
      "A template is not read, because what it becomes is not known here. Check the rendered file too.",
  },
  "too-large": {
    id: "delivery-too-large",
    message: `Workflows of more than ${MAX_LENGTH / 1024 / 1024} MB and Dockerfiles of more than ${MAX_DOCKERFILE / 1024} KB are not read. Split the file to have it checked.`,
  },
  "too-deep": {
    id: "workflow-too-deep",
    message: "A workflow that is nested this deeply is not read, and GitHub would not accept it.",
  },
};

/** A parsed file: the tree, the comments, and what kept it from being read. */
export interface ParsedFile {
  text: string;
  lines: Lines;
  ast: FileNode;
  comments: LineComment[];
  unread: Unread | undefined;
}

/**
 * Parses a file. Never throws: what is none of ours gives an empty File, a syntax error an InvalidDocument.
 *
 * @param path absolute or relative; its name decides between workflow, action and Dockerfile
 */
export function parseFile(path: string, source: string): ParsedFile {
  const text = source.startsWith("\ufeff") ? source.slice(1) : source;
  const lines = new Lines(text);
  const { content, comments, unread } = read(path, text, lines);
  return {
    text,
    lines,
    ast: { type: "File", range: [0, text.length], loc: lines.loc([0, text.length]), content },
    comments: lineComments(comments, lines),
    unread,
  };
}

function read(
  path: string,
  text: string,
  lines: Lines,
): { content: FileNode["content"]; comments: Comment[]; unread: Unread | undefined } {
  const kind = kindOfPath(path);
  if (kind === "dockerfile") {
    if (text.length > MAX_DOCKERFILE) return { content: undefined, comments: [], unread: "too-large" };
    const { dockerfile, comments } = buildDockerfile(text, lines);
    return { content: dockerfile, comments, unread: undefined };
  }
  if (kind === undefined || !looksLikeWorkflow(text))
    return { content: undefined, comments: [], unread: undefined };
  const stream = readYaml(text, false);
  const content = buildWorkflowFile(path, text, lines, stream);
  return { content, comments: stream.comments, unread: stream.unread };
}

/** What rules ask of a workflow or a Dockerfile. */
export class DeliverySourceCode extends TextSourceCodeBase<{
  LangOptions: Record<string, unknown>;
  RootNode: FileNode;
  SyntaxElementWithLoc: DeliveryNode | LineComment;
  ConfigNode: LineComment;
}> {
  readonly comments: LineComment[];
  /** `lines` is ESLint's array of texts; this one knows offsets. */
  readonly positions: Lines;
  readonly unread: Unread | undefined;
  /** Other plugins' rules ask for it (eslint-plugin-unicorn does on every file). */
  readonly visitorKeys: Record<string, string[]> = VISITOR_KEYS;
  /** Asked for by rules of eslint-plugin-yml, which have no file here. */
  readonly parserServices = parserServices;
  #parents: Map<object, DeliveryNode> | undefined;

  constructor(parsed: ParsedFile) {
    super({ text: parsed.text, ast: parsed.ast, lineEndingPattern: LINE_ENDING });
    this.comments = parsed.comments;
    this.positions = parsed.lines;
    this.unread = parsed.unread;
  }

  /** Why the file was not read, if a user should know. */
  get notice(): NoticeFact | undefined {
    return this.unread && unreadNotice(NOTICES[this.unread]);
  }

  /** ESLint's own rules call this on every file that a configuration without `files` reaches. */
  getAllComments(): LineComment[] {
    return this.comments;
  }

  override getParent(node: DeliveryNode | LineComment): DeliveryNode | undefined {
    this.#parents ??= parentsOf<DeliveryNode>(this.ast, childrenOf);
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

function* steps(node: DeliveryNode, parent: DeliveryNode | undefined): Iterable<TraversalStep> {
  yield new VisitNodeStep({ target: node, phase: 1, args: [node, parent] });
  for (const child of childrenOf(node)) yield* steps(child, node);
  yield new VisitNodeStep({ target: node, phase: 2, args: [node, parent] });
}
