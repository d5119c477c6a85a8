import type { Language } from "./dictionary";

/** The exchange's time zone: every time on screen is in it, wherever the browser is. */
export const EXCHANGE = "Asia/Shanghai";

const locale = (language: Language): string => (language === "zh" ? "zh-CN" : "en-GB");

const cache = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();
function numbers(language: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `n${language}${JSON.stringify(options)}`;
  const made = cache.get(key) ?? new Intl.NumberFormat(locale(language), options);
  cache.set(key, made);
  return made as Intl.NumberFormat;
}
function dates(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `d${language}${JSON.stringify(options)}`;
  const made =
    cache.get(key) ?? new Intl.DateTimeFormat(locale(language), { timeZone: EXCHANGE, ...options });
  cache.set(key, made);
  return made as Intl.DateTimeFormat;
}

/** 12345 -> "12,345". */
export function count(value: number, language: Language): string {
  return numbers(language, { maximumFractionDigits: 0 }).format(value);
}

/** 12.345 -> "12.3". */
export function decimal(value: number, language: Language, digits = 1): string {
  return numbers(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

type Scale = readonly (readonly [from: number, by: number, unit: string])[];
const scales: Record<Language, Scale> = {
  zh: [
    [1e8, 1e8, " 亿"],
    [1e4, 1e4, " 万"],
  ],
  en: [
    [1e9, 1e9, "bn"],
    [1e6, 1e6, "m"],
    [1e4, 1e3, "k"],
  ],
};

/** A large number in the units people say: 万 and 亿, or k, m and bn; three significant figures. */
export function large(value: number, language: Language): string {
  const size = Math.abs(value);
  const step = scales[language].find(([from]) => size >= from);
  if (step === undefined) return count(value, language);
  const scaled = value / step[1];
  const digits = Math.abs(scaled) >= 100 ? 0 : Math.abs(scaled) >= 10 ? 1 : 2;
  return decimal(scaled, language, digits) + step[2];
}

/** Yuan as people say them: "¥12.5 万", "¥125k"; below ten thousand with cents only when there are some. */
export function money(yuan: number, language: Language): string {
  const sign = yuan < 0 ? "−" : "";
  const size = Math.abs(yuan);
  const text = size >= 1e4 ? large(size, language) : decimal(size, language, Number.isInteger(size) ? 0 : 2);
  return `${sign}¥${text}`;
}

/** Every cent: "¥125,430.00". */
export function exactMoney(yuan: number, language: Language): string {
  return `${yuan < 0 ? "−" : ""}¥${decimal(Math.abs(yuan), language, 2)}`;
}

/** A share as a percentage, "—" when there is nothing to divide by. */
export function percent(part: number, whole: number, language: Language, digits = 1): string {
  return whole === 0 ? "—" : `${decimal((part / whole) * 100, language, digits)}%`;
}

/** A difference of shares, in points, always with its sign: 0.113 -> "+11.3". */
export function points(difference: number, language: Language, digits = 1): string {
  const sign = difference > 0 ? "+" : difference < 0 ? "−" : "";
  return sign + decimal(Math.abs(difference * 100), language, digits);
}

const units = {
  zh: { second: " 秒", minute: " 分钟", hour: " 小时", day: " 天" },
  en: { second: " s", minute: " min", hour: " h", day: " d" },
} as const;

/** A length of time in at most two units: 95 -> "1 min 35 s", 7200 -> "2 h". */
export function duration(seconds: number, language: Language): string {
  const unit = units[language];
  const whole = Math.max(0, Math.round(seconds));
  const pair = (large: number, largeUnit: string, small: number, smallUnit: string) =>
    small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit} ${small}${smallUnit}`;
  if (whole < 60) return `${whole}${unit.second}`;
  if (whole < 3600)
    return pair(Math.floor(whole / 60), unit.minute, whole < 600 ? whole % 60 : 0, unit.second);
  if (whole < 86400)
    return pair(Math.floor(whole / 3600), unit.hour, Math.floor((whole % 3600) / 60), unit.minute);
  return pair(Math.floor(whole / 86400), unit.day, Math.floor((whole % 86400) / 3600), unit.hour);
}

/** How long ago or ahead, in one unit: "3 分钟前", "in 2 h". Beyond a week the date, with its year if another. */
export function relative(at: Date, now: Date, language: Language): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
  const size = Math.abs(seconds);
  if (size < 5) return language === "zh" ? "刚刚" : "just now";
  if (size >= 7 * 86400) return yearOf(at) === yearOf(now) ? day(at, language) : dayOfYear(at, language);
  const unit = units[language];
  const text =
    size < 60
      ? `${size}${unit.second}`
      : size < 3600
        ? `${Math.floor(size / 60)}${unit.minute}`
        : size < 86400
          ? `${Math.floor(size / 3600)}${unit.hour}`
          : `${Math.floor(size / 86400)}${unit.day}`;
  if (language === "zh") return seconds < 0 ? `${text}前` : `${text}后`;
  return seconds < 0 ? `${text} ago` : `in ${text}`;
}

/** "2026-03-02 09:31:07" in exchange time. */
export function exact(at: Date): string {
  const parts = dates("zh", {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")} ${part("hour")}:${part("minute")}:${part("second")}`;
}

/** "3月2日 周一" or "Mon 2 Mar". */
export function day(at: Date, language: Language): string {
  return dates(language, { month: "short", day: "numeric", weekday: "short" }).format(at);
}

/** "2027年3月2日" or "2 Mar 2027". */
export function dayOfYear(at: Date, language: Language): string {
  return dates(language, { year: "numeric", month: "short", day: "numeric" }).format(at);
}

const yearOf = (at: Date): string => exact(at).slice(0, 4);

/** "09:31" in exchange time. */
export function clock(at: Date): string {
  return exact(at).slice(11, 16);
}
