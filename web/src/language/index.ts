export {
  type Both,
  type Dictionary,
  dictionary,
  inLanguage,
  type Language,
  type Texts,
  useLanguage,
  useTexts,
  useWords,
} from "./dictionary";
export * as format from "./format";
export { type Carrier, carriers, type Role, roleNames, roles, type Stage, stageNames, stages } from "./terms";
export { cities, contactChannels, creditRules, purposes, suitabilityWords, topicNames } from "./words";
export { eventNames } from "./eventNames";
export { holdingKinds, sensitivities, tagFamilies, tagValueWords } from "./tagWords";
