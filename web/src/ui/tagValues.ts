import {
  cities,
  contactChannels,
  holdingKinds,
  purposes,
  suitabilityWords,
  tagValueWords,
  topicNames,
  useLanguage,
  useTexts,
  useWords,
} from "../language";
import { useShelfNames } from "./names";
import { texts } from "./texts";

interface Valued {
  code: string;
  type: string;
  levels?: readonly { code: string; zh: string; en: string }[];
}

/**
 * One value of a tag as people say it: by the tag's levels, else by the words that pages use for such a code, else
 * as it stands. Empty where a set is known to hold nothing; null where nothing is known.
 */
export function useTagValue(): (tag: Valued, value: string | null) => string {
  const t = useTexts(texts);
  const language = useLanguage();
  const shelf = useShelfNames();
  const word = {
    region: useWords(cities),
    content: useWords(topicNames),
    wanted: useWords(suitabilityWords),
    permissions: useWords(suitabilityWords),
    could_open: useWords(suitabilityWords),
    acquired_by: useWords(tagValueWords),
    favoured_items: shelf.item,
  } as Readonly<Record<string, ((code: string) => string) | undefined>>;
  const purpose = useWords(purposes);
  const channel = useWords(contactChannels);
  const holding = useWords(holdingKinds);
  return (tag, value) => {
    if (value === null) return t.noData;
    if (value === "") return t.nothing;
    if (tag.type === "flag") return value === "1" ? t.yes : t.no;
    const level = tag.levels?.find((each) => each.code === value);
    if (level) return level[language];
    const [head = "", tail] = value.split(":");
    if (tag.code === "asset_mix" && tail) return `${holding(head)} ${Math.round(Number(tail) * 100)}%`;
    if (["do_not_disturb", "consented"].includes(tag.code) && tail)
      return `${purpose(head)} · ${channel(tail)}`;
    return word[tag.code]?.(value) ?? value;
  };
}
