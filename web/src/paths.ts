/**
 * The address of every page. Rooms do not import each other: they link by these.
 * State that a page keeps in its query (tab, filters, the open drawer) is passed as `query`.
 */
type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

function page(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== null && value !== false && value !== "")
      search.set(name, value === true ? "1" : String(value));
  return search.size > 0 ? `${path}?${search}` : path;
}

const at = (path: string) => (query?: Query) => page(path, query);

export const to = {
  cockpit: at("/"),
  morning: at("/morning"),
  events: at("/collect/events"),
  quarantine: at("/collect/quarantine"),
  poison: at("/collect/poison"),
  imports: at("/collect/imports"),
  customers: at("/customers"),
  customer: (id: string, query?: Query) => page(`/customers/${encodeURIComponent(id)}`, query),
  slots: at("/decide/slots"),
  decisions: at("/decide/decisions"),
  deliveries: at("/reach/deliveries"),
  templates: at("/reach/templates"),
  openings: at("/serve/openings"),
  enquiries: at("/serve/enquiries"),
  knowledge: at("/serve/knowledge"),
  credits: at("/credit/entries"),
  disputes: at("/credit/disputes"),
  creditRules: at("/credit/rules"),
  funnel: at("/measure/funnel"),
  experiments: at("/learn/experiments"),
  experiment: (key: string, query?: Query) => page(`/learn/experiments/${encodeURIComponent(key)}`, query),
  staff: at("/people/staff"),
  approvals: at("/people/approvals"),
  suitability: at("/compliance/suitability"),
  policy: at("/compliance/policy"),
  wording: at("/compliance/wording"),
  health: at("/system/health"),
  keys: at("/system/keys"),
  design: at("/system/design"),
  demo: at("/demo/app"),
} as const;
