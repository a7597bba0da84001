import type { TraversalStep } from "@eslint/core";
import { Directive, TextSourceCodeBase, VisitNodeStep } from "@eslint/plugin-kit";
import { type Comment, type Lines, type Point, readSuppressions, type SourceLoc } from "@yantra-lint/core";
import type { Catalog } from "../catalog/catalog.ts";
import { CatalogsOfFile, type WayBack } from "../catalog/fold.ts";
import type { MigrationDetails } from "../runners/index.ts";
import { childrenOf, type FileNode, type OperationNode, type SqlNode, VISITOR_KEYS } from "./ast.ts";
import type { ParsedFile, Step } from "./parse.ts";

/** A comment, for core and for ESLint. */
export interface SqlComment extends Comment {
  type: "Line" | "Block";
  /** The text between the delimiters, as `text`. */
  value: string;
  loc: SourceLoc;
}

interface SourceCodeOptions {
  LangOptions: Record<string, unknown>;
  RootNode: FileNode;
  SyntaxElementWithLoc: SqlNode | SqlComment;
  ConfigNode: SqlComment;
}

/** What ESLint and the rules see of a file. */
export class SqlSourceCode extends TextSourceCodeBase<SourceCodeOptions> {
  readonly visitorKeys = VISITOR_KEYS;
  readonly comments: readonly SqlComment[];
  /** Offsets and places of the text (`lines`, the array of lines, is ESLint's). */
  readonly positions: Lines;
  /** What the file does, in order. */
  readonly steps: readonly Step[];
  /** How the file is run; undefined when it is no migration. */
  readonly migration: MigrationDetails | undefined;
  readonly #before: () => Catalog;
  #catalogs: CatalogsOfFile | undefined;

  constructor(
    text: string,
    parsed: ParsedFile,
    migration: MigrationDetails | undefined,
    /** The catalog before the file; asked at most once. */
    before: () => Catalog,
  ) {
    super({ text, ast: parsed.ast, lineEndingPattern: /\r\n|[\n\r\u2028\u2029]/u });
    this.positions = parsed.lines;
    this.steps = parsed.steps;
    this.migration = migration;
    this.#before = before;
    this.comments = parsed.comments.map((comment) => ({
      ...comment,
      type: text.startsWith("--", comment.range[0]) ? "Line" : "Block",
      value: comment.text,
      loc: parsed.lines.loc(comment.range),
    }));
  }

  /** The schema as it stands before an operation of this file, its earlier operations included. */
  catalogBefore(operation: OperationNode): Catalog {
    this.#catalogs ??= new CatalogsOfFile(this.#before(), this.steps);
    return this.#catalogs.before(operation);
  }

  /** The file's way down behind its way up, with the catalogs that they lead from and to. */
  wayBack(): WayBack | undefined {
    this.#catalogs ??= new CatalogsOfFile(this.#before(), this.steps);
    return this.#catalogs.wayBack(this.migration?.version ?? "");
  }

  getAllComments(): readonly SqlComment[] {
    return this.comments;
  }

  override getParent(node: SqlNode | SqlComment): SqlNode | undefined {
    return "parent" in node ? node.parent : undefined;
  }

  override getAncestors(node: SqlNode | SqlComment): SqlNode[] {
    const parent = this.getParent(node);
    return parent ? [...this.getAncestors(parent), parent] : [];
  }

  override getLocFromIndex(index: number): Point {
    return this.positions.point(index);
  }

  override getIndexFromLoc(loc: Point): number {
    return this.positions.offset(loc);
  }

  /** Directives that name rules of ours; others, and those that name no rule, hide nothing (see core). */
  getDisableDirectives(): { directives: Directive[]; problems: [] } {
    const directives = this.comments.flatMap((node) =>
      readSuppressions([node], this.positions)
        .filter((fact) => fact.directive === "enable" || fact.rules.length > 0)
        .map(
          (fact) =>
            new Directive({
              type: fact.directive,
              node,
              value: fact.rules.join(", "),
              justification: fact.reason,
            }),
        ),
    );
    return { directives, problems: [] };
  }

  override traverse(): Iterable<TraversalStep> {
    const steps: TraversalStep[] = [];
    visit(this.ast, steps);
    return steps;
  }
}

function visit(node: SqlNode, steps: TraversalStep[]): void {
  const args = [node, node.parent];
  steps.push(new VisitNodeStep({ target: node, phase: 1, args }));
  for (const child of childrenOf(node)) visit(child, steps);
  steps.push(new VisitNodeStep({ target: node, phase: 2, args }));
}
