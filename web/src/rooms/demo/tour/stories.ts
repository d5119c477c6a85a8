import type { Both } from "../../../language";
import { to } from "../../../paths";

export type Seat = "advisor" | "manager" | "judge" | "compliance";

/** Whom a text may name: the staff seats, as this firm's people are called. */
export interface Names {
  advisor: string;
  manager: string;
  judge: string;
  recruiter: string;
}

export interface Scene {
  key: string;
  title: Both<string>;
  text: Both<(names: Names) => string>;
  /** The fact that shows it has happened; without one the visitor says so himself. */
  fact?: string;
  /** What the tour can make happen in the visitor's place. */
  play?: "stall" | "finish" | "scan";
  /** Whose seat he takes for it. */
  seat?: Seat;
  /** Where it is to be seen; of the applicant or persona the story is about. */
  at?: (customer: string | undefined) => string;
}

export interface Story {
  key: string;
  title: Both<string>;
  /** The persona it is about, where it plays no application. */
  persona?: "retired_c1";
  scenes: readonly Scene[];
}

/** The tour, a story for each thing that works. Whoever builds the next thing adds its story here. */
export const stories: readonly Story[] = [
  {
    key: "rescue",
    title: { zh: "救回一位卡住的客户", en: "A stuck customer is rescued" },
    scenes: [
      {
        key: "stall",
        title: { zh: "客户卡在开户途中", en: "A customer gets stuck" },
        text: {
          zh: () =>
            "一位年轻人正在开户，停在上传身份证已超过 15 分钟。演示时钟同时放慢到 1 倍，让您来得及动手。",
          en: () =>
            "A young man is opening an account and has stood at the ID photo for over 15 minutes. The demo's clock slows down to real time, so that you can act.",
        },
        fact: "understand:opening:stuck",
        play: "stall",
      },
      {
        key: "take",
        title: { zh: "领取他", en: "Take him" },
        text: {
          zh: ({ advisor }) =>
            `您是客户经理 ${advisor}。挽回台上他已经出现，点“领取”。同一位客户只有一人能领到。`,
          en: ({ advisor }) =>
            `You are ${advisor}, an advisor. He is on the opening desk: take him. Only one of you can.`,
        },
        fact: "serve:rescue:taken",
        seat: "advisor",
        at: () => to.openings({ show: "free" }),
      },
      {
        key: "contact",
        title: { zh: "联系他", en: "Write to him" },
        text: {
          zh: () => "在右侧打开的面板里发一条会话消息。消息发出前会先检查用语：试试写上“稳赚”。",
          en: () =>
            "Send a chat message from the panel on the right. Wording is checked before it leaves: try to promise a sure profit (稳赚).",
        },
        fact: "serve:rescue:contacted",
        seat: "advisor",
        at: () => to.openings({ show: "mine" }),
      },
      {
        key: "open",
        title: { zh: "客户回到那一步，开完账户", en: "He goes on, and the account opens" },
        text: {
          zh: () => "看看客户的手机：消息到了，一点就回到卡住的那一步。您可以替他走完，也可以让演示走完。",
          en: () =>
            "Look at his phone: the message is there and leads back to the very step. Walk the rest for him, or let the demo do it.",
        },
        fact: "understand:opening:opened",
        play: "finish",
        at: () => to.demo({ two: "0", a: "young_beginner", as: "chat" }),
      },
      {
        key: "credit",
        title: { zh: "业绩归谁，为什么", en: "Who is credited, and why" },
        text: {
          zh: ({ advisor }) =>
            `开发归客户选择的营业部，${advisor} 记一笔协助：挽回从不改变开发归属。点开每一笔可看规则和落选的主张。`,
          en: ({ advisor }) =>
            `The account belongs to the branch he chose; ${advisor} earns an assist, for a rescue never moves an account. Each entry shows its rule and the claims that lost.`,
        },
        fact: "credit:account:credited",
        seat: "advisor",
        at: (customer) => to.credits({ customer }),
      },
    ],
  },
  {
    key: "dispute",
    title: { zh: "两家营业部的归属争议", en: "Two branches dispute an account" },
    scenes: [
      {
        key: "scan",
        title: { zh: "扫了别家员工的二维码", en: "The code of another branch" },
        text: {
          zh: ({ recruiter }) =>
            `一位客户扫了 ${recruiter} 的二维码，却选了您这家营业部开户。按规则，员工二维码优先。`,
          en: ({ recruiter }) =>
            `A customer scans the code of ${recruiter} but chooses your branch. By the rules a staff code comes first.`,
        },
        fact: "credit:account:credited",
        play: "scan",
      },
      {
        key: "object",
        title: { zh: "提出争议", en: "Object" },
        text: {
          zh: ({ manager }) => `您是营业部经理 ${manager}。打开这笔业绩，看落选的主张，提出争议。`,
          en: ({ manager }) =>
            `You are ${manager}, manager of the branch that lost. Open the entry, see the claims that lost, and dispute it.`,
        },
        fact: "credit:dispute:opened",
        seat: "manager",
        at: (customer) => to.credits({ customer }),
      },
      {
        key: "judge",
        title: { zh: "总部裁决", en: "Headquarters judges" },
        text: {
          zh: ({ judge }) =>
            `您是总部的 ${judge}，不属于任何一家。维持或改判：台账只增不改，改判是一笔更正。`,
          en: ({ judge }) =>
            `You are ${judge} of headquarters, of neither branch. Uphold or move it: the ledger is append-only, a move is a correction.`,
        },
        fact: "credit:dispute:decided",
        seat: "judge",
        at: () => to.disputes(),
      },
    ],
  },
  {
    key: "refused",
    title: { zh: "C1 客户被拒售", en: "A C1 customer is refused" },
    persona: "retired_c1",
    scenes: [
      {
        key: "faces",
        title: { zh: "两位客户，两个 App", en: "Two customers, two apps" },
        text: {
          zh: () => "左边是退休的 C1 客户，右边是高净值客户。每个位置都由决策引擎现场决定，点 ⓘ 看理由。",
          en: () =>
            "On the left a retired C1 customer, on the right one of high net worth. Every place is decided live; ⓘ tells why.",
        },
        at: () => to.demo({ two: "1", a: "retired_c1", b: "high_net_worth", as: "home", bs: "home" }),
      },
      {
        key: "buy",
        title: { zh: "他自己要买 R3", en: "He asks for an R3 product himself" },
        text: {
          zh: () =>
            "搜索是客户自己的提问，什么都能搜到。选一只 R3 及以上的产品点“申购”：最低类别，坚持也不能卖。",
          en: () =>
            "A search is the customer's own question, so everything is found. Choose a product of R3 or above and buy: to the lowest category it must not be sold, even if he insists.",
        },
        at: () => to.demo({ two: "0", a: "retired_c1", as: "search" }),
      },
      {
        key: "why",
        title: { zh: "合规看到的依据", en: "What compliance sees" },
        text: {
          zh: () => "在合规工作台对同一位客户提同一个问题：每一条判断都写明依据。",
          en: () =>
            "Ask the same of the same customer at the compliance desk: each verdict names its ground.",
        },
        seat: "compliance",
        at: (customer) => to.suitability({ customer }),
      },
    ],
  },
];
