import { Button } from "antd";
import { useMay } from "../../../api";
import { useTexts, useWords } from "../../../language";
import { Choice, Page, Search, Tabs, useOpen, useAsked } from "../../../ui";
import { itemKinds, texts } from "../texts";
import { Catalogue } from "./catalogue";
import { Slots } from "./slots";

/** The places of the app, and what may fill them. */
export default function SlotsPage() {
  const t = useTexts(texts);
  const kind = useWords(itemKinds);
  const mayEdit = useMay("catalogue:edit");
  const [tab] = useAsked("slots", "tab");
  const [, setOpen] = useOpen("item");
  const catalogue = tab === "catalogue";
  return (
    <Page
      title={t.slotsTitle}
      about={t.slotsAbout}
      primary={
        catalogue &&
        mayEdit && (
          <Button type="primary" onClick={() => setOpen("+")}>
            {t.add}
          </Button>
        )
      }
      filters={
        catalogue && (
          <>
            <Search label={t.search} />
            <Choice
              name="kind"
              label={t.kind}
              options={["product", "content", "function"].map((value) => ({ value, label: kind(value) }))}
            />
            <Choice
              name="active"
              label={t.state}
              options={[
                { value: "yes", label: t.active },
                { value: "no", label: t.inactive },
              ]}
            />
          </>
        )
      }
    >
      <Tabs
        label={t.views}
        items={[
          { key: "slots", label: t.slots },
          { key: "catalogue", label: t.catalogue },
        ]}
      />
      {catalogue ? <Catalogue /> : <Slots />}
    </Page>
  );
}
