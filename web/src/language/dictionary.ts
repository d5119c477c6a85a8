import { type Preferences, usePreference } from "../preferences";

export type Language = Preferences["language"];

type Words = string | ((...args: never[]) => string);
type Like<W> = W extends (...args: infer A) => string ? (...args: A) => string : string;

/** One text in both languages, or one function each where the text holds a number or a name. */
export interface Both<W extends Words = Words> {
  zh: W;
  en: W;
}

/** The texts of one room: key -> both languages. */
export type Dictionary = Readonly<Record<string, Both>>;
export type Texts<D extends Dictionary> = { readonly [K in keyof D]: Like<D[K]["zh"]> };

/**
 * Checks at compile time that each key has both languages and that both take the same arguments.
 *
 *     export const texts = dictionary({
 *       title: { zh: "谁卡在开户途中？", en: "Who is stuck while opening an account?" },
 *       waiting: { zh: (n: number) => `${n} 人在等`, en: (n: number) => `${n} waiting` },
 *     });
 */
export function dictionary<D extends Dictionary>(
  entries: D & { [K in keyof D]: { zh: Words; en: Like<D[K]["zh"]> } },
): D {
  return entries;
}

const chosen: Record<Language, WeakMap<Dictionary, unknown>> = { zh: new WeakMap(), en: new WeakMap() };

/** The dictionary in one language; the same object for the same arguments. */
export function inLanguage<D extends Dictionary>(entries: D, language: Language): Texts<D> {
  const known = chosen[language].get(entries);
  if (known !== undefined) return known as Texts<D>;
  const texts = Object.fromEntries(Object.entries(entries).map(([key, both]) => [key, both[language]]));
  chosen[language].set(entries, texts);
  return texts as Texts<D>;
}

export function useLanguage(): Language {
  return usePreference("language");
}

export function useTexts<D extends Dictionary>(entries: D): Texts<D> {
  return inLanguage(entries, useLanguage());
}

/** Words for the codes the server sends; a code without a word stands for itself. */
export function useWords(entries: Dictionary): (code: string | null | undefined) => string {
  const texts = useTexts(entries) as Readonly<Record<string, unknown>>;
  return (code) => {
    if (code === null || code === undefined || code === "") return "—";
    const word = texts[code];
    return typeof word === "string" ? word : code;
  };
}
