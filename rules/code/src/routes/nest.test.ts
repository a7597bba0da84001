import { expect, test } from "vitest";
import { told } from "../testing.ts";

const NEST = `import { Controller, Get, Post, All, Module, RequestMethod, VersioningType } from "@nestjs/common";
import { NestFactory, RouterModule } from "@nestjs/core";\n`;
const main = (lines: string): string =>
  `${NEST}async function bootstrap() { const app = await NestFactory.create(AppModule); ${lines} await app.listen(3000); }`;

test.each<[string, string, string[]]>([
  [
    "controllers",
    `${NEST}@Controller("cats") export class Cats { @Get() all() {} @Get(":id") one() {} @Post("/x") @All(["a", "b"]) y() {} }`,
    ["GET …/cats", "GET …/cats/:id", "POST …/cats/x", "* …/cats/a", "* …/cats/b"],
  ],
  [
    "a controller without path",
    `${NEST}@Controller() export class Health { @Get("healthz") check() {} }`,
    ["GET …/healthz"],
  ],
  [
    "several paths, and options",
    `${NEST}@Controller(["a", "b"]) class A { @Get("x") x() {} } @Controller({ path: "c", version: "1" }) class C { @Get() x() {} }`,
    ["GET …/a/x", "GET …/b/x", "GET …/c"],
  ],
  [
    "constants",
    `${NEST}const P = "cats"; @Controller(P) class Cats { @Get(\`\${P}-all\`) all() {} }`,
    ["GET …/cats/cats-all"],
  ],
  [
    "a computed controller path",
    `${NEST}@Controller(paths.cats) class Cats { @Get() all() {} }`,
    ["dynamic: the path of @Controller is computed"],
  ],
  ["a base class", `${NEST}export abstract class Base { @Get("health") health() {} }`, ["GET …/health"]],
  [
    "decorators of others",
    `import { Controller, Get } from "tsoa-like"; @Controller("x") class X { @Get() x() {} }`,
    [],
  ],
  ["no prefix", main(""), ["mount "]],
  ["a global prefix", main(`app.setGlobalPrefix("api");`), ["mount /api"]],
  [
    "exceptions",
    main(
      `app.setGlobalPrefix("/api/", { exclude: ["health", { path: "metrics", method: RequestMethod.GET }] });`,
    ),
    ["mount /api except /health, /metrics"],
  ],
  [
    "a computed prefix",
    main(`app.setGlobalPrefix(config.prefix);`),
    ["dynamic: the global prefix or its exceptions are computed"],
  ],
  ["URI versions", main(`app.enableVersioning();`), []],
  [
    "header versions change no path",
    main(`app.enableVersioning({ type: VersioningType.HEADER, header: "v" });`),
    ["mount "],
  ],
  [
    "RouterModule",
    `${NEST}@Module({ imports: [RouterModule.register([{ path: "admin", module: A }])] }) class M {}`,
    ["dynamic: RouterModule puts prefixes before modules"],
  ],
  [
    "modules that open paths",
    `${NEST}import { PrometheusModule } from "@willsoto/nestjs-prometheus"; @Module({ imports: [PrometheusModule.register()] }) class M {}`,
    ["dynamic: PrometheusModule opens paths of its own"],
  ],
])("nest: %s", (_, code, expected) => {
  expect(told(code)).toEqual(expected);
});
