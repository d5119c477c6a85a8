import type { Permission } from "../api";
import type { Both, Carrier, Role, Stage } from "../language";

/**
 * Every page of the product: where it is, whose it is, who sees it. The module is found by `file`:
 * "serve/openings" is src/rooms/serve/openings/page.tsx and exports the page as its default. A page
 * without a module is not shown.
 */
export interface PageEntry {
  path: string;
  file: string;
  /** Where it stands in the rail; absent for a page that is reached from others. */
  under?: Stage | Carrier | "home";
  name: Both<string>;
  roles: readonly Role[];
  /** What the server asks of whoever reads it; tests/people/test_pages.py holds `roles` against it. */
  needs?: Permission;
  /** Whose first page this is. */
  landing?: readonly Role[];
  /** In the bottom navigation of a phone; a shorter name where its own does not fit. */
  thumb?: true | Both<string>;
}

const headquarters: readonly Role[] = ["operator", "region_manager"];
const branch: readonly Role[] = ["branch_manager", "advisor"];
const managers: readonly Role[] = [...headquarters, "branch_manager", "supervisor"];

export const pages: readonly PageEntry[] = [
  {
    path: "/",
    file: "measure/cockpit",
    under: "home",
    name: { zh: "闭环总览", en: "The loop" },
    roles: [...headquarters, "supervisor", "compliance", "engineer"],
    needs: "cockpit:read",
    landing: ["operator", "region_manager", "supervisor"],
    thumb: true,
  },
  {
    path: "/morning",
    file: "measure/morning",
    under: "home",
    name: { zh: "营业部晨会", en: "Branch morning" },
    roles: [...headquarters, "branch_manager"],
    needs: "measure:read",
    landing: ["branch_manager"],
    thumb: { zh: "晨会", en: "Morning" },
  },
  {
    path: "/collect/events",
    file: "collect/events",
    under: "collect",
    name: { zh: "实时事件", en: "Live events" },
    roles: ["operator", "engineer"],
    needs: "event:read",
    landing: ["engineer"],
  },
  {
    path: "/collect/quarantine",
    file: "collect/quarantine",
    under: "collect",
    name: { zh: "隔离区", en: "Quarantine" },
    roles: ["engineer", "operator"],
    needs: "quarantine:keep",
  },
  {
    path: "/collect/poison",
    file: "collect/poison",
    under: "collect",
    name: { zh: "处理失败", en: "Set aside" },
    roles: ["engineer", "operator"],
    needs: "quarantine:keep",
  },
  {
    path: "/collect/imports",
    file: "collect/imports",
    under: "collect",
    name: { zh: "数据导入", en: "Imports" },
    roles: ["engineer", "operator"],
    needs: "import:read",
  },
  {
    path: "/customers",
    file: "customers/list",
    under: "understand",
    name: { zh: "客户", en: "Customers" },
    roles: [...managers, "advisor", "service_agent", "compliance"],
    needs: "customer:read",
    thumb: true,
  },
  {
    path: "/customers/:customerId",
    file: "customers/customer",
    name: { zh: "客户详情", en: "Customer" },
    roles: [...managers, "advisor", "service_agent", "compliance"],
    needs: "customer:read",
  },
  {
    path: "/understand/tags",
    file: "understand/tags",
    under: "understand",
    name: { zh: "标签", en: "Tags" },
    roles: [...managers, "compliance", "engineer"],
    needs: "tag:read",
  },
  {
    path: "/understand/tags/:code",
    file: "understand/tag",
    name: { zh: "标签详情", en: "Tag" },
    roles: [...managers, "compliance", "engineer"],
    needs: "tag:read",
  },
  {
    path: "/understand/base",
    file: "understand/base",
    under: "understand",
    name: { zh: "客户画像", en: "Customer base" },
    roles: [...managers, "compliance", "engineer"],
    needs: "tag:read",
  },
  {
    path: "/understand/segments",
    file: "understand/segments",
    under: "understand",
    name: { zh: "分群", en: "Segments" },
    roles: [...managers, "compliance", "engineer"],
    needs: "segment:read",
  },
  {
    path: "/understand/segments/:segmentId",
    file: "understand/segment",
    name: { zh: "分群详情", en: "Segment" },
    roles: [...managers, "compliance", "engineer"],
    needs: "segment:read",
  },
  {
    path: "/decide/slots",
    file: "decide/slots",
    under: "decide",
    name: { zh: "展位与货架", en: "Slots and catalogue" },
    roles: ["operator", "compliance"],
    needs: "catalogue:read",
  },
  {
    path: "/decide/decisions",
    file: "decide/decisions",
    under: "decide",
    name: { zh: "决策留痕", en: "Decisions" },
    roles: ["operator", "compliance", "engineer"],
    needs: "decision:read",
  },
  {
    path: "/reach/deliveries",
    file: "reach/deliveries",
    under: "reach",
    name: { zh: "触达记录", en: "Deliveries" },
    roles: [...managers, "compliance", "engineer"],
    needs: "delivery:read",
  },
  {
    path: "/reach/templates",
    file: "reach/templates",
    under: "reach",
    name: { zh: "消息模板", en: "Templates" },
    roles: ["operator", "compliance"],
    needs: "template:read",
  },
  {
    path: "/serve/openings",
    file: "serve/openings",
    under: "serve",
    name: { zh: "断点挽回台", en: "Opening desk" },
    roles: [...managers, "advisor", "witness"],
    needs: "opening:read",
    landing: ["advisor", "witness"],
    thumb: { zh: "挽回台", en: "Desk" },
  },
  {
    path: "/serve/enquiries",
    file: "serve/enquiries",
    under: "serve",
    name: { zh: "客户咨询", en: "Enquiries" },
    roles: [...managers, "advisor", "service_agent"],
    needs: "enquiry:read",
    landing: ["service_agent"],
    thumb: true,
  },
  {
    path: "/serve/knowledge",
    file: "serve/knowledge",
    under: "serve",
    name: { zh: "知识库", en: "Knowledge" },
    roles: ["operator", "supervisor", "service_agent", "compliance"],
    needs: "knowledge:read",
  },
  {
    path: "/credit/entries",
    file: "credit/entries",
    under: "credit",
    name: { zh: "业绩台账", en: "Credit ledger" },
    roles: [...managers, ...branch, "compliance"],
    needs: "credit:read",
    thumb: { zh: "业绩", en: "Credit" },
  },
  {
    path: "/credit/disputes",
    file: "credit/disputes",
    under: "credit",
    name: { zh: "归属争议", en: "Disputes" },
    roles: [...managers, ...branch, "compliance"],
    needs: "credit:read",
  },
  {
    path: "/credit/rules",
    file: "credit/rules",
    under: "credit",
    name: { zh: "归属规则", en: "Credit rules" },
    roles: [...managers, ...branch, "compliance"],
    needs: "credit:read",
  },
  {
    path: "/measure/funnel",
    file: "measure/funnel",
    under: "measure",
    name: { zh: "漏斗分析", en: "Funnel" },
    roles: ["operator", "compliance", "engineer"],
    needs: "measure:analyse",
  },
  {
    path: "/learn/experiments",
    file: "measure/experiments",
    under: "learn",
    name: { zh: "实验", en: "Experiments" },
    roles: [...managers, "compliance", "engineer"],
    needs: "experiment:read",
  },
  {
    path: "/learn/experiments/:key",
    file: "measure/experiment",
    name: { zh: "实验结果", en: "Experiment" },
    roles: [...managers, "compliance", "engineer"],
    needs: "experiment:read",
  },
  {
    path: "/people/staff",
    file: "people/staff",
    under: "people",
    name: { zh: "人员与营业部", en: "Staff and branches" },
    roles: [...managers, "compliance", "engineer"],
    needs: "people:read",
  },
  {
    path: "/people/approvals",
    file: "people/approvals",
    under: "people",
    name: { zh: "复核审批", en: "Approvals" },
    roles: ["operator", "supervisor", "compliance"],
    needs: "approval:read",
  },
  {
    path: "/compliance/suitability",
    file: "comply/suitability",
    under: "compliance",
    name: { zh: "合规工作台", en: "Compliance desk" },
    roles: ["compliance", "operator"],
    needs: "suitability:read",
    landing: ["compliance"],
    thumb: { zh: "合规", en: "Compliance" },
  },
  {
    path: "/compliance/policy",
    file: "comply/policy",
    under: "compliance",
    name: { zh: "合规参数", en: "Policy" },
    roles: ["compliance", "operator", "supervisor", "engineer"],
    needs: "policy:read",
  },
  {
    path: "/compliance/wording",
    file: "comply/wording",
    under: "compliance",
    name: { zh: "禁用语", en: "Wording" },
    roles: ["compliance", "operator", "supervisor"],
    needs: "policy:read",
  },
  {
    path: "/system/calendar",
    file: "system/calendar",
    under: "compliance",
    name: { zh: "交易日历", en: "Trading calendar" },
    roles: ["compliance", "operator", "supervisor", "engineer"],
    needs: "policy:read",
  },
  {
    path: "/system/health",
    file: "system/health",
    under: "system",
    name: { zh: "运行状况", en: "Health" },
    roles: ["engineer"],
  },
  {
    path: "/system/keys",
    file: "people/keys",
    under: "system",
    name: { zh: "接入密钥", en: "Keys" },
    roles: ["engineer"],
    needs: "key:keep",
  },
  {
    path: "/system/design",
    file: "system/design",
    under: "system",
    name: { zh: "设计规范", en: "Design" },
    roles: ["engineer"],
  },
];

/** Pages outside the shell, for which nobody signs in. */
export const openPages: readonly { path: string; file: string }[] = [
  { path: "/demo/app", file: "demo/app" },
  { path: "/open/:openingId/:step?", file: "reach/open" },
];

export function mayOpen(page: PageEntry, roles: readonly string[]): boolean {
  return page.roles.some((role) => roles.includes(role));
}
