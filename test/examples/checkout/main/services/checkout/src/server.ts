// @yantra-owner checkout
import express from "express";
import type { ErrorRequestHandler } from "express";
import { isReady, pool } from "./db.ts";
import { countRequest, exposition } from "./metrics.ts";
import { cart } from "./routes/cart.ts";
import { orders } from "./routes/orders.ts";
import { payments } from "./routes/payments.ts";

const app = express();
app.disable("x-powered-by");
app.use((request, response, next) => {
  response.on("finish", () => countRequest(request.method, response.statusCode));
  next();
});
app.use(express.json({ limit: "64kb" }));

// The process runs: what the startup probe asks.
app.get("/healthz", (_request, response) => {
  response.json({ status: "ok" });
});

// The event loop turns. No dependency is asked: restarting does not mend a database.
app.get("/livez", (_request, response) => {
  response.json({ status: "ok" });
});

// Orders can be taken: the database answers.
app.get("/readyz", async (_request, response) => {
  const ready = await isReady();
  response.status(ready ? 200 : 503).json({ status: ready ? "ok" : "database unavailable" });
});

app.get("/metrics", async (_request, response) => {
  const { contentType, text } = await exposition();
  response.type(contentType).send(text);
});

app.use("/assets", express.static("public", { maxAge: "1h" }));
app.use(cart);
app.use(orders);
app.use(payments);

const onError: ErrorRequestHandler = (error, _request, response, _next) => {
  console.error(error);
  response.status(500).json({ error: "internal" });
};
app.use(onError);

const server = app.listen(Number(process.env.PORT ?? 8080));

process.on("SIGTERM", () => {
  server.close(() => {
    void pool.end();
  });
});
