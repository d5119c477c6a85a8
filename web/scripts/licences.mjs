// Refuses a dependency whose licence is not permissive, and keeps licences.md, the list of all of them.
import { readFileSync, writeFileSync } from "node:fs";

const permissive = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "CC-BY-4.0",
  "ISC",
  "MIT",
  "MIT-0",
  "Python-2.0",
  "Unlicense",
  "Zlib",
  "MIT OR Apache-2.0",
  "(MIT OR CC0-1.0)",
  "(MIT AND Zlib)",
]);
// Used to build, never shipped: a copyleft that binds only changes to the file itself is acceptable there.
const buildOnly = new Set(["MPL-2.0"]);
// Packages that name no licence but point to their file, which was read: the words of the MIT licence.
const asRead = new Map([
  ["@segment/facade 3.4.10", "MIT"],
  ["@segment/isodate 1.0.3", "MIT"],
  ["@segment/isodate-traverse 1.1.1", "MIT"],
  ["new-date 1.0.3", "MIT"],
]);

const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
const rows = [];
const refused = [];
for (const [place, { version, license: told = "unknown", dev = false }] of Object.entries(packages)) {
  if (place === "") continue;
  const name = place.replace(/^.*node_modules\//, "");
  const license = asRead.get(`${name} ${version}`) ?? told;
  if (!permissive.has(license) && !(dev && buildOnly.has(license)))
    refused.push(`${name} ${version}: ${license}`);
  if (!dev) rows.push(`| ${name} | ${version} | ${license} |`);
}
if (refused.length > 0) {
  console.error(`Not permissive, find another package:\n${refused.join("\n")}`);
  process.exit(1);
}
const page = `# Packages in the web app\n\nWritten by \`npm run licences\` from package-lock.json.\n\n| package | version | licence |\n|---|---|---|\n${[...new Set(rows)].sort().join("\n")}\n`;
if (process.argv.includes("--check")) {
  if (readFileSync("licences.md", "utf8") !== page) {
    console.error("licences.md is stale: npm run licences");
    process.exit(1);
  }
} else writeFileSync("licences.md", page);
