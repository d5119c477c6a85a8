import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const server = process.env.BIHUAN_SERVER ?? "http://127.0.0.1:8321";

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "../src/bihuan/web",
    emptyOutDir: true,
    // The licence texts of everything that ends up in the bundle, beside it in the wheel.
    license: { fileName: "licences.md" },
    // A picture inlined as data: is allowed by the content policy, a script or font would not be.
    chunkSizeWarningLimit: 700,
    assetsInlineLimit: (file) => (file.endsWith(".svg") ? undefined : false),
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            {
              name: "react",
              test: /node_modules[\\/](react|react-dom|react-router|scheduler|@tanstack)[\\/]/,
            },
            { name: "charts", test: /node_modules[\\/](echarts|zrender)[\\/]/ },
          ],
        },
      },
    },
  },
  server: {
    port: 5173,
    proxy: { "/api": { target: server, ws: true }, "/v1": { target: server } },
  },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
