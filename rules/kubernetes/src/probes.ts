import type { Place } from "@yantra-lint/yaml";
import type { Container, Probe } from "./language/nodes.ts";

/** A probe's numbers, in seconds and failures in a row. */
export interface ProbeTiming {
  initialDelay: number;
  period: number;
  timeout: number;
  failures: number;
}

/**
 * The numbers of a probe with the API's defaults (kubernetes.io, "Configure Liveness, Readiness and Startup
 * Probes": delay 0 s, period 10 s, timeout 1 s, 3 failures; kubernetes, pkg/apis/core/v1/defaults.go,
 * SetDefaults_Probe: 0 means the default). Undefined when one of them is no number, as a placeholder is.
 */
export function timingOf({ place }: Probe): ProbeTiming | undefined {
  const initialDelay = seconds(place, "initialDelaySeconds", 0);
  const period = seconds(place, "periodSeconds", 10);
  const timeout = seconds(place, "timeoutSeconds", 1);
  const failures = seconds(place, "failureThreshold", 3);
  if (initialDelay === undefined || period === undefined || timeout === undefined || failures === undefined)
    return undefined;
  return { initialDelay, period, timeout, failures };
}

/**
 * Seconds from a probe's first failure to the one that reaches its `failureThreshold`, when all between fail too
 * (kubernetes 1.33, pkg/kubelet/prober/worker.go: the last of the failures in a row is the one that acts).
 */
export function patienceOf({ failures, period }: ProbeTiming): number {
  return (failures - 1) * period;
}

function seconds(place: Place, key: string, fallback: number): number | undefined {
  const member = place.find([key]);
  if (!member) return fallback;
  return typeof member.value === "number" ? member.value || fallback : undefined;
}

/** The probe of a kind that a container has. */
export function probeOf({ probes }: Container, kind: Probe["kind"]): Probe | undefined {
  return probes.find((probe) => probe.kind === kind);
}

/**
 * What a probe asks, in a form that is equal for equal questions: ports by number, the path's default filled in.
 * Undefined when it has no handler or more than one.
 */
export function questionOf(probe: Probe): string | undefined {
  const { container, handler, place } = probe;
  const asked = handler && place.find([handler]);
  if (!asked || handlersOf(probe).length > 1) return undefined;
  const port = asked.find("port")?.written;
  const number = declaredPorts(container).find(({ name }) => name === port)?.number ?? port;
  switch (handler) {
    case "httpGet":
      return JSON.stringify([
        handler,
        number,
        asked.find("path")?.written ?? "/",
        asked.find("httpHeaders")?.value,
      ]);
    case "grpc":
      return JSON.stringify([handler, number, asked.find("service")?.written ?? ""]);
    case "tcpSocket":
      return JSON.stringify([handler, number]);
    case "exec":
      return JSON.stringify([handler, commandOf(probe)]);
  }
}

const HANDLERS = ["httpGet", "tcpSocket", "grpc", "exec"] as const;

/** All handlers a probe has; the API accepts exactly one. */
export function handlersOf({ place }: Probe): string[] {
  return HANDLERS.filter((name) => place.find([name]) !== undefined);
}

/** The words of an exec probe's command. */
export function commandOf({ place }: Probe): string[] {
  return (place.find("exec.command")?.items() ?? []).map((word) => word.written ?? "");
}

/** The ports a container declares; `number` as it is written. */
export function declaredPorts({
  place,
}: Container): { name: string | undefined; number: string | undefined }[] {
  return (place.find("ports")?.items() ?? []).map((port) => ({
    name: port.find("name")?.text,
    number: port.find("containerPort")?.written,
  }));
}
