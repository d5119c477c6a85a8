import {
  ApartmentOutlined,
  AuditOutlined,
  BarChartOutlined,
  BranchesOutlined,
  BulbOutlined,
  CustomerServiceOutlined,
  ExperimentOutlined,
  HomeOutlined,
  ReadOutlined,
  SafetyCertificateOutlined,
  SendOutlined,
  SettingOutlined,
  TeamOutlined,
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

export const morningIcon = <ReadOutlined />;

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
