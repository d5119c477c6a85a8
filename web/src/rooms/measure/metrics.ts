import { useRead } from "../../api";
import { useLanguage, useTexts } from "../../language";
import type { Counting, Metric, Units } from "./figures";
import { texts } from "./texts";

/** What figures mean: the catalogue by code, with each name and definition in the language in force. */
export function useMetrics() {
  const language = useLanguage();
  const items = useRead("/api/v1/metrics-catalogue").data?.items ?? [];
  const word = (both: Readonly<Record<string, string>>) => both[language === "zh" ? "zh-CN" : "en"] ?? "";
  const find = (code: string): Metric | undefined => items.find((metric) => metric.code === code);
  return {
    unit: (code: string) => find(code)?.unit,
    name: (code: string) => {
      const found = find(code);
      return found ? word(found.name) : code;
    },
    /** Formula, period and whom it counts, for a hover. */
    definition: (code: string) => {
      const found = find(code);
      return found && [found.formula, found.window, found.population].map(word).join("\n");
    },
  };
}

export function useCounting(): Counting {
  const { kOfN, nOnly, interval95 } = useTexts(texts);
  return { kOfN, nOnly, interval95 };
}

export function useUnits(): Units {
  const { points, minutes, stars, perHour } = useTexts(texts);
  return { points, minutes, stars, perHour };
}
