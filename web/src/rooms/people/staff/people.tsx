import { useReadPages } from "../../../api";
import { type Role, roleNames, useLanguage, useTexts, useWords } from "../../../language";
import {
  type Column,
  DataTable,
  DetailDrawer,
  Empty,
  Pill,
  Reading,
  type StaffMember,
  useBranchName,
  useOpen,
  useAsked,
} from "../../../ui";
import css from "../people.module.css";
import { texts } from "../texts";
import { PersonForm } from "./form";
import { Person } from "./person";

export function Roles({ of }: { of: readonly string[] }) {
  const name = useWords(roleNames);
  return (
    <span className={css.pills}>
      {of.map((role) => (
        <Pill key={role}>{name(role)}</Pill>
      ))}
    </span>
  );
}

function useColumns(): Column<StaffMember>[] {
  const t = useTexts(texts);
  const language = useLanguage();
  const branch = useBranchName();
  const place = (row: StaffMember) => (row.branch_id ? branch(row.branch_id) : t.headquarters);
  const name = (row: StaffMember) => (language === "en" && row.name_en) || row.name;
  return [
    { id: "name", title: t.name, cell: name, sort: name },
    { id: "login", title: t.login, cell: (row) => <code>{row.login}</code>, sort: (row) => row.login },
    {
      id: "roles",
      title: t.role,
      cell: (row) => <Roles of={row.roles} />,
      sort: (row) => row.roles.join(),
    },
    { id: "branch", title: t.branch, cell: place, sort: place },
    {
      id: "registration",
      title: t.registration,
      cell: (row) => row.registration_number ?? "—",
      sort: (row) => row.registration_number,
    },
    {
      id: "licensed",
      title: t.licensed,
      cell: (row) => (row.licensed ? t.yes : "—"),
      sort: (row) => Number(row.licensed),
    },
    {
      id: "state",
      title: t.state,
      cell: (row) => (row.active ? t.active : <Pill>{t.left}</Pill>),
      sort: (row) => Number(row.active),
    },
  ];
}

/** Staff within the data scope. */
export function People() {
  const t = useTexts(texts);
  const [open, setOpen] = useOpen();
  const [q] = useAsked("staff", "q");
  const [branch] = useAsked("staff", "branch");
  const [role] = useAsked("staff", "role");
  const [active] = useAsked("staff", "active");
  const pages = useReadPages("/api/v1/staff", {
    query: {
      q: q || undefined,
      branch: branch || undefined,
      role: (role || undefined) as Role | undefined,
      active: active ? active === "yes" : undefined,
      limit: 200,
    },
  });
  const columns = useColumns();
  const opened = pages.items.find((row) => row.id === open);
  return (
    <>
      <Reading of={pages.read} empty={<Empty what={t.staffEmpty} />}>
        {() => (
          <DataTable
            name="staff"
            label={t.staff}
            rows={pages.items}
            rowKey={(row) => row.id}
            columns={columns}
            current={open}
            onOpen={setOpen}
            more={pages.more}
            loadingMore={pages.loadingMore}
            empty={<Empty what={t.staffEmpty} />}
          />
        )}
      </Reading>
      <DetailDrawer title={open === "+" ? t.newPerson : (opened?.name ?? t.person)} wide>
        {(id) => (id === "+" ? <PersonForm /> : opened && <Person key={id} of={opened} />)}
      </DetailDrawer>
    </>
  );
}
