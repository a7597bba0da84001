/**
 * The field table of `yantra/kubernetes/valid-manifest`, read from the type declarations of `kubernetes-models` and its
 * kin (MIT), which are generated from Kubernetes' OpenAPI document and from the CRDs of their projects.
 */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { ROOT } from "./repository.ts";

/** Where the table is committed, relative to the root. */
export const FIELDS_FILE = "rules/kubernetes/src/schema/fields.json";

/** The kinds that the table knows, by package and apiVersion. */
const KINDS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  "kubernetes-models": {
    v1: [
      "ConfigMap",
      "LimitRange",
      "Namespace",
      "PersistentVolume",
      "PersistentVolumeClaim",
      "Pod",
      "PodTemplate",
      "ReplicationController",
      "ResourceQuota",
      "Secret",
      "Service",
      "ServiceAccount",
    ],
    "apps/v1": ["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"],
    "autoscaling/v1": ["HorizontalPodAutoscaler"],
    "autoscaling/v2": ["HorizontalPodAutoscaler"],
    "batch/v1": ["CronJob", "Job"],
    "networking.k8s.io/v1": ["Ingress", "IngressClass", "NetworkPolicy"],
    "policy/v1": ["PodDisruptionBudget"],
    "rbac.authorization.k8s.io/v1": ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"],
    "scheduling.k8s.io/v1": ["PriorityClass"],
    "storage.k8s.io/v1": ["StorageClass"],
  },
  "@kubernetes-models/argo-rollouts": {
    "argoproj.io/v1alpha1": ["AnalysisTemplate", "ClusterAnalysisTemplate", "Experiment", "Rollout"],
  },
  "@kubernetes-models/prometheus-operator": {
    "monitoring.coreos.com/v1": ["PodMonitor", "PrometheusRule", "ServiceMonitor"],
  },
};

/** Types that a declaration file spells out as a union, but that mean more than it. */
const NAMED: Readonly<Record<string, string>> = {
  "util/intstr/IntOrString": "int-or-string",
  "api/resource/Quantity": "quantity",
  "monitoring.coreos.com/v1/Duration": "duration",
  "monitoring.coreos.com/v1/NonEmptyDuration": "duration",
};

/** Fields that no manifest is written with: the server's. */
const SERVERS: ReadonlySet<string> = new Set(["status", "managedFields"]);

/**
 * Fields that the OpenAPI document calls required, but that the API server fills in (pkg/apis/rbac/v1/defaults.go,
 * pkg/apis/batch/v1/defaults.go) or takes as 0, empty or {} (pkg/apis/core/validation, pkg/apis/scheduling/validation).
 */
const DEFAULTED: ReadonlySet<string> = new Set([
  "rbac.authorization.k8s.io/v1/RoleRef.apiGroup",
  "batch/v1/PodFailurePolicyOnPodConditionsPattern.status",
  "scheduling.k8s.io/v1/PriorityClass.value",
  "v1/HTTPHeader.value",
  "v1/ISCSIPersistentVolumeSource.lun",
  "v1/ISCSIVolumeSource.lun",
  "v1/PreferredSchedulingTerm.preference",
  "v1/SleepAction.seconds",
  "v1/Sysctl.value",
]);

/** Fields that the CRDs have and the declarations do not have yet (argo-rollouts, manifests/crds, after 1.9). */
const NEWER: Readonly<Record<string, Fields>> = {
  "argoproj.io/v1alpha1/Authentication": { basicAuth: "any" },
  "argoproj.io/v1alpha1/DatadogMetric": { requestTimeout: "any" },
};

type Fields = Record<string, string>;

class Reader {
  readonly types = new Map<string, Fields>();
  /** Files that are being read, because types refer to themselves. */
  readonly #names = new Map<string, string>();

