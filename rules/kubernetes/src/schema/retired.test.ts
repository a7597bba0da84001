import { describe, expect, test } from "vitest";
import { isUpTo, NEWEST, retiredApi } from "./retired.ts";

describe("retiredApi", () => {
  test("reads a row", () => {
    expect(retiredApi("policy/v1beta1", "PodDisruptionBudget")).toEqual({
      apiVersion: "policy/v1beta1",
      kinds: ["PodDisruptionBudget"],
      deprecated: "1.21",
      removed: "1.25",
      replacement: "policy/v1",
      changes: "an empty spec.selector selects all pods of the namespace instead of none",
    });
    expect(retiredApi("flagger.app/v1alpha3", "Canary")).toMatchObject({
      project: "Flagger",
      removed: "1.0",
    });
    expect(retiredApi("policy/v1beta1", "PodSecurityPolicy")?.replacement).toBeUndefined();
  });

  test("knows nothing of what is served, and is not misled by names of Object.prototype", () => {
    expect(retiredApi("apps/v1", "Deployment")).toBeUndefined();
    expect(retiredApi("policy/v1", "PodDisruptionBudget")).toBeUndefined();
    expect(retiredApi("__proto__", "constructor")).toBeUndefined();
  });

  // The releases of the Deprecated API Migration Guide.
  test.each([
    ["extensions/v1beta1", "Deployment", "1.16"],
    ["apps/v1beta1", "StatefulSet", "1.16"],
    ["extensions/v1beta1", "Ingress", "1.22"],
    ["admissionregistration.k8s.io/v1beta1", "ValidatingWebhookConfiguration", "1.22"],
    ["apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", "1.22"],
    ["rbac.authorization.k8s.io/v1beta1", "RoleBinding", "1.22"],
    ["storage.k8s.io/v1beta1", "CSIDriver", "1.22"],
    ["autoscaling/v2beta1", "HorizontalPodAutoscaler", "1.25"],
    ["discovery.k8s.io/v1beta1", "EndpointSlice", "1.25"],
    ["autoscaling/v2beta2", "HorizontalPodAutoscaler", "1.26"],
    ["storage.k8s.io/v1beta1", "CSIStorageCapacity", "1.27"],
    ["flowcontrol.apiserver.k8s.io/v1beta2", "FlowSchema", "1.29"],
    ["flowcontrol.apiserver.k8s.io/v1beta3", "PriorityLevelConfiguration", "1.32"],
  ])("%s %s was removed in %s", (apiVersion, kind, removed) => {
    expect(retiredApi(apiVersion, kind)?.removed).toBe(removed);
  });

  test("a replacement is not itself removed", () => {
    const replacement = retiredApi("flowcontrol.apiserver.k8s.io/v1beta1", "FlowSchema")?.replacement;
    expect(replacement).toBe("flowcontrol.apiserver.k8s.io/v1");
    expect(retiredApi(replacement!, "FlowSchema")).toBeUndefined();
  });
});

test("releases are compared as numbers", () => {
  expect(isUpTo("1.9", "1.16")).toBe(true);
  expect(isUpTo("1.16", "1.16")).toBe(true);
  expect(isUpTo("1.22", "1.16")).toBe(false);
  expect(isUpTo(NEWEST, "2.0")).toBe(true);
});
