export { antdTheme, type Mode, useDocumentTheme, useMode, usePalette, usePhone } from "./theme";
export type { Palette } from "./tokens";
