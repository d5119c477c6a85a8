import { dictionary } from "./dictionary";

/** The eight stages of the loop, in its order, and the three rooms that carry it. */
export const stages = [
  "collect",
  "understand",
  "decide",
  "reach",
  "serve",
  "credit",
  "measure",
  "learn",
] as const;
export const carriers = ["people", "compliance", "system"] as const;
export type Stage = (typeof stages)[number];
export type Carrier = (typeof carriers)[number];

export const stageNames = dictionary({
  collect: { zh: "采集", en: "Collect" },
  understand: { zh: "洞察", en: "Understand" },
  decide: { zh: "决策", en: "Decide" },
  reach: { zh: "触达", en: "Reach" },
  serve: { zh: "服务", en: "Serve" },
  credit: { zh: "业绩归属", en: "Credit" },
  measure: { zh: "效果评估", en: "Measure" },
  learn: { zh: "迭代优化", en: "Learn" },
  people: { zh: "组织人员", en: "People" },
  compliance: { zh: "合规", en: "Compliance" },
  system: { zh: "系统", en: "System" },
});

export const roles = [
  "operator",
  "region_manager",
  "branch_manager",
  "supervisor",
  "advisor",
  "service_agent",
  "witness",
  "compliance",
  "engineer",
] as const;
export type Role = (typeof roles)[number];

export const roleNames = dictionary({
  operator: { zh: "总部运营", en: "Operations" },
  region_manager: { zh: "区域经理", en: "Region manager" },
  branch_manager: { zh: "营业部经理", en: "Branch manager" },
  supervisor: { zh: "服务督导", en: "Supervisor" },
  advisor: { zh: "客户经理", en: "Advisor" },
  service_agent: { zh: "客服专员", en: "Service agent" },
  witness: { zh: "见证/审核岗", en: "Witness" },
  compliance: { zh: "合规", en: "Compliance" },
  engineer: { zh: "工程师", en: "Engineer" },
});
