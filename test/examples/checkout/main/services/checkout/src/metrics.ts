import { Counter, collectDefaultMetrics, register } from "prom-client";

collectDefaultMetrics();

const requests = new Counter({
  name: "http_requests_total",
  help: "HTTP requests answered, by method and status code.",
  labelNames: ["method", "code"],
});

/** Counts one answered request. */
export function countRequest(method: string, status: number): void {
  requests.inc({ method, code: String(status) });
}

/** The metrics as Prometheus scrapes them. */
export async function exposition(): Promise<{ contentType: string; text: string }> {
  return { contentType: register.contentType, text: await register.metrics() };
}
