import { type Both } from "../../language";

/** The six customers of the demo; all but the first have an account already. */
export const parts = [
  "young_beginner",
  "fund_saver",
  "active_trader",
  "retired_c1",
  "high_net_worth",
  "dormant",
] as const;
export type Part = (typeof parts)[number];

export interface Persona {
  name: Both<string>;
  about: Both<string>;
  mark: string;
}

export const personas: Readonly<Record<Part, Persona>> = {
  young_beginner: {
    name: { zh: "年轻新手", en: "Young beginner" },
    about: { zh: "刚下载 App，还没有账户", en: "Has just installed the app, no account yet" },
    mark: "新",
  },
  fund_saver: {
    name: { zh: "基金定投", en: "Fund saver" },
    about: { zh: "只买基金，稳健型", en: "Buys funds, moderate" },
    mark: "基",
  },
  active_trader: {
    name: { zh: "活跃交易", en: "Active trader" },
    about: { zh: "常看行情，进取型", en: "Watches prices, aggressive" },
    mark: "股",
  },
  retired_c1: {
    name: { zh: "退休 C1", en: "Retired, C1" },
    about: { zh: "最谨慎的一类", en: "Of the most careful kind" },
    mark: "养",
  },
  high_net_worth: {
    name: { zh: "高净值", en: "High net worth" },
    about: { zh: "有专属投顾", en: "Has an advisor of his own" },
    mark: "富",
  },
  dormant: {
    name: { zh: "沉睡客户", en: "Dormant" },
    about: { zh: "很久没来，没有持仓", en: "Away for long, holds nothing" },
    mark: "眠",
  },
};

export function isPart(text: string): text is Part {
  return (parts as readonly string[]).includes(text);
}

/** What this browser remembers of somebody it plays. */
export interface Remembered {
  anonymous_id: string;
  user_id?: string;
  opening_id?: string;
  /** The user's number he gets once his phone is verified. */
  number?: string;
  /** When the application began, an ISO time of the product: for the stories of the tour. */
  began?: string;
}

const KEY = "bihuan.demo.people";
export type Memory = Partial<Record<Part, Remembered>>;

export function remembered(storage: Pick<Storage, "getItem"> = localStorage): Memory {
  try {
    const found: unknown = JSON.parse(storage.getItem(KEY) ?? "{}");
    return found && typeof found === "object" ? (found as Memory) : {};
  } catch {
    return {}; // an edited value, or no storage: everybody is new
  }
}

const listeners = new Set<() => void>();

/** Keep what is known of one part; `undefined` forgets it, and the next visitor is somebody new. */
export function remember(part: Part, what: Remembered | undefined): void {
  const next = { ...remembered(), [part]: what };
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // Kept by the component that holds the phone.
  }
  for (const listener of listeners) listener();
}

/** Called when this or another window changes what is remembered. */
export function onRemembered(listener: () => void): () => void {
  const other = (event: StorageEvent) => event.key === KEY && listener();
  listeners.add(listener);
  window.addEventListener("storage", other);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", other);
  };
}

/** An id for a visitor's device. */
export function newVisitor(): string {
  const letters = crypto.getRandomValues(new Uint8Array(8));
  return `demo-${Array.from(letters, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
