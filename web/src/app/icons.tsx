import {
  ApartmentOutlined,
  AuditOutlined,
  BarChartOutlined,
  BranchesOutlined,
  BulbOutlined,
  CustomerServiceOutlined,
  ExperimentOutlined,
  HomeOutlined,
  IdcardOutlined,
  MessageOutlined,
  ReadOutlined,
  SafetyCertificateOutlined,
  SendOutlined,
  SettingOutlined,
  TeamOutlined,
  UserOutlined,
} from "@ant-design/icons";
import type { ReactNode } from "react";
import type { PageEntry } from "./pages";

export const icons: Readonly<Record<NonNullable<PageEntry["under"]>, ReactNode>> = {
  home: <HomeOutlined />,
  collect: <ApartmentOutlined />,
  understand: <BulbOutlined />,
  decide: <BranchesOutlined />,
  reach: <SendOutlined />,
  serve: <CustomerServiceOutlined />,
  credit: <AuditOutlined />,
  measure: <BarChartOutlined />,
  learn: <ExperimentOutlined />,
  people: <TeamOutlined />,
  compliance: <SafetyCertificateOutlined />,
  system: <SettingOutlined />,
};

const own: Readonly<Record<string, ReactNode>> = {
  "measure/morning": <ReadOutlined />,
  "customers/list": <UserOutlined />,
  "serve/openings": <IdcardOutlined />,
  "serve/enquiries": <MessageOutlined />,
};

/** A page's own picture where its room has several at the thumb, else its room's. */
export function iconOf(page: PageEntry): ReactNode {
  return own[page.file] ?? icons[page.under ?? "home"];
}

/** The closed loop. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <path
        d="M23.6 11.2A9 9 0 1 0 25 16"
        fill="none"
        stroke="var(--on-accent)"
        strokeWidth="3"
        strokeLinecap="round"
      />
      <circle cx="23.6" cy="11.2" r="2.6" fill="var(--on-accent)" />
    </svg>
  );
}