  /** The expression of the type that a declaration file exports as `I<basename>`. */
  expressionOf(file: string): string {
    const known = this.#names.get(file);
    if (known !== undefined) return known;
    const id = idOf(file);
    const named = Object.entries(NAMED).find(([suffix]) => id.endsWith(suffix))?.[1];
    if (named !== undefined) return this.#remember(file, named);
    const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, false);
    const name = `I${path.basename(file, ".d.ts")}`;
    const imports = importsOf(source);
    for (const statement of source.statements) {
      if (ts.isTypeAliasDeclaration(statement) && statement.name.text === name) {
        return this.#remember(file, this.#expression(statement.type, source, id, imports));
      }
      if (ts.isInterfaceDeclaration(statement) && statement.name.text === name) {
        const reference = this.#remember(file, `#${shortNameOf(id)}`);
        const parents = parentsOf(statement);
        const isKind = parents.includes("TypeMeta");
        this.types.set(reference.slice(1), {
          ...this.#inherited(isKind ? [] : parents, file, imports),
          ...this.#fields(statement.members, source, id, imports, isKind),
          ...NEWER[id],
        });
        return reference;
      }
    }
    throw new Error(`${file} does not declare ${name}.`);
  }

  #remember(file: string, expression: string): string {
    this.#names.set(file, expression);
    return expression;
  }

  /** The fields of the types that an interface extends: Go structs embedded in its own. */
  #inherited(parents: readonly string[], file: string, imports: ReadonlyMap<string, string>): Fields {
    const structs = parents.map((parent) => {
      const specifier = imports.get(parent);
      if (specifier === undefined) throw new Error(`${file} extends ${parent}, which it does not import.`);
      return this.types.get(this.expressionOf(resolveFrom(file, specifier)).slice(1)) ?? {};
    });
    return structs.reduce((all, struct) => ({ ...all, ...struct }), {});
  }

  #fields(
    members: ts.NodeArray<ts.TypeElement>,
    source: ts.SourceFile,
    id: string,
    imports: ReadonlyMap<string, string>,
    isKind: boolean,
  ): Fields {
    const fields: Fields = {};
    for (const member of members) {
      if (!ts.isPropertySignature(member) || !member.type || !ts.isStringLiteral(member.name))
        throw new Error(`${source.fileName} has a member that is no field.`);
      const name = member.name.text;
      if (isKind && (name === "apiVersion" || name === "kind")) continue;
      const optional = member.questionToken !== undefined || DEFAULTED.has(`${shortNameOf(id)}.${name}`);
      fields[optional ? name : `${name}!`] = this.#field(member.type, name, source, id, imports);
    }
    return fields;
  }

  #field(
    type: ts.TypeNode,
    name: string,
    source: ts.SourceFile,
    id: string,
    imports: ReadonlyMap<string, string>,
  ): string {
    return SERVERS.has(name) ? "any" : this.#expression(type, source, `${id}.${name}`, imports);
  }

  #expression(
    type: ts.TypeNode,
    source: ts.SourceFile,
    id: string,
    imports: ReadonlyMap<string, string>,
  ): string {
    const inner = (node: ts.TypeNode): string => this.#expression(node, source, id, imports);
    switch (type.kind) {
      case ts.SyntaxKind.StringKeyword:
        return "string";
      case ts.SyntaxKind.NumberKeyword:
        // No kind of the table has a field for fractions, which the test of this file holds against the schemas.
        return "int";
      case ts.SyntaxKind.BooleanKeyword:
        return "bool";
      case ts.SyntaxKind.UnknownKeyword:
      case ts.SyntaxKind.AnyKeyword:
        return "any";
      default:
    }
    if (ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal)) return `=${type.literal.text}`;
    if (ts.isUnionTypeNode(type)) return union(type.types.map(inner), source.fileName);
    if (ts.isTypeLiteralNode(type)) return this.#literal(type, source, id, imports);
    if (ts.isTypeReferenceNode(type) && ts.isIdentifier(type.typeName)) {
      const name = type.typeName.text;
      const [argument] = type.typeArguments ?? [];
      if (name === "Array" && argument) return `[]${inner(argument)}`;
      const specifier = imports.get(name);
      if (specifier !== undefined) return this.expressionOf(resolveFrom(source.fileName, specifier));
      if (name === `I${path.basename(source.fileName, ".d.ts")}`) return this.expressionOf(source.fileName);
    }
    throw new Error(`${source.fileName}: the type at ${type.pos} is of a form that is not known.`);
  }

  #literal(
    type: ts.TypeLiteralNode,
    source: ts.SourceFile,
    id: string,
    imports: ReadonlyMap<string, string>,
  ): string {
    const [member] = type.members;
    if (!member) return "any";
    if (ts.isIndexSignatureDeclaration(member))
      return `{}${this.#expression(member.type, source, id, imports)}`;
    const name = shortNameOf(id);
    this.types.set(name, this.#fields(type.members, source, id, imports, false));
    return `#${name}`;
  }
}

