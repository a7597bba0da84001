import type { Files } from "@yantra-lint/core";
import { describe, expect, it } from "vitest";
import { deployment, findingsOf, told } from "../testing.ts";
import rule from "./no-mutable-image.ts";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;

function app(image: string): string {
  return deployment(`- name: api\n  image: ${image}`);
}

function tell(files: Files | string, digest = false): string[] {
  const repository = typeof files === "string" ? { "deploy/app.yaml": app(files) } : files;
  return findingsOf(rule, repository, { options: [{ digest }] }).map(told);
}

describe("no-mutable-image: valid", () => {
  it.each([
    "app:1.2.3",
    "registry.example.com:5000/team/app:v1",
    "app:main-3f2a1c9",
    "rollouts-demo:blue",
    `app@${DIGEST}`,
    `app:latest@${DIGEST}`,
    // No reference: a placeholder that a tool replaces, or nothing at all.
    "IMAGE",
    "${REGISTRY}/app",
    '"{{ .Values.image }}"',
    "$(IMAGE):latest",
    '" "',
    "",
  ])("%s", (image) => {
    expect(tell(image)).toEqual([]);
  });

  it("asks no digest of a version tag by default, and none of a digest with the option", () => {
    expect(tell(`app:1@${DIGEST}`, true)).toEqual([]);
  });

  it("an image that a kustomization replaces, through bases and components", () => {
    const base = { "base/kustomization.yaml": "resources: [app.yaml]\n", "base/app.yaml": app("app") };
    expect(
      tell({
        ...base,
        "prod/kustomization.yaml": 'resources: [../base]\nimages: [{ name: app, newTag: "1.2" }]\n',
      }),
    ).toEqual([]);
    expect(
      tell(
        {
          ...base,
          "prod/kustomization.yaml": "resources: [../base]\ncomponents: [../tags]\n",
          "tags/kustomization.yaml": `kind: Component\nimages: [{ name: app, digest: "${DIGEST}" }]\n`,
        },
        true,
      ),
    ).toEqual([]);
  });

  it("an image that is never pulled, so that no registry's tag decides what runs", () => {
    expect(tell(`app:dev\n  imagePullPolicy: Never`)).toEqual([]);
  });

  it("an image that skaffold builds, below its directory", () => {
    const skaffold = "apiVersion: skaffold/v4beta1\nkind: Config\nbuild: { artifacts: [{ image: app }] }\n";
    expect(tell({ "skaffold.yaml": skaffold, "deploy/app.yaml": app("app") })).toEqual([]);
  });

  it.each([
    ["in a profile", "profiles: [{ name: dev, build: { artifacts: [{ image: app }] } }]"],
    [
      "added by a profile's patch",
      "profiles: [{ name: dev, patches: [{ op: add, path: /build/artifacts/-, value: { image: app } }] }]",
    ],
    [
      "all replaced by a profile's patch",
      "profiles: [{ name: dev, patches: [{ op: replace, path: /build/artifacts, value: [{ image: app }] }] }]",
    ],
    [
      "renamed by a profile's patch",
      "profiles: [{ name: dev, patches: [{ op: replace, path: /build/artifacts/0/image, value: app }] }]",
    ],
  ])("an image that skaffold builds, %s", (_, lines) => {
    const skaffold = `apiVersion: skaffold/v4beta13\nkind: Config\n${lines}\n`;
    expect(tell({ "skaffold.yaml": skaffold, "deploy/app.yaml": app("app") })).toEqual([]);
  });

  it("an image that an included configuration builds, beside the one that includes it", () => {
    const included =
      "apiVersion: skaffold/v4beta13\nkind: Config\nbuild: { artifacts: [{ image: app }] }\nrequires: [{ path: ../../skaffold.yaml }]\n";
    const including = (path: string): string =>
      `apiVersion: skaffold/v4beta13\nkind: Config\nrequires: [{ path: ${path} }]\n`;
    const files = { "src/app/skaffold.yaml": included, "deploy/app.yaml": app("app") };
    expect(tell(files)).toEqual(["deploy/app.yaml:11:18-11:21 untagged"]);
    expect(tell({ ...files, "skaffold.yaml": including("src/app/skaffold.yaml") })).toEqual([]);
    expect(
      tell({ ...files, "src/skaffold.yaml": including("app"), "skaffold.yaml": including("./src") }),
    ).toEqual([]);
    expect(tell({ ...files, "src/skaffold.yaml": including("app") })).toEqual([
      "deploy/app.yaml:11:18-11:21 untagged",
    ]);
  });
});

