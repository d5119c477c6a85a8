import { readdirSync } from "node:fs";
import js from "@eslint/js";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import globals from "globals";
import tseslint from "typescript-eslint";

/**
 * Who may import whom. A room stands on the shared pieces and knows no other room: what two rooms
 * share is either a URL (src/paths.ts) or a piece of src/ui.
 */
const allowed = {
  language: ["preferences"],
  theme: ["preferences"],
  live: ["api", "language"],
  api: ["language"],
  ui: ["language", "theme", "live", "api", "preferences", "paths"],
  rooms: ["ui", "language", "live", "api", "paths"],
};
const parts = ["app", "rooms", "ui", "api", "live", "theme", "language", "preferences", "paths"];

const walls = Object.entries(allowed).map(([part, may]) => ({
  files: [`src/${part}/**`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: parts
          .filter((other) => other !== part && !may.includes(other))
          .map((other) => ({
            regex: `^(\\.\\./)+${other}(/|$)`,
            message: `src/${part} may import only ${may.join(", ")} (see eslint.config.js).`,
          })),
      },
    ],
  },
}));

const rooms = readdirSync(new URL("./src/rooms", import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

const roomWalls = rooms.map((room) => ({
  files: [`src/rooms/${room}/**`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          ...rooms
            .filter((other) => other !== room)
            .map((other) => ({
              regex: `^(\\.\\./)+(rooms/)?${other}/`,
              message: "A room does not import another room: link to its page through src/paths.ts.",
            })),
          {
            regex: "^(\\.\\./)+(app|theme|preferences)(/|$)",
            message: `src/rooms may import only ${allowed.rooms.join(", ")} (see eslint.config.js).`,
          },
          {
            group: ["echarts", "echarts/*"],
            message: "Charts only through src/ui, so that each has its text alternative and our colours.",
          },
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ["node_modules", "src/api/schema.ts"] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  reactHooks.configs.flat["recommended-latest"],
  jsxA11y.flatConfigs.strict,
  {
    languageOptions: { globals: globals.browser },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "no-console": "error",
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
      eqeqeq: ["error", "always"],
      // A region that scrolls takes the focus, so that the keyboard can scroll it.
      "jsx-a11y/no-noninteractive-tabindex": ["error", { roles: ["tabpanel", "region"] }],
    },
  },
  ...walls,
  ...roomWalls,
  {
    files: ["scripts/**", "*.js", "vite.config.ts"],
    languageOptions: { globals: globals.node },
    rules: { "no-console": "off" },
  },
);
