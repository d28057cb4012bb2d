// Points Mantine at the tokens of tokens.css. Holds no colour that is not also a token there.
import { createTheme, InputWrapper, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

const accent: MantineColorsTuple = [
  "#eaf0fd",
  "#d3dffa",
  "#a9c0f5",
  "#7d9ff0",
  "#5a83ec",
  "#3f6be0",
  "#2f5dd3",
  "#2553c4",
  "#1d46ab",
  "#163886",
];
const red: MantineColorsTuple = [
  "#fcebea",
  "#f8d3d0",
  "#f1a9a4",
  "#ea7d76",
  "#e35a51",
  "#d64439",
  "#c6352b",
  "#b3261e",
  "#981d16",
  "#7a1610",
];
const dark: MantineColorsTuple = [
  "#e5e8ec",
  "#c6ccd4",
  "#a3acb8",
  "#717b89",
  "#414955",
  "#323842",
  "#252a31",
  "#1d2126",
  "#191c21",
  "#15181c",
];

export const theme = createTheme({
  colors: { accent, red, dark },
  primaryColor: "accent",
  primaryShade: { light: 7, dark: 6 },
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace",
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
  spacing: { xs: "0.25rem", sm: "0.5rem", md: "1rem", lg: "1.5rem", xl: "2rem" },
  radius: { xs: "2px", sm: "4px", md: "6px", lg: "8px", xl: "12px" },
  defaultRadius: "sm",
  headings: { fontWeight: "600", sizes: { h1: { fontSize: "1.25rem" }, h2: { fontSize: "0.875rem" } } },
  respectReducedMotion: true,
  focusRing: "auto",
  cursorType: "pointer",
  components: {
    // Help stands below the field, so that fields beside one another share a line whatever their help.
    InputWrapper: InputWrapper.extend({
      defaultProps: { inputWrapperOrder: ["label", "input", "error", "description"] },
    }),
  },
});

const shared = {
  "--mantine-color-body": "var(--tf-page)",
  "--mantine-color-text": "var(--tf-text)",
  "--mantine-color-dimmed": "var(--tf-muted)",
  "--mantine-color-placeholder": "var(--tf-muted)",
  "--mantine-color-error": "var(--tf-bad)",
  "--mantine-color-default": "var(--tf-surface)",
  "--mantine-color-default-hover": "var(--tf-sunken)",
  "--mantine-color-default-border": "var(--tf-control)",
};

export const variables: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared });
