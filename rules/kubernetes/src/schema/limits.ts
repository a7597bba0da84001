import type { Place } from "@yantra-lint/yaml";
import type { Limit } from "./problem.ts";
import { isPlaceholder, quantity } from "./scalars.ts";

/** A label's value, and the part of its key behind the slash (apimachinery, pkg/util/validation/validation.go). */
const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const QUALIFIED_NAME =
  /^(?:[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
/** A DNS label (RFC 1123), as names of containers and volumes must be. */
const DNS_LABEL = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

function numberAt(place: Place, key: string): number | undefined {
  const value = place.find([key])?.value;
  return typeof value === "number" ? value : undefined;
}

/** The numbers under some keys lie within bounds. A text, such as a port's name, is left to the types. */
function within(min: number, max: number, ...keys: string[]): Limit {
  return (place, say) => {
    for (const key of keys) {
      const at = place.find([key]);
      const value = at?.value;
      if (!at || typeof value !== "number" || (value >= min && value <= max)) continue;
      const bounds = max === Infinity ? `at least ${min}` : `from ${min} to ${max}`;
      say(at, `"${at.path}" is ${value}, but must be ${bounds}`, "write a number within these bounds");
    }
  };
}

/** Of some keys at most one may be there. */
function atMostOne(keys: readonly string[]): Limit {
  return (place, say) => {
    const given = keys.filter((key) => place.find([key]) !== undefined);
    const second = given[1] === undefined ? undefined : place.find([given[1]]);
    if (!second) return;
    const names = given.map((name) => `"${name}"`).join(" and ");
    say(second, `"${place.path}" has ${names}, of which only one may be there`, "take the others out");
  };
}

/** Whether a patch takes a value away, so that the API server never sees it. */
function isTakenAway(place: Place): boolean {
  return place.find(["$patch"])?.text === "delete";
}

/** The names of a list's items are given once. */
function uniqueNames(...lists: string[]): Limit {
  return (place, say) => {
    const seen = new Set<string>();
    for (const item of lists.flatMap((list) => place.find([list])?.items() ?? [])) {
      const name = item.find(["name"]);
      // A patch may take an item away and put another of the name in its place.
      if (name?.text === undefined || isTakenAway(item)) continue;
      if (seen.has(name.text))
        say(name, `"${name.path}" is "${name.text}" for a second time`, "give it another name");
      seen.add(name.text);
    }
  };
}

/** The value under a path is one of some, where it is given. */
function oneOf(path: string, allowed: readonly string[], why: string): Limit {
  return (place, say) => {
    const at = place.find(path);
    if (at?.text === undefined || at.open || allowed.includes(at.text)) return;
    say(at, `"${at.path}" is "${at.text}", which ${why}`, `write ${allowed.join(" or ")}`);
  };
}

const scalePercent: Limit = (place, say) => {
  for (const key of ["maxSurge", "maxUnavailable"]) {
    const at = place.find([key]);
    if (at?.text === undefined || at.open || /^\d+%$/.test(at.text)) continue;
    say(at, `"${at.path}" is "${at.text}", but must be a number or a percentage`, 'write it as 1 or "25%"');
  }
};

const movesAtAll: Limit = (place, say) => {
  const zero = (key: string): boolean => /^0%?$/.test(place.find([key])?.written ?? "");
  const at = place.find(["maxUnavailable"]);
  if (at && zero("maxSurge") && zero("maxUnavailable"))
    say(
      at,
      `"${place.path}" has neither surge nor unavailable pods, so no pod could ever be replaced`,
      "raise one of them",
    );
};

const recreate: Limit = (place, say) => {
  const at = place.find(["rollingUpdate"]);
  if (at && !isTakenAway(at) && place.find(["type"])?.value === "Recreate")
    say(at, `"${at.path}" may not be there when the type is Recreate`, "take it out, or write RollingUpdate");
};

const deadlineAfterReady: Limit = (place, say) => {
  const at = place.find(["progressDeadlineSeconds"]);
  const deadline = numberAt(place, "progressDeadlineSeconds");
  const ready = numberAt(place, "minReadySeconds");
  if (at && deadline !== undefined && ready !== undefined && deadline <= ready)
    say(at, `"${at.path}" is ${deadline}, but must be greater than minReadySeconds (${ready})`, "raise it");
};

const valueOrSource: Limit = (place, say) => {
  const source = place.find(["valueFrom"]);
  const value = place.find(["value"]);
  if (source && value && value.value !== "" && !isTakenAway(source))
    say(
      source,
      `"${place.path}" has "value" and "valueFrom", of which only one may be there`,
      "take one of them out",
    );
};

const requestsWithinLimits: Limit = (place, say) => {
  for (const [name, request] of place.find(["requests"])?.entries() ?? []) {
    const limit = place.find(["limits", name]);
    const [asked, most] = [quantity(request.written ?? ""), quantity(limit?.written ?? "")];
    if (asked === undefined || most === undefined || asked <= most) continue;
    const relation = `more than the limit of ${limit?.written ?? ""}`;
    say(
      request,
      `"${request.path}" is ${request.written ?? ""}, ${relation}`,
      "lower it, or raise the limit",
    );
  }
};

const replicasInOrder: Limit = (place, say) => {
  const at = place.find(["maxReplicas"]);
  const [min, max] = [numberAt(place, "minReplicas"), numberAt(place, "maxReplicas")];
  if (at && min !== undefined && max !== undefined && max < min)
    say(at, `"${at.path}" is ${max}, less than minReplicas (${min})`, "raise it");
};

const mountsWhatIsThere: Limit = (place, say, { root, whole }) => {
  if (!whole) return;
  const claims = root.find("spec.volumeClaimTemplates")?.items() ?? [];
  const volumes = new Set([
    ...(place.find(["volumes"])?.items() ?? []).map((volume) => volume.find(["name"])?.value),
    ...claims.map((claim) => claim.find("metadata.name")?.value),
  ]);
  for (const container of ["initContainers", "containers"].flatMap(
    (list) => place.find([list])?.items() ?? [],
  )) {
    for (const mount of container.find(["volumeMounts"])?.items() ?? []) {
      const name = mount.find(["name"]);
      if (name?.text === undefined || name.open || volumes.has(name.text)) continue;
      say(
        name,
        `"${name.path}" is "${name.text}", which is no volume of the pod`,
        "add the volume, or correct the name",
      );
    }
  }
};

const dnsLabel: Limit = (place, say) => {
  const at = place.find(["name"]);
  if (at?.text === undefined || isPlaceholder(at.text) || DNS_LABEL.test(at.text)) return;
  say(
    at,
    `"${at.path}" is "${at.text}", which is no DNS label`,
    "write at most 63 lower-case letters, digits and -",
  );
};

const imageGiven: Limit = (place, say, { whole }) => {
  if (whole && place.find(["image"]) === undefined)
    say(place.find(["name"]) ?? place, `"${place.path}" has no image`, "add one");
};

const labels: Limit = (place, say) => {
  for (const [key, value] of place.find(["labels"])?.entries() ?? []) {
    if (isPlaceholder(key) || isPlaceholder(value.text)) continue;
    if (!QUALIFIED_NAME.test(key))
      say(
        value,
        `"${key}" is no valid key for a label`,
        "write letters, digits, -, _ and . behind an optional domain",
      );
    else if (typeof value.value === "string" && !LABEL_VALUE.test(value.value))
      say(
        value,
        `"${value.path}" is "${value.value}", which no label may be`,
        "write at most 63 letters, digits, -, _ and ., or make it an annotation",
      );
  }
};

/** The pattern of Flagger's CRD for times. */
function minutesOrSeconds(key: string): Limit {
  return (place, say) => {
    const at = place.find([key]);
    if (at?.text === undefined || at.open || /^\d+[ms]/.test(at.text)) return;
    say(
      at,
      `"${at.path}" is "${at.text}", but must begin with minutes or seconds`,
      'write it as "1m" or "30s"',
    );
  };
}

const PORT = within(1, 65535, "port");
const CONTAINER: readonly Limit[] = [dnsLabel, imageGiven];
const AFFINITY_WEIGHT = within(1, 100, "weight");
const ALWAYS = oneOf("template.spec.restartPolicy", ["Always"], "its kind does not allow");

/**
 * What the API server refuses although each field has its type: pkg/apis/core/validation/validation.go, and
 * validation.go of apps, batch, autoscaling and policy in Kubernetes 1.34; for Flagger its CRD. By type. How a
 * probe must be is told by the rule valid-probe.
 */
export const LIMITS: Readonly<Record<string, readonly Limit[]>> = {
  "apps/v1/DaemonSetSpec": [within(0, Infinity, "minReadySeconds", "revisionHistoryLimit"), ALWAYS],
  "apps/v1/DeploymentSpec": [
    within(0, Infinity, "replicas", "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"),
    deadlineAfterReady,
    ALWAYS,
  ],
  "apps/v1/DeploymentStrategy": [recreate],
  "apps/v1/ReplicaSetSpec": [within(0, Infinity, "replicas", "minReadySeconds"), ALWAYS],
  "apps/v1/RollingUpdateDaemonSet": [scalePercent],
  "apps/v1/RollingUpdateDeployment": [scalePercent, movesAtAll],
  "apps/v1/StatefulSetSpec": [
    within(0, Infinity, "replicas", "minReadySeconds", "revisionHistoryLimit"),
    ALWAYS,
  ],
  "autoscaling/v1/HorizontalPodAutoscalerSpec": [within(1, Infinity, "maxReplicas"), replicasInOrder],
  "autoscaling/v2/HorizontalPodAutoscalerSpec": [within(1, Infinity, "maxReplicas"), replicasInOrder],
  "batch/v1/CronJobSpec": [
    within(0, Infinity, "startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"),
  ],
  "batch/v1/JobSpec": [
    within(0, Infinity, "parallelism", "completions", "backoffLimit", "ttlSecondsAfterFinished"),
    oneOf("template.spec.restartPolicy", ["Never", "OnFailure"], "a Job does not allow"),
  ],
  "flagger.app/v1beta1/CanaryAnalysis": [
    minutesOrSeconds("interval"),
    atMostOne(["iterations", "stepWeight", "stepWeights"]),
  ],
  "flagger.app/v1beta1/CanaryMetric": [minutesOrSeconds("interval")],
  "flagger.app/v1beta1/CanaryService": [within(1, 65535, "port")],
  "flagger.app/v1beta1/CanaryWebhook": [minutesOrSeconds("timeout")],
  "meta/v1/ObjectMeta": [labels],
  "policy/v1/PodDisruptionBudgetSpec": [atMostOne(["minAvailable", "maxUnavailable"])],
  "v1/Container": CONTAINER,
  "v1/ContainerPort": [within(1, 65535, "containerPort"), within(0, 65535, "hostPort")],
  "v1/EnvVar": [valueOrSource],
  "v1/EnvVarSource": [
    atMostOne(["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"]),
  ],
  "v1/GRPCAction": [PORT],
  "v1/HTTPGetAction": [PORT],
  "v1/LifecycleHandler": [atMostOne(["httpGet", "tcpSocket", "exec", "sleep"])],
  "v1/PodSpec": [uniqueNames("initContainers", "containers"), uniqueNames("volumes"), mountsWhatIsThere],
  "v1/PreferredSchedulingTerm": [AFFINITY_WEIGHT],
  "v1/Probe": [
    within(0, Infinity, "initialDelaySeconds", "timeoutSeconds", "periodSeconds"),
    within(0, Infinity, "successThreshold", "failureThreshold"),
  ],
  "v1/ResourceRequirements": [requestsWithinLimits],
  "v1/ServicePort": [PORT, within(1, 65535, "targetPort"), within(0, 65535, "nodePort")],
  "v1/TCPSocketAction": [PORT],
  "v1/WeightedPodAffinityTerm": [AFFINITY_WEIGHT],
};