describe("no-mutable-image: invalid", () => {
  it("an image that a kustomization's patch sets", () => {
    const files = {
      "base/kustomization.yaml": "resources: [app.yaml]\n",
      "base/app.yaml": app("app:1"),
      "prod/kustomization.yaml": "resources: [../base]\npatches: [{ path: image.yaml }]\n",
      "prod/image.yaml": app("app:latest"),
    };
    expect(tell(files)).toEqual(["prod/image.yaml:11:22-11:28 moving"]);
  });

  it.each([
    ["app", "deploy/app.yaml:11:18-11:21 untagged"],
    ["registry:5000/app", "deploy/app.yaml:11:18-11:35 untagged"],
    ["app:latest", "deploy/app.yaml:11:22-11:28 moving"],
    ['"registry:5000/app:Main"', "deploy/app.yaml:11:37-11:41 moving"],
    ["app:nightly", "deploy/app.yaml:11:22-11:29 moving"],
    ["app:dev\n  imagePullPolicy: Always", "deploy/app.yaml:11:22-11:25 moving"],
    ["app:stable", "deploy/app.yaml:11:22-11:28 moving"],
    ["redis:alpine", "deploy/app.yaml:11:24-11:30 moving"],
    ["app:latest-slim", "deploy/app.yaml:11:22-11:33 moving"],
    ["app:1.2-SNAPSHOT", "deploy/app.yaml:11:22-11:34 moving"],
    // The source is not literally the value: the whole of it.
    ['"app:l\\u0061test"', "deploy/app.yaml:11:18-11:35 moving"],
  ])("%s", (image, finding) => {
    expect(tell(image)).toEqual([finding]);
  });

  it("says what happens and names the image", () => {
    const [untagged] = findingsOf(rule, { "a.yaml": app("app") });
    expect(untagged?.message).toBe(
      'The image "app" has no tag, so each node pulls whatever "latest" is when it starts the pod, and a rollback starts the same image again. Name the version that was tested, or its digest.',
    );
    const [moving] = findingsOf(rule, { "a.yaml": app("app:edge") });
    expect(moving?.message).toBe(
      'The tag "edge" of app moves: pods of one release run different code, and a rollback pulls what the tag means by then. Name the version that was tested, or its digest.',
    );
  });

  it("asks for the digest of an image that has no tags of versions", () => {
    const distroless = app("gcr.io/distroless/static-debian12");
    const messages = [distroless, app("gcr.io/distroless/static-debian12:latest")].flatMap((text) =>
      findingsOf(rule, { "a.yaml": text }).map(({ message }) => message.split(". ").at(-1)),
    );
    const advice = "Name its digest (`@sha256:…`), because its registry has no tags of versions.";
    expect(messages).toEqual([advice, advice]);
  });

  it("a version without digest, when the option asks for one", () => {
    const findings = findingsOf(rule, { "a.yaml": app("app:1.2") }, { options: [{ digest: true }] });
    expect(findings.map(told)).toEqual(["a.yaml:11:18-11:25 undigested"]);
    expect(findings[0]?.message).toContain('The image "app:1.2" is not pinned by a digest');
  });

  it("in init containers, Jobs, CronJobs and Pods", () => {
    const spec = "{ initContainers: [{ name: a, image: a }], containers: [{ name: b, image: b }] }";
    const text = [
      `apiVersion: v1\nkind: Pod\nspec: ${spec}\n`,
      `apiVersion: batch/v1\nkind: CronJob\nspec: { jobTemplate: { spec: { template: { spec: ${spec} } } } }\n`,
    ].join("---\n");
    expect(tell({ "a.yaml": text })).toEqual([
      "a.yaml:3:44-3:45 untagged",
      "a.yaml:3:81-3:82 untagged",
      "a.yaml:7:87-7:88 untagged",
      "a.yaml:7:124-7:125 untagged",
    ]);
  });

  it("a kustomization's own tag, in place of the one it replaces", () => {
    expect(
      tell({
        "kustomization.yaml":
          "resources: [app.yaml]\nimages:\n  - name: app\n    newName: registry/app\n    newTag: latest\n",
        "app.yaml": app("app"),
      }),
    ).toEqual(["kustomization.yaml:5:13-5:19 moving"]);
  });

  it("what a kustomization of other files, or one with another name only, does not replace", () => {
    const other = 'resources: [other.yaml]\nimages: [{ name: app, newTag: "1" }]\n';
    expect(tell({ "other/kustomization.yaml": other, "app.yaml": app("app") })).toEqual([
      "app.yaml:11:18-11:21 untagged",
    ]);
    const renamed = "resources: [app.yaml]\nimages: [{ name: app, newName: team/app }]\n";
    expect(tell({ "kustomization.yaml": renamed, "app.yaml": app("app") })).toEqual([
      "app.yaml:11:18-11:21 untagged",
    ]);
  });
});
