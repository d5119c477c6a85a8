import { Button } from "antd";
import { useMay } from "../../../api";
import { roleNames, roles, useTexts } from "../../../language";
import { BranchChoice, Choice, Page, Search, Tabs, useOpen, useAsked } from "../../../ui";
import { texts } from "../texts";
import { Branches } from "./branches";
import { People } from "./people";

/** Who works where: people with their posts, branches with their hours and capacity. */
export default function StaffPage() {
  const t = useTexts(texts);
  const names = useTexts(roleNames);
  const mayEdit = useMay("people:admin");
  const [tab] = useAsked("staff", "tab");
  const branches = tab === "branches";
  const [, setOpen] = useOpen();
  return (
    <Page
      title={t.staffTitle}
      about={t.staffAbout}
      primary={
        mayEdit && (
          <Button type="primary" onClick={() => setOpen("+")}>
            {branches ? t.addBranch : t.addStaff}
          </Button>
        )
      }
      filters={
        !branches && (
          <>
            <Search label={t.search} />
            <BranchChoice />
            <Choice
              name="role"
              label={t.role}
              options={roles.map((role) => ({ value: role, label: names[role] }))}
            />
            <Choice
              name="active"
              label={t.state}
              options={[
                { value: "yes", label: t.active },
                { value: "no", label: t.left },
              ]}
            />
          </>
        )
      }
    >
      <Tabs
        label={t.views}
        items={[
          { key: "staff", label: t.staff },
          { key: "branches", label: t.branches },
        ]}
      />
      {branches ? <Branches /> : <People />}
    </Page>
  );
}
