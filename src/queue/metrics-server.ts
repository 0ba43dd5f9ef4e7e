import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { PleuraError } from "../errors.ts";
import type { QueueMetrics } from "./metrics.ts";

/** Where something listens. */
export interface ListenAddress {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
}

/** Metrics that are being served. */
export interface MetricsServer {
  /** `http://127.0.0.1:9400/metrics` */
  readonly url: string;
  /** Ends it, and whoever is connected. */
  close(): void;
}

/**
 * Serves metrics to Prometheus: `GET /metrics`, and nothing else.
 *
 * @throws PleuraError `invalid-option` when nothing can listen there
 */
export async function serveMetrics(metrics: QueueMetrics, { host, port }: ListenAddress): Promise<MetricsServer> {
  const server = createServer(async (request, response) => {
    if (request.method !== "GET" || request.url !== "/metrics") {
      response.writeHead(404).end();
      return;
    }
    try {
      const text = await metrics.text();
      response.writeHead(200, { "content-type": metrics.contentType }).end(text);
    } catch {
      // Redis went away while it was asked.
      response.writeHead(503).end();
    }
  });
  await listen(server, host, port);
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${taken}/metrics`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (cause) {
    throw new PleuraError("invalid-option", `Metrics cannot be served at ${host}:${port}`, {
      stage: "options",
      measured: (cause as NodeJS.ErrnoException).code ?? String(cause),
      hint: "Give --metrics another port, or an address of this machine",
      cause,
    });
  }
}
