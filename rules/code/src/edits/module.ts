import type { Tree } from "./normalise.ts";
import { boundNames, chainOf, childOf, childrenOf, nameOf, stringOf, textOf } from "./tree.ts";

/** A top-level declaration, one for each declarator of a `const`, or a statement. */
export interface Item {
  /** The names it binds in the module; a default export without one is `default`. None: a statement. */
  names: string[];
  /** `const`, `let`, `function`, `class`, … */
  flavour: string;
  /** The declaration without `export`. */
  tree: Tree;
  /** All of the statement, `export` included. */
  statement: Tree;
}

export interface Import {
  local: string;
  /** Where it comes from: module, name, attributes. */
  key: string;
  source: string;
  tree: Tree;
}

export interface Export {
  /** `local:NAME`, or where it is handed on from. */
  target: string;
  local?: string;
  tree: Tree;
}

/** What a module's top level consists of. */
export interface Module {
  program: Tree;
  items: Item[];
  imports: Map<string, Import>;
  exports: Map<string, Export>;
  /** `export * from`, in their order. */
  stars: string[];
  /** Modules in the order in which they are first loaded. */
  loads: string[];
  /** Modules loaded for nothing but their effect. */
  bare: Set<string>;
  /** Whether it is a module at all (of either kind) and not a script that shares its names with others. */
  isModule: boolean;
}

const FLAVOURS: Readonly<Record<string, string>> = {
  FunctionDeclaration: "function",
  ClassDeclaration: "class",
  TSEnumDeclaration: "enum",
  TSModuleDeclaration: "namespace",
  TSInterfaceDeclaration: "interface",
  TSTypeAliasDeclaration: "type",
  TSDeclareFunction: "function",
  TSImportEqualsDeclaration: "import",
};

export function readModule(program: Tree): Module {
  const module: Module = {
    program,
    items: [],
    imports: new Map(),
    exports: new Map(),
    stars: [],
    loads: [],
    bare: new Set(),
    isModule: program.fields.sourceType === "commonjs",
  };
  for (const statement of childrenOf(program, "body")) {
    if (/^(?:Import|Export|TSExport|TSImportEq)/.test(statement.type)) module.isModule = true;
    readStatement(module, statement);
  }
  module.isModule ||= module.items.some(({ tree }) => isCommonJs(tree));
  return module;
}

function readStatement(module: Module, statement: Tree): void {
  switch (statement.type) {
    case "ImportDeclaration":
      readImport(module, statement);
      return;
    case "ExportAllDeclaration": {
      const source = sourceOf(statement);
      load(module, source);
      const name = nameOf(childOf(statement, "exported")) ?? stringOf(childOf(statement, "exported"));
      if (name === undefined) module.stars.push(source);
      else module.exports.set(name, { target: `from:${source}:*`, tree: statement });
      return;
    }
    case "ExportNamedDeclaration": {
      const declaration = childOf(statement, "declaration");
      if (declaration) {
        for (const item of itemsOf(declaration, statement)) {
          module.items.push(item);
          for (const name of item.names)
            module.exports.set(name, { target: `local:${name}`, local: name, tree: statement });
        }
      } else readSpecifiers(module, statement);
      return;
    }
    case "ExportDefaultDeclaration": {
      const declaration = childOf(statement, "declaration");
      if (!declaration) return;
      const own = nameOf(childOf(declaration, "id"));
      const isDeclaration = declaration.type in FLAVOURS;
      const name = isDeclaration && own !== undefined ? own : "default";
      const flavour = FLAVOURS[declaration.type] ?? "default";
      module.exports.set("default", { target: `local:${name}`, local: name, tree: statement });
      module.items.push({ names: [name], flavour, tree: declaration, statement });
      return;
    }
    default:
      module.items.push(...itemsOf(statement, statement));
  }
}

function sourceOf(statement: Tree): string {
  const attributes = childrenOf(statement, "attributes").map((attribute) => attribute.id);
  return `${textOf(childOf(statement, "source"), "value") ?? "?"}${attributes.length > 0 ? ` with ${attributes.join()}` : ""}`;
}

function load(module: Module, source: string): void {
  if (!module.loads.includes(source)) module.loads.push(source);
}

function readImport(module: Module, statement: Tree): void {
  const source = sourceOf(statement);
  const specifiers = childrenOf(statement, "specifiers");
  load(module, source);
  if (specifiers.length === 0) module.bare.add(source);
  for (const specifier of specifiers) {
    const imported = childOf(specifier, "imported");
    const name = imported ? (nameOf(imported) ?? stringOf(imported)) : specifier.type;
    const local = nameOf(childOf(specifier, "local")) ?? "?";
    const key = `${source}#${name ?? "?"}#${textOf(statement, "phase") ?? ""}`;
    module.imports.set(local, { local, key, source, tree: statement });
  }
}

function readSpecifiers(module: Module, statement: Tree): void {
  const from = childOf(statement, "source") && sourceOf(statement);
  const specifiers = childrenOf(statement, "specifiers");
  if (from !== undefined) load(module, from);
  if (from !== undefined && specifiers.length === 0) module.bare.add(from);
  for (const specifier of specifiers) {
    const [local, exported] = ["local", "exported"].map((field) => {
      const name = childOf(specifier, field);
      return nameOf(name) ?? stringOf(name) ?? "?";
    });
    if (local === undefined || exported === undefined) continue;
    module.exports.set(
      exported,
      from === undefined
        ? { target: `local:${local}`, local, tree: statement }
        : { target: `from:${from}:${local}`, tree: statement },
    );
  }
}

function itemsOf(declaration: Tree, statement: Tree): Item[] {
  if (declaration.type === "VariableDeclaration") {
    const flavour = textOf(declaration, "kind") ?? "var";
    return childrenOf(declaration, "declarations").map((tree, index, all) => ({
      names: boundNames(childOf(tree, "id")),
      flavour,
      tree,
      statement: all.length === 1 || index === 0 ? statement : tree,
    }));
  }
  const flavour = FLAVOURS[declaration.type];
  const id = childOf(declaration, "id");
  const name = nameOf(id) ?? stringOf(id);
  if (flavour === undefined || name === undefined)
    return [{ names: [], flavour: "statement", tree: declaration, statement }];
  return [{ names: [name], flavour, tree: declaration, statement }];
}

/** `module.exports = …`, `exports.a = …`, `require("…")`. */
function isCommonJs(tree: Tree): boolean {
  const expression = childOf(tree, "expression") ?? childOf(tree, "init");
  const chain = chainOf(childOf(expression, "left") ?? expression);
  return (
    chain[0] === "exports" || chain[0] === "require" || (chain[0] === "module" && chain[1] === "exports")
  );
}

/** Whether two items are the same program text. */
export function isSame(a: Item, b: Item): boolean {
  return a.tree.id === b.tree.id && a.flavour === b.flavour;
}
