/** A segment's rule as the server reads it (docs/segments.md), and the small steps by which the editor changes it. */

export interface TagPart {
  tag: string;
  op: string;
  value?: boolean | number | string | string[];
}
export interface Where {
  property: string;
  op: string;
  value: number | string;
}
export interface DidPart {
  did: string;
  within_days?: number;
  op?: string;
  value?: number;
  sum?: "amount" | "fee";
  where?: Where[];
}
export interface SequencePart {
  first: string;
  then: string;
  within_hours: number;
  happened: boolean;
  within_days: number;
}
export interface SegmentPart {
  segment: string;
}
export type Group = { all: Rule[] } | { any: Rule[] };
export type Leaf = TagPart | DidPart | SequencePart | SegmentPart;
export type Rule = Group | { not: Rule } | Leaf;

export const isGroup = (rule: Rule): rule is Group => "all" in rule || "any" in rule;
export const isNot = (rule: Rule): rule is { not: Rule } => "not" in rule;
export const isTag = (rule: Rule): rule is TagPart => "tag" in rule;
export const isDid = (rule: Rule): rule is DidPart => "did" in rule;
export const isSequence = (rule: Rule): rule is SequencePart => "first" in rule;

/** The parts of a group, whichever it is. */
export const partsOf = (group: Group): Rule[] => ("all" in group ? group.all : group.any);

/** A group of the same kind with other parts. */
export const withParts = (group: Group, parts: Rule[]): Group =>
  "all" in group ? { all: parts } : { any: parts };

/** The other kind of group with the same parts. */
export const turned = (group: Group): Group => ("all" in group ? { any: group.all } : { all: group.any });

/** The opposite of a rule: not of not is the rule itself. */
export const negated = (rule: Rule): Rule => (isNot(rule) ? rule.not : { not: rule });

/** A rule's part without the "not" before it. */
export const bare = (rule: Rule): Rule => (isNot(rule) ? rule.not : rule);

/** A part in the place of another, its "not" kept. */
export const replaced = (before: Rule, part: Rule): Rule => (isNot(before) ? { not: part } : part);

export const kinds = ["tag", "did", "sequence", "segment", "group"] as const;
export type Kind = (typeof kinds)[number];

/** A new part, to be filled in. */
export function fresh(kind: Kind): Rule {
  if (kind === "tag") return { tag: "", op: "" };
  if (kind === "did") return { did: "", within_days: 30, op: ">=", value: 1 };
  if (kind === "sequence") return { first: "", then: "", within_hours: 72, happened: false, within_days: 30 };
  if (kind === "segment") return { segment: "" };
  return { any: [] };
}

/** Whether everything in a rule has been filled in, so that it can be asked. */
export function complete(rule: Rule): boolean {
  if (isNot(rule)) return complete(rule.not);
  if (isGroup(rule)) return partsOf(rule).length > 0 && partsOf(rule).every(complete);
  if (isTag(rule)) {
    if (rule.tag === "" || rule.op === "") return false;
    if (rule.op === "known" || rule.op === "unknown") return true;
    return (
      rule.value !== undefined && rule.value !== "" && !(Array.isArray(rule.value) && rule.value.length === 0)
    );
  }
  if (isDid(rule)) return rule.did !== "" && rule.value !== undefined;
  if (isSequence(rule)) return rule.first !== "" && rule.then !== "";
  return rule.segment !== "";
}

/** A rule at its top is a group, so that there is always a place to add to. */
export const asGroup = (rule: Rule): Group => (isGroup(rule) ? rule : { all: [rule] });

/** What may be asked of a tag of each type. */
export const opsOf: Record<string, readonly string[]> = {
  flag: ["is", "known", "unknown"],
  level: ["in", "known", "unknown"],
  set: ["has", "known", "unknown"],
  number: [">=", ">", "<=", "<", "=", "known", "unknown"],
  date: [">=", ">", "<=", "<", "=", "known", "unknown"],
};

/** The rule that an address carries; an empty group where it carries none that is one. */
export function ruleOf(text: string | null): Rule {
  try {
    const told: unknown = JSON.parse(text || "null");
    const group = told as Partial<Record<"all" | "any", unknown>> | null;
    if (Array.isArray(group?.all) || Array.isArray(group?.any)) return told as Rule;
  } catch {
    // An address that was cut short: begin with nothing.
  }
  return { all: [] };
}
