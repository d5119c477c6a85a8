import { Link } from "react-router";
import { type Answer, useMay, useRead } from "../api";
import { useLanguage, useTexts } from "../language";
import { to } from "../paths";
import { Choice } from "./filters";
import { texts } from "./texts";

const ALL = { query: { limit: 500 } } as const;

export type Branch = Answer<"/api/v1/branches", "get">["items"][number];
export type StaffMember = Answer<"/api/v1/staff", "get">["items"][number];

/** The branches within the reader's data scope; empty while they are read. */
export function useBranches(): readonly Branch[] {
  return useRead("/api/v1/branches").data?.items ?? [];
}

/** A branch's name in the language in force. */
export function useBranchName(): (id: string | null | undefined) => string {
  const language = useLanguage();
  const t = useTexts(texts);
  const branches = useBranches();
  return (id) => {
    if (!id) return "—";
    const found = branches.find((branch) => branch.id === id);
    if (found === undefined) return branches.length === 0 ? "…" : t.otherBranch;
    return language === "en" && found.name_en ? found.name_en : found.name;
  };
}

export function BranchName({ id }: { id: string | null | undefined }) {
  return <>{useBranchName()(id)}</>;
}

/** Branch as a filter; nothing for those who see only one. */
export function BranchChoice({ name = "branch", required = false }: { name?: string; required?: boolean }) {
  const language = useLanguage();
  const t = useTexts(texts);
  const branches = useBranches();
  if (branches.length < 2) return null;
  return (
    <Choice
      name={name}
      label={t.branch}
      any={t.allBranches}
      required={required}
      options={branches.map((branch) => ({
        value: branch.id,
        label: language === "en" && branch.name_en ? branch.name_en : branch.name,
      }))}
    />
  );
}

/** A colleague's name; those outside the data scope stay unnamed. */
export function useStaffName(): (id: string | null | undefined) => string {
  const language = useLanguage();
  const t = useTexts(texts);
  const read = useRead("/api/v1/staff", ALL);
  return (id) => {
    if (!id) return "—";
    const found = read.data?.items.find((member) => member.id === id);
    if (found === undefined) return read.data === undefined ? "…" : t.otherStaff;
    return language === "en" && found.name_en ? found.name_en : found.name;
  };
}

/** A colleague whose name the server has said: in English his English name, where the reader may look it up. */
export function usePersonName(): (
  id: string | null | undefined,
  name: string | null | undefined,
) => string | null {
  const english = useLanguage() === "en";
  const read = useRead("/api/v1/staff", ALL, { when: english });
  return (id, name) => {
    const found = english && id ? read.data?.items.find((member) => member.id === id) : undefined;
    return found?.name_en || name || null;
  };
}

/** What the catalogue calls an item and a slot; the codes themselves for those who may not read it. */
export function useShelfNames(): { item: (code: string) => string; slot: (code: string) => string } {
  const language = useLanguage();
  const when = useMay("catalogue:read");
  const items = useRead("/api/v1/catalogue", ALL, { when }).data?.items;
  const slots = useRead("/api/v1/slots", undefined, { when }).data?.items;
  const named = (all: readonly { code: string; name_zh: string; name_en: string }[] | undefined) => {
    const names = new Map(all?.map((each) => [each.code, language === "en" ? each.name_en : each.name_zh]));
    return (code: string) => names.get(code) ?? code;
  };
  return { item: named(items), slot: named(slots) };
}

export function StaffName({ id }: { id: string | null | undefined }) {
  return <>{useStaffName()(id)}</>;
}

/** A step of the account opening by its code; the code itself for those who may not read the steps. */
export function useStepName(): (code: string | null | undefined) => string {
  const language = useLanguage();
  const when = useMay("opening:read");
  const read = useRead("/api/v1/opening-steps", undefined, { when });
  return (code) => {
    if (!code) return "—";
    if (when && read.data === undefined && read.error === null) return "…";
    const found = read.data?.items.find((step) => step.code === code);
    return found === undefined ? code : language === "en" ? found.name_en : found.name_zh;
  };
}

export function StepName({ code }: { code: string | null | undefined }) {
  return <>{useStepName()(code)}</>;
}

/** A customer, linked to his page for those who may open it. */
export function CustomerLink({ id, name }: { id: string | null | undefined; name?: string | null }) {
  const t = useTexts(texts);
  const may = useMay("customer:read");
  const text = name || (id ? t.customer : "—");
  const shown = <span style={{ whiteSpace: "nowrap" }}>{text}</span>;
  return id && may ? <Link to={to.customer(id)}>{shown}</Link> : shown;
}
