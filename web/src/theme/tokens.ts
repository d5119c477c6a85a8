/** Every colour of the product, once. `tokens.test.ts` proves the pairs in `mustRead` readable (WCAG AA). */
export interface Palette {
  canvas: string; // behind everything
  surface: string; // cards, tables, drawers
  raised: string; // menus, dialogs
  sunken: string; // headers of tables, wells, tracks of bars
  hover: string;
  line: string;
  lineStrong: string; // edges of controls
  text: string;
  muted: string;
  faint: string;
  accent: string; // solid accent: buttons, marks
  accentHover: string;
  accentText: string; // links and selected things on a surface
  accentSoft: string; // background of selected things
  onAccent: string;
  mark: string; // second tone of charts
  markSoft: string; // quiet marks: the control group, last week
  danger: string;
  dangerSoft: string;
  warn: string;
  warnSoft: string;
  good: string;
  goodSoft: string;
  red: string; // prices only
  green: string;
  shadow: string;
}

export const light: Palette = {
  canvas: "#f6f7f9",
  surface: "#ffffff",
  raised: "#ffffff",
  sunken: "#f1f3f6",
  hover: "#eceff4",
  line: "#e4e7ec",
  lineStrong: "#cbd1da",
  text: "#161a21",
  muted: "#4f5765",
  faint: "#636b79",
  accent: "#2f4fc4",
  accentHover: "#2742a8",
  accentText: "#2a47b0",
  accentSoft: "#e9eefc",
  onAccent: "#ffffff",
  mark: "#6d8af0",
  markSoft: "#aab3c2",
  danger: "#bf2626",
  dangerSoft: "#fdeceb",
  warn: "#8a5200",
  warnSoft: "#fff1d9",
  good: "#17703c",
  goodSoft: "#e5f4ea",
  red: "#c8282d",
  green: "#12753f",
  shadow: "0 1px 2px rgb(16 24 40 / 5%)",
};

export const dark: Palette = {
  canvas: "#0e1014",
  surface: "#16191f",
  raised: "#1d2129",
  sunken: "#12151a",
  hover: "#222730",
  line: "#272c35",
  lineStrong: "#3d4552",
  text: "#e7e9ed",
  muted: "#aab1bd",
  faint: "#949cab",
  accent: "#8fa6ff",
  accentHover: "#a8baff",
  accentText: "#a3b6ff",
  accentSoft: "#232b47",
  onAccent: "#0f1424",
  mark: "#5d78d8",
  markSoft: "#5c6575",
  danger: "#ff8a85",
  dangerSoft: "#3a1c1d",
  warn: "#f0b65f",
  warnSoft: "#35270f",
  good: "#70cf91",
  goodSoft: "#14301f",
  red: "#ff7b7b",
  green: "#5fcb8c",
  shadow: "0 1px 2px rgb(0 0 0 / 30%)",
};

/** [text, background] pairs that must reach 4.5 : 1 in both palettes. */
export const mustRead: readonly (readonly [keyof Palette, keyof Palette])[] = (
  [
    ["text", ["canvas", "surface", "raised", "sunken", "hover", "accentSoft"]],
    ["muted", ["canvas", "surface", "raised", "sunken", "hover", "accentSoft"]],
    ["faint", ["canvas", "surface", "raised", "sunken", "hover"]],
    ["accentText", ["canvas", "surface", "raised", "sunken", "hover", "accentSoft"]],
    ["onAccent", ["accent", "accentHover"]],
    ["danger", ["canvas", "surface", "raised", "dangerSoft"]],
    ["warn", ["canvas", "surface", "raised", "warnSoft"]],
    ["good", ["canvas", "surface", "raised", "goodSoft"]],
    ["red", ["surface"]],
    ["green", ["surface"]],
  ] as const
).flatMap(([text, backgrounds]) => backgrounds.map((background) => [text, background] as const));

/** `accentSoft` -> `--accent-soft`. */
export function variable(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
