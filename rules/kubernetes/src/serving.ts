import type { Place } from "@yantra-lint/yaml";
import type { Container, PodTemplate, Resource } from "./language/nodes.ts";

/** Ports that only monitoring or the kubelet asks: nobody's request waits for them. */
const SIDE_PORT = /metric|exporter|prom|telemetry|pprof|jmx|debug|health|live|ready|probe/i;

/** An exporter's own name, or that of its image, before tag and digest. */
const EXPORTER = /(?:^|[-_])exporter(?:[:@]|$)/;

/**
 * Whether a port is a side door: its name says so, or it is that of a Prometheus exporter, which only Prometheus asks
 * whatever it is called. The container is then named after one, and the port is of those that exporters have
 * ("Default port allocations" in Prometheus' wiki, 9100 to 9999).
 */
export function isSidePort(
  port: { name?: string; port?: number },
  container: { name: string; image: string },
): boolean {
  if (SIDE_PORT.test(port.name ?? "")) return true;
  const { port: number = 0 } = port;
  const names = [container.name, container.image.split("/").at(-1) ?? ""];
  return number >= 9100 && number <= 9999 && names.some((name) => EXPORTER.test(name));
}

/**
 * Whether a container serves requests, as far as its file says so: it declares a port that is not a side door,
 * or it is its pod's only container and a Service of the same file selects the pod. A container without either
 * is taken for a worker. `ports` is informational in Kubernetes, so some servers are missed, but no worker is
 * asked for a probe.
 */
export function servesRequests(container: Container, neighbours: readonly Resource[]): boolean {
  if (container.init) return false;
  const ports = container.place.find("ports")?.items() ?? [];
  if (ports.length > 0)
    return ports.some((port) => {
      const [name, number] = [port.find("name")?.text, port.find("containerPort")?.value];
      const known = {
        ...(name === undefined ? {} : { name }),
        ...(typeof number === "number" ? { port: number } : {}),
      };
      return !isSidePort(known, { name: container.name, image: container.place.find("image")?.text ?? "" });
    });
  const { podTemplate } = container;
  const running = podTemplate.containers.filter(({ init }) => !init);
  return running.length === 1 && neighbours.some((resource) => isSelectedBy(podTemplate, resource));
}

function isSelectedBy(podTemplate: PodTemplate, { kind, group, place }: Resource): boolean {
  if (kind !== "Service" || group !== "" || isPortless(place)) return false;
  const selector = place.find("spec.selector")?.entries() ?? [];
  const labels = podTemplate.place.find("metadata.labels");
  return selector.length > 0 && selector.every(([name, { value }]) => labels?.find([name])?.value === value);
}

/**
 * Whether a Service is only a name in the DNS, such as the one that a StatefulSet must have (Kubernetes, "Headless
 * Services": without ports it has no endpoints' ports either): that it selects a pod does not tell of requests.
 */
export function isPortless(service: Place): boolean {
  const ports = service.find("spec.ports")?.items() ?? [];
  return service.find("spec.clusterIP")?.text === "None" && ports.length === 0;
}

/**
 * Whether a pod template is a whole one that a rollout replaces. A kustomize patch names a workload and changes
 * a part of it; it has no selector, which the API requires of every complete Deployment, StatefulSet, DaemonSet,
 * ReplicaSet and Rollout, or it is known as one. What has an owner is written by a controller, after the owner's template.
 */
export function isRolledOut({ workload }: PodTemplate): boolean {
  if (!workload.longRunning || workload.resource.patch || workload.place.find("metadata.ownerReferences"))
    return false;
  if (workload.kind === "ReplicationController" || workload.kind === "DeploymentConfig") return true;
  return workload.place.find("spec.selector") !== undefined;
}
