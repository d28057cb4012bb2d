/// <reference types="vitest/config" />
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The page is embedded in the control plane's binary and served under a strict content security policy: no inline
// script, no asset from elsewhere. A relative base lets it work under a sub-path, too.
export default defineConfig({
  base: "./",
  plugins: [react()],
  build: {
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // One page, loaded once from the local machine: splitting would only add requests.
    chunkSizeWarningLimit: 700,
  },
  server: {
    // `npm run dev` talks to a control plane on its default address.
    proxy: { "/api": process.env.CONTROL_UI ?? "http://127.0.0.1:8000" },
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/test/setup.ts"],
    restoreMocks: true,
  },
});
