/**
 * The address of every page, and what it keeps in its query (tab, filters, the open drawer). Rooms do not import each
 * other: they link by `to`, whose types know the keys and values that the page reads. A test holds `asks` against
 * the pages.
 */

/** Any text: an id, a name, a code. A list gives all there are; its first is what the page shows without. */
const text = "text";

export const asks = {
  cockpit: {},
  morning: { branch: text },
  events: { name: text, source: text, open: text },
  quarantine: { tab: ["waiting", "resolved"], reason: text, open: text },
  poison: { tab: ["waiting", "resolved"], open: text },
  imports: { open: text },
  customers: { q: text, branch: text },
  customer: {
    tab: [
      "timeline",
      "tags",
      "holdings",
      "relations",
      "openings",
      "enquiries",
      "decisions",
      "credits",
      "consent",
      "suitability",
    ],
    kind: text,
  },
  segments: {},
  segment: { rule: text },
  tags: { q: text, family: text, kind: text, state: ["", "known", "unknown", "moved"] },
  tag: { value: text },
  base: { by: text },
  slots: { tab: ["slots", "catalogue"], q: text, kind: text, active: text, open: text, item: text },
  decisions: { customer: text, open: text },
  deliveries: {
    tab: ["messages", "stalls"],
    branch: text,
    state: text,
    channel: text,
    became: text,
    open: text,
  },
  templates: { q: text, channel: text, language: text, occasion: text, open: text },
  openings: {
    tab: ["all", "under_way", "sent_back"],
    show: ["", "stuck", "free", "mine"],
    branch: text,
    step: text,
    row: text,
    open: text,
  },
  enquiries: { tab: ["mine", "waiting", "talking", "closed"], branch: text, conversation: text },
  knowledge: { tab: ["approved", "draft", "expired", "unanswered"], q: text, open: text },
  credits: {
    tab: ["ledger", "summary"],
    branch: text,
    side: ["all", "won", "lost"],
    kind: text,
    customer: text,
    advisor: text,
    period: text,
    from: text,
    to: text,
    by: ["branch", "advisor"],
    open: text,
  },
  disputes: { tab: ["open", "all"], branch: text, open: text },
  creditRules: {},
  funnel: { steps: text, window: text, by: text, period: text, from: text, to: text, open: text },
  experiments: {},
  experiment: {},
  staff: { tab: ["staff", "branches"], q: text, branch: text, role: text, active: text, open: text },
  approvals: { tab: ["pending", "decided"], kind: text, open: text },
  suitability: {
    customer: text,
    by: ["catalogue", "hand"],
    item: text,
    risk: text,
    term: text,
    kind: text,
    goal: text,
    permission: text,
    qualified: text,
  },
  policy: {},
  wording: { q: text, severity: text, category: text, open: text },
  calendar: { year: text },
  health: {},
  keys: { open: text },
  design: {},
  demo: { a: text, b: text, as: text, bs: text, two: ["1", "0"], ae: text, be: text },
} as const satisfies Record<string, Readonly<Record<string, typeof text | readonly string[]>>>;

export type PageName = keyof typeof asks;
type Value<A> = A extends readonly (infer V extends string)[] ? V : string;
/** What may be asked of a page in its query; null, undefined and "" ask nothing. */
export type Query<P extends PageName> = {
  readonly [K in keyof (typeof asks)[P]]?: Value<(typeof asks)[P][K]> | "" | null | undefined;
};

/** What such a key holds once it is read. */
export type Asked<P extends PageName, K extends keyof Query<P>> = Value<(typeof asks)[P][K]>;

/** The address with what of the query asks something. */
function address(path: string, query: object = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query) as [string, string | null | undefined][])
    if (value) search.set(name, value);
  return search.size > 0 ? `${path}?${search}` : path;
}

const at =
  <P extends PageName>(_page: P, path: string) =>
  (query?: Query<P>) =>
    address(path, query);
const of =
  <P extends PageName>(_page: P, folder: string) =>
  (id: string, query?: Query<P>) =>
    address(`${folder}/${encodeURIComponent(id)}`, query);

export const to = {
  cockpit: at("cockpit", "/"),
  morning: at("morning", "/morning"),
  events: at("events", "/collect/events"),
  quarantine: at("quarantine", "/collect/quarantine"),
  poison: at("poison", "/collect/poison"),
  imports: at("imports", "/collect/imports"),
  customers: at("customers", "/customers"),
  customer: of("customer", "/customers"),
  tags: at("tags", "/understand/tags"),
  tag: of("tag", "/understand/tags"),
  base: at("base", "/understand/base"),
  segments: at("segments", "/understand/segments"),
  segment: of("segment", "/understand/segments"),
  slots: at("slots", "/decide/slots"),
  decisions: at("decisions", "/decide/decisions"),
  deliveries: at("deliveries", "/reach/deliveries"),
  templates: at("templates", "/reach/templates"),
  openings: at("openings", "/serve/openings"),
  enquiries: at("enquiries", "/serve/enquiries"),
  knowledge: at("knowledge", "/serve/knowledge"),
  credits: at("credits", "/credit/entries"),
  disputes: at("disputes", "/credit/disputes"),
  creditRules: at("creditRules", "/credit/rules"),
  funnel: at("funnel", "/measure/funnel"),
  experiments: at("experiments", "/learn/experiments"),
  experiment: of("experiment", "/learn/experiments"),
  staff: at("staff", "/people/staff"),
  approvals: at("approvals", "/people/approvals"),
  suitability: at("suitability", "/compliance/suitability"),
  policy: at("policy", "/compliance/policy"),
  wording: at("wording", "/compliance/wording"),
  calendar: at("calendar", "/system/calendar"),
  health: at("health", "/system/health"),
  keys: at("keys", "/system/keys"),
  design: at("design", "/system/design"),
  demo: at("demo", "/demo/app"),
} as const;
