// Sends numbered events with the stock Node SDK: node send.mjs HOST WRITE_KEY COUNT
import { createRequire } from "node:module";
const require = createRequire(new URL("../../web/package.json", import.meta.url));
const { Analytics } = require("@segment/analytics-node");

const [host, writeKey, count] = process.argv.slice(2);
const analytics = new Analytics({ host, writeKey, path: "/v1/batch", flushAt: 50, maxRetries: 50, httpRequestTimeout: 20000 });
let failed = 0;
analytics.on("error", (error) => { failed += 1; console.error(String(error.reason ?? error.code)); });
for (let n = 0; n < Number(count); n += 1) {
  analytics.track({ userId: `node-${n % 100}`, event: "Node Event", properties: { n } });
  if (n % 500 === 499) await new Promise((resolve) => setTimeout(resolve, 20));
}
await analytics.closeAndFlush({ timeout: 120000 });
process.exit(failed ? 1 : 0);
