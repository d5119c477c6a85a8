import { theme as antd, type ThemeConfig } from "antd";
import { useEffect, useSyncExternalStore } from "react";
import { usePreference } from "../preferences";
import { dark, light, type Palette, variable } from "./tokens";

export type Mode = "light" | "dark";

// No font is fetched: the system's Latin face, then its Chinese one; Debian's are the last before giving up.
const FONT =
  '-apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", system-ui, sans-serif';

/** Ant Design in our colours. Its own algorithms would derive others, so each is named. */
export function antdTheme(mode: Mode, phone: boolean): ThemeConfig {
  const c = mode === "dark" ? dark : light;
  const state = (solid: string, soft: string) => ({ solid, soft });
  const [danger, warn, good] = [
    state(c.danger, c.dangerSoft),
    state(c.warn, c.warnSoft),
    state(c.good, c.goodSoft),
  ];
  return {
    algorithm: antd.defaultAlgorithm,
    hashed: false,
    token: {
      fontFamily: FONT,
      fontSize: 14,
      borderRadius: 6,
      controlHeight: phone ? 44 : 32,
      ...(phone && { controlHeightSM: 44 }),
      motionDurationMid: "0.14s",
      motionDurationSlow: "0.2s",
      wireframe: false,
      colorPrimary: c.accent,
      colorBgBase: c.surface,
      colorTextBase: c.text,
      colorPrimaryHover: c.accentHover,
      colorPrimaryActive: c.accentHover,
      colorPrimaryBg: c.accentSoft,
      colorPrimaryBgHover: c.accentSoft,
      colorPrimaryBorder: c.accent, // outline of what has the focus
      colorPrimaryText: c.accentText,
      colorLink: c.accentText,
      colorLinkHover: c.accentHover,
      colorLinkActive: c.accentHover,
      colorTextLightSolid: c.onAccent,
      colorText: c.text,
      colorTextSecondary: c.muted,
      colorTextTertiary: c.faint,
      colorTextDescription: c.faint,
      colorTextPlaceholder: c.faint,
      colorIcon: c.faint,
      colorBgLayout: c.canvas,
      colorBgContainer: c.surface,
      colorBgElevated: c.raised,
      colorBgSpotlight: mode === "dark" ? "#e7e9ed" : "#20252e",
      colorBgTextHover: c.hover,
      colorBorder: c.lineStrong,
      colorBorderSecondary: c.line,
      colorSplit: c.line,
      colorFillAlter: c.sunken,
      colorFillSecondary: c.hover,
      colorFillTertiary: c.sunken,
      controlItemBgHover: c.hover,
      controlItemBgActive: c.accentSoft,
      controlItemBgActiveHover: c.accentSoft,
      controlOutline: "transparent",
      colorError: danger.solid,
      colorErrorBg: danger.soft,
      colorErrorText: danger.solid,
      colorErrorBorder: c.lineStrong,
      colorWarning: warn.solid,
      colorWarningBg: warn.soft,
      colorWarningText: warn.solid,
      colorWarningBorder: c.lineStrong,
      colorSuccess: good.solid,
      colorSuccessBg: good.soft,
      colorSuccessText: good.solid,
      colorSuccessBorder: c.lineStrong,
      colorInfo: c.accent,
      colorInfoBg: c.accentSoft,
      colorInfoText: c.accentText,
      colorInfoBorder: c.lineStrong,
    },
    components: {
      Button: { primaryShadow: "none", defaultShadow: "none", dangerShadow: "none", fontWeight: 500 },
      Tooltip: { colorTextLightSolid: mode === "dark" ? "#16191f" : "#ffffff" },
      Tabs: { itemSelectedColor: c.text, inkBarColor: c.accent, horizontalMargin: "0", titleFontSize: 14 },
      // The track's padding lies within the height: 48 leave 44 to the thumb.
      Segmented: {
        trackBg: c.sunken,
        itemSelectedBg: c.raised,
        itemColor: c.muted,
        ...(phone && { controlHeight: 48, controlHeightSM: 48 }),
      },
      Form: { itemMarginBottom: 20, verticalLabelPadding: "0 0 4px" },
      Skeleton: { gradientFromColor: c.hover, gradientToColor: c.sunken },
    },
  };
}

const darkSystem = typeof matchMedia === "function" ? matchMedia("(prefers-color-scheme: dark)") : null;
const narrow = typeof matchMedia === "function" ? matchMedia("(max-width: 767px)") : null;

function useMedia(query: MediaQueryList | null): boolean {
  return useSyncExternalStore(
    (listener) => {
      query?.addEventListener("change", listener);
      return () => query?.removeEventListener("change", listener);
    },
    () => query?.matches ?? false,
  );
}

/** True on a phone, where controls are 44 px high and navigation is at the thumb. */
export function usePhone(): boolean {
  return useMedia(narrow);
}

export function useMode(): Mode {
  const chosen = usePreference("theme");
  const system = useMedia(darkSystem);
  if (chosen !== "system") return chosen;
  return system ? "dark" : "light";
}

/** The colours in force, for charts, which take values and not variables. */
export function usePalette(): Palette {
  return useMode() === "dark" ? dark : light;
}

/** Puts the palette on the document as variables, and the direction of market colours. */
export function useDocumentTheme(mode: Mode): void {
  const rising = usePreference("rising");
  const language = usePreference("language");
  useEffect(() => {
    const root = document.documentElement;
    const palette = mode === "dark" ? dark : light;
    for (const [name, value] of Object.entries(palette))
      root.style.setProperty(variable(name), value as string);
    const redIsUp = rising === "red" || (rising === "auto" && language === "zh");
    root.style.setProperty("--up", redIsUp ? palette.red : palette.green);
    root.style.setProperty("--down", redIsUp ? palette.green : palette.red);
    root.style.setProperty("--font", FONT);
    root.dataset.theme = mode;
    root.lang = language === "zh" ? "zh-CN" : "en";
  }, [mode, rising, language]);
}
