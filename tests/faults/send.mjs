// Sends with a stock Node SDK: node send.mjs SDK HOST WRITE_KEY COUNT; SDK is segment or rudder.
// COUNT numbered events, or with COUNT "calls" one call of each kind.
import { createRequire } from "node:module";
const require = createRequire(new URL("../../web/package.json", import.meta.url));

const [sdk, host, writeKey, count] = process.argv.slice(2);
let failed = 0;
const complain = (error) => { failed += 1; console.error(String(error?.reason ?? error?.code ?? error)); };

function segment() {
  const { Analytics } = require("@segment/analytics-node");
  const analytics = new Analytics({ host, writeKey, path: "/v1/batch", flushAt: 50, maxRetries: 50, httpRequestTimeout: 20000 });
  analytics.on("error", complain);
  return { analytics, close: () => analytics.closeAndFlush({ timeout: 120000 }) };
}

function rudder() {
  const required = require("@rudderstack/rudder-sdk-node");
  const Analytics = required.default ?? required;
  const analytics = new Analytics(writeKey, { dataPlaneUrl: host, flushAt: 50, maxQueueSize: 50_000_000, timeout: 20000 });
  return { analytics, close: () => analytics.flush() };
}

const { analytics, close } = { segment, rudder }[sdk]();
if (count === "calls") {
  const user = { userId: `${sdk}-node`, anonymousId: `${sdk}-device` };
  analytics.identify({ ...user, traits: { plan: "gold" } });
  analytics.track({ ...user, event: "Call", properties: { n: 1 } });
  analytics.page({ ...user, name: "Start" });
  analytics.screen({ ...user, name: "Quotes" });
  analytics.group({ ...user, groupId: "g1", traits: { city: "Xiamen" } });
  analytics.alias({ userId: user.userId, previousId: user.anonymousId });
} else {
  const name = sdk === "segment" ? "Node Event" : "Rudder Node Event";
  for (let n = 0; n < Number(count); n += 1) {
    analytics.track({ userId: `${sdk}-node-${n % 100}`, event: name, properties: { n } });
    if (n % 500 === 499) await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
await close();
process.exit(failed ? 1 : 0);
