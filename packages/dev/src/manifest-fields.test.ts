import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { FIELD_SOURCES, FIELDS_FILE, manifestFields, packageFolder } from "./manifest-fields.ts";
import { readJsonObject, readText } from "./repository.ts";

type Types = Readonly<Record<string, Readonly<Record<string, string>>>>;

const { types, kinds } = readJsonObject(FIELDS_FILE) as {
  types: Types;
  kinds: Readonly<Record<string, string>>;
};

describe("the field table", () => {
  test("is what the installed packages say", () => {
    expect(manifestFields() === readText(FIELDS_FILE), "run `pnpm generate`").toBe(true);
  });

  test("names only types that it has", () => {
    const named = Object.values(types)
      .flatMap((fields) => Object.values(fields))
      .flatMap((expression) => /#(.+)$/.exec(expression)?.[1] ?? []);
    expect([...named, ...Object.values(kinds)].filter((name) => !Object.hasOwn(types, name))).toEqual([]);
  });

  test("knows what is required, what may be left out, and what an embedded struct brings", () => {
    expect(types["apps/v1/DeploymentSpec"]).toMatchObject({
      "selector!": "#meta/v1/LabelSelector",
      replicas: "int",
      strategy: "#apps/v1/DeploymentStrategy",
    });
    expect(types["v1/HTTPGetAction"]).toMatchObject({ "port!": "int-or-string", scheme: "=HTTP|HTTPS" });
    expect(types["v1/ResourceRequirements"]).toMatchObject({ limits: "{}quantity" });
    expect(types["rbac.authorization.k8s.io/v1/RoleRef"]).toHaveProperty("apiGroup", "string");
    expect(types["argoproj.io/v1alpha1/RolloutAnalysisBackground"]).toHaveProperty("templates");
    expect(types["monitoring.coreos.com/v1/Endpoint"]).toHaveProperty("bearerTokenSecret");
  });

  test("may take each number for a whole one", () => {
    const fractions = FIELD_SOURCES.flatMap((name) => {
      const folder = path.join(packageFolder(name), "_schemas");
      return readdirSync(folder).filter(
        (file) =>
          file.endsWith(".js") && readFileSync(path.join(folder, file), "utf8").includes('type:"number"'),
      );
    });
    // Schemas of CRDs, which the table does not have.
    expect(fractions.filter((file) => !/V1(?:beta1)?JSONSchemaProps\.js$/.test(file))).toEqual([]);
  });
});
