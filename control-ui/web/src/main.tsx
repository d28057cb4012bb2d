// Entry: takes the sign-in code out of the address, sets the colour scheme, draws the page.
import "./mantine.css";
import "uplot/dist/uPlot.min.css";
import "./tokens.css";
import "./page.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { makeQueryClient } from "./api/queries";
import { App } from "./App";
import { applyScheme, schemeManager } from "./scheme";
import { takeCodeFromAddress } from "./session/code";
import { endSessionOn401 } from "./session/useSession";
import { theme, variables } from "./theme";

const link = { code: takeCodeFromAddress() };

applyScheme(schemeManager.get("auto"));
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
const client = makeQueryClient();
endSessionOn401(client);

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={variables}
        colorSchemeManager={schemeManager}
        defaultColorScheme="auto"
        getStyleNonce={() => nonce}
      >
        <QueryClientProvider client={client}>
          <App link={link} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
