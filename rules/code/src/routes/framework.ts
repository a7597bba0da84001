import type { TSESTree } from "@typescript-eslint/utils";
import type { Bindings, Node, Variable } from "./ast.ts";
import type { PathSyntax } from "./paths.ts";
import type { RouterFile } from "./routers.ts";

export type CallNode = TSESTree.CallExpression | TSESTree.NewExpression;

/** What an expression or a type makes: an application, whose paths are whole, or a router to be mounted. */
export interface Creation {
  kind: "application" | "router";
  /** The prefix it is made with; undefined when it cannot be read. */
  prefix: string | undefined;
}

/** Something in one file that routes can be declared on. */
export interface Router {
  framework: Framework;
  kind: "application" | "router";
  prefix: string | undefined;
  mounts: { parent: Router; prefixes: string[] | undefined }[];
  routes: { methods: string[]; paths: string[]; node: Node }[];
  /** The path of what `app.route("/x")` gives: its methods take none. */
  fixedPath?: Node;
  /** Only the name says that it is a router: it came in as an untyped parameter or from another file. */
  guessed: boolean;
  /** It leaves the file, so someone else may mount it. */
  escapes: boolean;
  /** This file makes it listen, so it is no part of another application. */
  listens: boolean;
  variables: Set<Variable>;
}

/** One web framework: how its routers come to be and what their methods do. */
export interface Framework {
  name: string;
  syntax: PathSyntax;
  /** What a call or `new` creates; undefined when it is not this framework's. */
  create(node: CallNode, bindings: Bindings): Creation | undefined;
  /** Modules and the types in them that a router may be annotated with. */
  types: Readonly<Record<string, readonly string[]>>;
  typeKinds: Readonly<Record<string, Creation["kind"]>>;
  /** An exported application may be mounted elsewhere all the same (Hono's route(), koa-mount). */
  applicationsEscape: boolean;
  /** The router that a method call on a router gives: mostly the same, for chains. */
  chain(router: Router, method: string, call: TSESTree.CallExpression, file: RouterFile): Router | undefined;
  /** Declares what a method call on a router declares. */
  call(router: Router, method: string, call: TSESTree.CallExpression, file: RouterFile): void;
}
