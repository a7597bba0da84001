import type { FactBase } from "./fact-base.ts";

/** An HTTP route that code declares. */
export interface RouteFact extends FactBase<"route"> {
  framework: string;
  /** Upper case, or "*" for any. */
  method: string;
  /** Parameters as `:name`, a rest as `*`; begins with `/`. */
  routePath: string;
  /** False when a prefix may stand before the path (a router mounted elsewhere). */
  complete: boolean;
  /** What answers is a page for people, not an endpoint. */
  page?: true;
  /** What answers uses; absent where that cannot be seen. Of a health check its last handler only. */
  handler?: HandlerUses;
}

/** Routes or prefixes exist in this file that could not be read: absence of a route then proves nothing. */
export interface DynamicRoutesFact extends FactBase<"dynamicRoutes"> {
  framework: string;
  why: string;
}

/**
 * A prefix under which routes that other files of the package declare may stand: a router of another file is
 * mounted there, or (NestJS' `setGlobalPrefix`; "" for an application made without it) it stands before all.
 * It tells how an incomplete route's path may begin.
 */
export interface RoutePrefixFact extends FactBase<"routePrefix"> {
  framework: string;
  prefix: string;
  /** Route paths that go without the prefix. */
  except: string[];
  /** The specifier of the module whose router is mounted there, when it is an import's. */
  module?: string;
}

/** What code takes from another module: the specifier as written, and an export's name, members behind dots. */
export interface Use {
  specifier: string;
  /** `default` for a default import, a namespace or a whole module. */
  name: string;
}

/** What a route's handler uses of other modules, directly and through functions of its own file. */
export interface HandlerUses {
  uses: Use[];
  /** It may reach more than the file shows: what it does not use proves nothing. */
  opaque: boolean;
  /** It opens a connection itself, or asks an object that it is given or a state that other code keeps. */
  asks: boolean;
}

/** A health check that code declares: what stands below a `@yantra-health`. Region: the annotation's. */
export interface HealthCheckFact extends FactBase<"healthCheck"> {
  /** It speaks for the routes below. */
  prefix: string;
  /** Dependencies that it says it checks. */
  checks: string[];
  /** What it uses of other modules, directly and through functions of its own file. */
  uses: Use[];
  /** It may reach more than the file shows (`fetch`, an object it is given): what it does not use proves nothing. */
  opaque: boolean;
}

/**
 * A command that puts something in place on a cluster or in a cloud, given by code or by a script of a `package.json`;
 * dry runs and what is plainly local are left out. Region: the command, or the expression that makes it.
 */
export interface DeployCommandFact extends FactBase<"deployCommand"> {
  /** `kubectl`, `helm`, `terraform` … */
  tool: string;
  /** The tool and its subcommand, for messages: `kubectl set image`. */
  call: string;
  /** The script's name in a `package.json`. */
  script?: string;
}
