import type { Lines, Range, SourceLoc } from "@yantra-lint/core";
import {
  danglingAlias,
  duplicateKeys,
  type Found,
  type Missing,
  type Path,
  type Place,
  type SyntaxProblem,
  Tree,
  type YamlDocument,
} from "@yantra-lint/yaml";
import { groupOf, workloadKind } from "./kinds.ts";
import type {
  AnalysisTemplate,
  Container,
  DocumentNode,
  FileNode,
  InvalidDocument,
  PodTemplate,
  Probe,
  Resource,
  Rollout,
  Workload,
} from "./nodes.ts";
import { hasDirective, mayHoldDirectives } from "./patch.ts";
import type { YamlStream } from "./read.ts";

const PROBES = [
  ["startup", "startupProbe"],
  ["readiness", "readinessProbe"],
  ["liveness", "livenessProbe"],
] as const;
const HANDLERS = ["httpGet", "tcpSocket", "grpc", "exec"] as const;

/** The kind of a kustomization file that leaves out apiVersion and kind, as kustomize allows (FixKustomizationPostUnmarshalling). */
const KUSTOMIZATION = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization" };

/** What is known of a file beside its text. */
interface Nature {
  /** Its name says that it is a kustomization. */
  kustomization: boolean;
  /** A kustomization merges it into resources that stand elsewhere. */
  patch: boolean;
}

/** Makes the tree that rules visit from a YAML stream. */
export function buildFile(text: string, lines: Lines, stream: YamlStream, nature: Nature): FileNode {
  const range: Range = [0, text.length];
  const documents = stream.documents.map((document) => buildDocument(text, lines, document, nature));
  return { type: "File", range, loc: lines.loc(range), documents };
}

function buildDocument(
  text: string,
  lines: Lines,
  { document, error }: YamlDocument,
  { kustomization, patch }: Nature,
): DocumentNode | InvalidDocument {
  if (error) return invalid(lines, errorRange(text, error), error.message);
  const dangling = text.includes("*") ? danglingAlias(document.contents) : undefined;
  if (dangling) return invalid(lines, dangling.range, `The alias *${dangling.name} has no anchor before it`);
  const root = new Tree(text, lines, document).root;
  const range: Range = root?.range ?? [document.range[0], document.range[0]];
  const resources = root ? resourcesOf(root, kustomization ? KUSTOMIZATION : undefined) : [];
  const merged = mayHoldDirectives(text);
  for (const resource of resources) resource.patch = patch || (merged && hasDirective(resource.place));
  const repeated = resources.length > 0 ? duplicateKeys(document.contents) : [];
  return {
    type: "Document",
    range,
    loc: lines.loc(range),
    resources,
    duplicateKeys: repeated.map(({ key, range: at }) => ({
      type: "DuplicateKey",
      key,
      range: at,
      loc: lines.loc(at),
    })),
  };
}

function invalid(lines: Lines, range: Range, problem: string): InvalidDocument {
  return { type: "InvalidDocument", range, loc: lines.loc(range), problem };
}

/**
 * The parser's range within its first line. Where it is only white space, and where the parser reached the end
 * of the document in search of a closing quote or bracket: the last character before it.
 */
function errorRange(text: string, { pos: [start, end], code }: SyntaxProblem): Range {
  const visible = /^[^\r\n]*/.exec(text.slice(start, Math.max(end, start + 1)))?.[0].trimEnd() ?? "";
  const atNextLine = code === "MISSING_CHAR" && /[\r\n]/.test(text[start - 1] ?? "");
  if (visible !== "" && !atNextLine) return [start, start + visible.length];
  const before = text.slice(0, start).trimEnd().length;
  return [Math.max(0, before - 1), before];
}

interface Implied {
  apiVersion: string;
  kind: string;
}