/** A union of literals is an enum; what else the declarations unite is told by the name of the file. */
function union(parts: readonly string[], file: string): string {
  if (parts.every((part) => part.startsWith("="))) return `=${parts.map((part) => part.slice(1)).join("|")}`;
  if ([...parts].sort().join() === "int,string") return "int-or-string";
  throw new Error(`${file} has a union that is not known: ${parts.join(" | ")}.`);
}

function parentsOf({ heritageClauses }: ts.InterfaceDeclaration): string[] {
  return (heritageClauses ?? []).flatMap(({ types }) =>
    types.map(({ expression }) => (ts.isIdentifier(expression) ? expression.text : "")),
  );
}

function importsOf(source: ts.SourceFile): Map<string, string> {
  const imports = new Map<string, string>();
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const bindings = statement.importClause?.namedBindings;
    if (!bindings || !ts.isNamedImports(bindings)) continue;
    for (const { name } of bindings.elements) imports.set(name.text, statement.moduleSpecifier.text);
  }
  return imports;
}

/** The declaration file that a specifier stands for; the packages' `exports` map each file to itself. */
function resolveFrom(file: string, specifier: string): string {
  const target = specifier.replace(/\.js$/, "");
  if (target.startsWith(".")) return path.resolve(path.dirname(file), `${target}.d.ts`);
  for (let directory = path.dirname(file); ; directory = path.dirname(directory)) {
    const candidate = path.join(directory, "node_modules", `${target}.d.ts`);
    if (existsSync(candidate)) return realpathSync(candidate);
    if (directory === path.dirname(directory)) throw new Error(`${file}: nothing is found for ${specifier}.`);
  }
}

/** A declaration file's path below its package. */
function idOf(file: string): string {
  const inPackages = file.slice(file.lastIndexOf("/node_modules/") + "/node_modules/".length);
  return inPackages
    .replace(/\.d\.ts$/, "")
    .split("/")
    .slice(inPackages.startsWith("@") ? 2 : 1)
    .join("/");
}

/** `apps/v1/DeploymentSpec`; the long path of apimachinery is shortened to `meta/v1/ObjectMeta`. */
function shortNameOf(id: string): string {
  return id.replace(/^apis\//, "");
}

function versionOf(name: string): string {
  const manifest: unknown = JSON.parse(readFileSync(path.join(packageFolder(name), "package.json"), "utf8"));
  if (typeof manifest !== "object" || manifest === null || !("version" in manifest))
    throw new Error(`${name} has no version.`);
  return String(manifest.version);
}

/** The folder of a package that packages/dev depends on. */
export function packageFolder(name: string): string {
  return realpathSync(path.join(ROOT, "packages/dev/node_modules", name));
}

/** The packages that the table is read from. */
export const FIELD_SOURCES: readonly string[] = Object.keys(KINDS);

/**
 * The field table as the text of a JSON file. A type is a map from a field to its type expression: `string`, `int`,
 * `bool`, `int-or-string`, `quantity`, `duration`, `any`, `=A|B` for an enum, `[]T`, `{}T` for a map with text keys,
 * or `#Name` for another type. A field that must be there has a `!` behind its name.
 * @throws when a declaration has a form that is not known here, so that nothing is left out silently.
 */
export function manifestFields(): string {
  const reader = new Reader();
  const kinds: Record<string, string> = {};
  for (const [name, versions] of Object.entries(KINDS)) {
    for (const [apiVersion, names] of Object.entries(versions)) {
      for (const kind of names) {
        const file = path.join(packageFolder(name), apiVersion, `${kind}.d.ts`);
        kinds[`${apiVersion}/${kind}`] = reader.expressionOf(file).slice(1);
      }
    }
  }
  const sources = Object.fromEntries(FIELD_SOURCES.map((name) => [name, versionOf(name)]));
  const types = Object.fromEntries([...reader.types].sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ sources, kinds, types }, undefined, 2)}\n`;
}
