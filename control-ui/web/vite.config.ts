/// <reference types="vitest/config" />
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { packed } from "./scripts/packed";

// The page is embedded in the control plane's binary and served under a strict content security policy: no inline
// script, no asset from elsewhere. A relative base lets it work under a sub-path, too.
export default defineConfig({
  base: "./",
  plugins: [react(), packed()],
  build: {
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // What several pages share comes in one file rather than in twenty small ones.
      output: { codeSplitting: { groups: [{ name: "shared", minShareCount: 3 }] } },
    },
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
