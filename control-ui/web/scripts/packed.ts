// Compresses what the build makes, once and as well as it goes: the control plane embeds these forms alone. The page's
// HTML stays as it is, because the control plane writes into it.
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const PACKED = /\.(js|css)$/;

export function packed(): Plugin {
  return {
    name: "packed",
    apply: "build",
    generateBundle: {
      // After the page's HTML was made, which names the files.
      order: "post",
      handler(_, bundle) {
        for (const [name, made] of Object.entries(bundle)) {
          if (!PACKED.test(name)) continue;
          const bytes = Buffer.from(made.type === "chunk" ? made.code : made.source);
          this.emitFile({ type: "asset", fileName: `${name}.br`, source: brotliCompressSync(bytes) });
          this.emitFile({ type: "asset", fileName: `${name}.gz`, source: gzipSync(bytes, { level: 9 }) });
          Reflect.deleteProperty(bundle, name);
        }
      },
    },
  };
}