/** The resources of a document's root: itself, or the items of a `kind: List` (`ConfigMapList` …). */
function resourcesOf(root: Place, implied?: Implied): Resource[] {
  const apiVersion = root.child("apiVersion")?.text ?? implied?.apiVersion;
  const kind = root.child("kind")?.text ?? implied?.kind;
  if (root.kind !== "mapping" || apiVersion === undefined || kind === undefined) return [];
  const items = root.child("items");
  if (!kind.endsWith("List") || items?.kind !== "sequence") return [buildResource(root, apiVersion, kind)];
  const inner = kind === "List" ? undefined : { apiVersion, kind: kind.slice(0, -"List".length) };
  return items.items().flatMap((item) => resourcesOf(item, inner));
}

function nodeOf<Type extends string>(
  type: Type,
  place: Place,
): { type: Type; range: Range; loc: SourceLoc; place: Place; at(path: Path): Found | Missing } {
  return { type, range: place.range, loc: place.loc, place, at: (path) => place.at(path) };
}

function buildResource(root: Place, apiVersion: string, kind: string): Resource {
  const resource: Resource = {
    ...nodeOf("Resource", root),
    apiVersion,
    group: groupOf(apiVersion),
    kind,
    name: root.find("metadata.name")?.text ?? "",
    namespace: root.find("metadata.namespace")?.text,
    patch: false,
    workload: undefined,
    rollout: undefined,
    analysisTemplate: undefined,
  };
  resource.workload = buildWorkload(resource);
  if (resource.group === "argoproj.io" && kind === "Rollout") resource.rollout = buildRollout(resource);
  if (resource.group === "argoproj.io" && /^(?:Cluster)?AnalysisTemplate$/.test(kind)) {
    resource.analysisTemplate = buildAnalysisTemplate(resource);
  }
  return resource;
}

function buildWorkload(resource: Resource): Workload | undefined {
  const known = workloadKind(resource.group, resource.kind);
  if (!known) return undefined;
  const { longRunning, kind } = known;
  const workload: Workload = {
    ...nodeOf("Workload", resource.place),
    kind,
    resource,
    longRunning,
    podTemplate: undefined,
  };
  const template = resource.place.find(known.template);
  if (template?.kind === "mapping") workload.podTemplate = buildPodTemplate(workload, template);
  return workload;
}

function buildPodTemplate(workload: Workload, place: Place): PodTemplate {
  const template: PodTemplate = { ...nodeOf("PodTemplate", place), workload, containers: [] };
  const listed = (key: string): Place[] => place.find(["spec", key])?.items() ?? [];
  template.containers = [
    ...listed("initContainers").map((item) =>
      buildContainer(template, item, item.find("restartPolicy")?.text !== "Always"),
    ),
    ...listed("containers").map((item) => buildContainer(template, item, false)),
  ];
  return template;
}

function buildContainer(podTemplate: PodTemplate, place: Place, init: boolean): Container {
  const container: Container = {
    ...nodeOf("Container", place),
    name: place.find("name")?.text ?? "",
    podTemplate,
    init,
    probes: [],
  };
  for (const [kind, key] of PROBES) {
    const probe = place.find([key]);
    if (probe?.kind === "mapping") container.probes.push(buildProbe(container, kind, probe));
  }
  return container;
}

function buildProbe(container: Container, kind: Probe["kind"], place: Place): Probe {
  const handler = HANDLERS.find((name) => place.find([name]) !== undefined);
  return { ...nodeOf("Probe", place), kind, container, handler };
}

function buildRollout(resource: Resource): Rollout {
  const strategy = (["canary", "blueGreen"] as const).find((name) =>
    resource.place.find(["spec", "strategy", name]),
  );
  return { ...nodeOf("Rollout", resource.place), resource, strategy };
}

function buildAnalysisTemplate(resource: Resource): AnalysisTemplate {
  const metrics = resource.place.find("spec.metrics")?.items() ?? [];
  return {
    ...nodeOf("AnalysisTemplate", resource.place),
    resource,
    metrics: metrics.map((place) => ({ ...nodeOf("Metric", place), name: place.find("name")?.text ?? "" })),
  };
}
