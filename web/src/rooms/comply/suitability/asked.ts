import type { Answer, Input } from "../../../api";

export type Item = Answer<"/api/v1/catalogue", "get">["items"][number];
export type Asked = NonNullable<Input<"/api/v1/suitability", "get">["query"]>;

/** A catalogue item as the gate is asked about it; what the catalogue does not know stays unknown. */
export function askedOf(item: Item, customer: string): Asked {
  return {
    customer,
    risk: item.risk_level === null ? undefined : `R${item.risk_level}`,
    term: (item.term ?? undefined) as Asked["term"],
    kind: (item.asset_class ?? undefined) as Asked["kind"],
    goal: (item.goal ?? undefined) as Asked["goal"],
    permission: (item.permission ?? undefined) as Asked["permission"],
    qualified_only: item.qualified_only,
    professional_only: item.professional_only,
    ...(item.min_age === null ? {} : { min_age: item.min_age }),
    ...(item.max_age === null ? {} : { max_age: item.max_age }),
  };
}
