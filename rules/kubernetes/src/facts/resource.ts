import type { ContainerFact, HttpProbeFact, Lines, ResourceFact } from "@yantra-lint/core";
import type { Place } from "@yantra-lint/yaml";
import type { Container, Resource } from "../language/nodes.ts";
import { isPortless } from "../serving.ts";
import { experimentLabels } from "./experiments.ts";
import { providedBy } from "./provides.ts";
import { referencesOf } from "./references.ts";
import { regionAt, regionOfRange, textMembers } from "./regions.ts";
import { updateOf } from "./update.ts";

/** What one resource declares and uses. `placeholders`: its file has texts that a tool fills in later. */
export function resourceFact(resource: Resource, lines: Lines, placeholders: boolean): ResourceFact {
  const { place, kind, group, namespace } = resource;
  const named = place.find("metadata.name") ?? place.find("kind") ?? place;
  const podLabels = resource.workload
    ? resource.workload.podTemplate?.place.find("metadata.labels")
    : undefined;
  const makesPods = resource.workload?.podTemplate ?? place.find("spec.template.metadata.labels");
  const selector = selectorOf(resource);
  const keys = group === "" ? dataKeys(place, kind) : undefined;
  const provides = providedBy(resource);
  const experiments = experimentLabels(resource);
  return {
    type: "resource",
    path: "",
    ...regionAt(lines, named),
    apiVersion: resource.apiVersion,
    kind,
    name: resource.name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(resource.patch ? { patch: true } : {}),
    complete: !(placeholders && hasOpenText(place)),
    labels: textMembers(place.find("metadata.labels")),
    ...(makesPods
      ? { podLabels: textMembers(podLabels ?? place.find("spec.template.metadata.labels")) }
      : {}),
    ...(experiments.length > 0 ? { otherPodLabels: experiments } : {}),
    ...(selector ? { selector: { labels: textMembers(selector), ...regionAt(lines, selector) } } : {}),
    ...(kind === "Service" && group === "" && isPortless(place) ? { portless: true } : {}),
    ...(keys ? { keys } : {}),
    ...(provides.length > 0 ? { provides } : {}),
    ...updateOf(resource, lines),
    references: referencesOf(resource, lines),
    containers: (resource.workload?.podTemplate?.containers ?? []).map((container) =>
      containerFact(container, lines),
    ),
  };
}

/** Whether the parts that other files are compared with hold a placeholder: names, labels, selectors. */
function hasOpenText(place: Place): boolean {
  const texts = ["metadata.name", "metadata.namespace"].flatMap((path) => place.find(path) ?? []);
  const maps = [
    "metadata.labels",
    "spec.selector",
    "spec.selector.matchLabels",
    "spec.template.metadata.labels",
  ];
  const members = maps.flatMap((path) => (place.find(path)?.entries() ?? []).map(([, member]) => member));
  return [...texts, ...members].some((text) => text.open);
}

/** What selects pods; not of a workload's patch, because a workload with a selector counts as a whole one. */
function selectorOf({ kind, group, place, workload, patch }: Resource): Place | undefined {
  if (kind === "Service" && group === "") return place.find("spec.selector");
  return !workload || patch ? undefined : place.find("spec.selector.matchLabels");
}
/**
 * The keys of a ConfigMap or Secret as far as the manifest decides them: not when a controller fills them in
 * (service account tokens, injected CA bundles, cert-manager's and reflector's annotations).
 */
function dataKeys(place: Place, kind: string): string[] | undefined {
  if (kind !== "ConfigMap" && kind !== "Secret") return undefined;
  if (place.find("type")?.text === "kubernetes.io/service-account-token") return undefined;
  const notes = ["metadata.labels", "metadata.annotations"].flatMap(
    (path) => place.find(path)?.entries() ?? [],
  );
  if (notes.some(([name]) => /inject|reflect|replicat|trusted-cabundle/.test(name))) return undefined;
  const keys = ["data", "binaryData", "stringData"].flatMap((path) => place.find(path)?.entries() ?? []);
  return keys.map(([name]) => name);
}

function containerFact(container: Container, lines: Lines): ContainerFact {
  const { place, name, init } = container;
  const image = place.find("image");
  return {
    ...regionAt(lines, place.find("name") ?? place),
    name,
    image: image?.text ?? "",
    ...(image?.text === undefined ? {} : { imageRegion: regionAt(lines, image) }),
    ...(place.find("imagePullPolicy")?.text === "Never" ? { neverPulled: true } : {}),
    init,
    ports: (place.find("ports")?.items() ?? []).flatMap((port) => {
      const number = port.find("containerPort")?.value;
      const portName = port.find("name")?.text;
      if (typeof number !== "number") return [];
      return [{ ...(portName === undefined ? {} : { name: portName }), port: number }];
    }),
    httpProbes: container.probes.flatMap((probe) => httpProbeFact(probe.kind, probe.place, lines) ?? []),
  };
}

/** An httpGet probe; without a path the kubelet asks for "/" (Kubernetes API reference, HTTPGetAction). */
function httpProbeFact(probe: HttpProbeFact["probe"], place: Place, lines: Lines): HttpProbeFact | undefined {
  const httpGet = place.find("httpGet");
  const port = httpGet?.find("port")?.value;
  if (!httpGet || (typeof port !== "number" && typeof port !== "string")) return undefined;
  const path = httpGet.find("path");
  if (path?.open) return undefined;
  const httpPath = (path?.text ?? "/").replace(/[?#].*$/, "");
  return {
    probe,
    httpPath: httpPath.startsWith("/") ? httpPath : `/${httpPath}`,
    port,
    ...(path ? regionAt(lines, path) : regionOfRange(lines, httpGet.keyRange)),
  };
}
