import {
  type ContainerFact,
  defineWorkspaceRule,
  type HttpProbeFact,
  nearestWord,
  type RelatedLocation,
  type ResourceFact,
  type RouteFact,
  type Service,
  serviceOf,
  type WorkspaceRuleContext,
} from "@yantra-lint/core";
import { answers, routesOf, type ServiceRoutes } from "../services.ts";

const CONSEQUENCES = {
  startup: "restarts the container again and again, so the rollout never completes",
  readiness: "never calls the pod ready, so the rollout never completes",
  liveness: "kills the container again and again",
} as const;

/**
 * The kubelet asks with GET, follows redirects on the same host, and takes 200 to 399 for success
 * (kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#probe-check-methods).
 */
export default defineWorkspaceRule({
  meta: {
    type: "problem",
    docs: {
      description: "Require an HTTP probe's path to be a route of the service's code",
      recommended: "error",
    },
    schema: [],
    messages: {
      noRoute:
        "The {{probe}} probe of {{container}} asks for {{path}}, which {{service}} does not answer: the kubelet gets 404 and {{consequence}}. Add the route, or name one that exists.",
      nearRoute:
        "The {{probe}} probe of {{container}} asks for {{path}}, which {{service}} does not answer: the kubelet gets 404 and {{consequence}}. Did you mean {{nearest}}?",
      wrongMethod:
        "The {{probe}} probe of {{container}} asks for {{path}} with GET, but {{service}} answers there only to {{methods}}: the kubelet gets 404 or 405 and {{consequence}}. Add a GET route.",
    },
  },
  check(context) {
    const known = new Map<string, ServiceRoutes>();
    for (const resource of context.facts.of("resource")) {
      for (const container of resource.containers) {
        if (container.httpProbes.length === 0) continue;
        const service = serviceOf(container.image, context.facts, context.settings);
        if (!service) continue;
        const code = known.get(service.directory) ?? routesOf(service, context.facts);
        known.set(service.directory, code);
        if (!code.proven || code.dynamic.length > 0) continue;
        for (const probe of container.httpProbes)
          judge(context, { resource, container, probe, service, code });
      }
    }
  },
});

interface Case {
  resource: ResourceFact;
  container: ContainerFact;
  probe: HttpProbeFact;
  service: Service;
  code: ServiceRoutes;
}

function judge(context: WorkspaceRuleContext, { resource, container, probe, service, code }: Case): void {
  const path = `/${probe.httpPath.replace(/[?#].*$/, "").replace(/^\/+/, "")}`;
  // Placeholders of templates, and files, which are served without being routes.
  if (/[{}$]/.test(path)) return;
  const matching = code.routes.filter((route) => answers(route, path, code.prefixes));
  if (matching.some(({ method }) => method === "GET" || method === "*")) return;
  if (matching.length === 0 && /\.\w+$/.test(path)) return;
  const nearest = matching[0] ?? nearestRoute(path, code.routes);
  const methods = [...new Set(matching.map(({ method }) => method))].join(", ");
  const messageId = matching.length > 0 ? "wrongMethod" : nearest ? "nearRoute" : "noRoute";
  const { startLine, startColumn, endLine, endColumn } = probe;
  context.report({
    messageId,
    data: {
      probe: probe.probe,
      container: container.name,
      path,
      service: service.name,
      consequence: CONSEQUENCES[probe.probe],
      ...(messageId === "wrongMethod" ? { methods } : {}),
      ...(messageId === "nearRoute" && nearest ? { nearest: nearest.routePath } : {}),
    },
    location: { path: resource.path, startLine, startColumn, endLine, endColumn },
    related: otherEnd(service, code, nearest),
  });
}

/** The route that was probably meant: one that answers GET and is spelled alike. */
function nearestRoute(path: string, routes: readonly RouteFact[]): RouteFact | undefined {
  const candidates = routes.filter(
    ({ method, complete }) => complete && (method === "GET" || method === "*"),
  );
  const word = nearestWord(
    path,
    candidates.map(({ routePath }) => routePath),
  );
  return candidates.find(({ routePath }) => routePath === word);
}

/** The nearest route, else the package, else any route of the service: the code's end of the broken thread. */
function otherEnd(service: Service, code: ServiceRoutes, nearest: RouteFact | undefined): RelatedLocation[] {
  const fact = nearest ?? service.package ?? code.routes[0];
  if (!fact) return [];
  const { path, startLine, startColumn, endLine, endColumn } = fact;
  const message =
    fact.type === "route"
      ? `${fact.method === "*" ? "Any method" : fact.method} ${fact.routePath} is declared here.`
      : `The package ${service.name} declares ${count(code.routes)}, none of which answers.`;
  return [{ path, startLine, startColumn, endLine, endColumn, message }];
}

function count(routes: readonly RouteFact[]): string {
  return routes.length === 1 ? "one route" : `${routes.length} routes`;
}
