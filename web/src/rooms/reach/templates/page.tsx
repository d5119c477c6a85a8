import { Button } from "antd";
import { useMay, useReadPages } from "../../../api";
import { contactChannels, useTexts, useWords } from "../../../language";
import {
  Choice,
  type Column,
  DataTable,
  DetailDrawer,
  Empty,
  Page,
  Reading,
  RelativeTime,
  useOpen,
  useStepName,
  useAsked,
} from "../../../ui";
import { occasions, texts } from "../texts";
import { TemplateForm } from "./form";
import { Status, type Template } from "./status";
import { TemplateDetails } from "./template";

function useColumns(): Column<Template>[] {
  const t = useTexts(texts);
  const channel = useWords(contactChannels);
  const occasion = useWords(occasions);
  const step = useStepName();
  return [
    { id: "title", title: t.title, cell: (row) => row.title, sort: (row) => row.title },
    { id: "name", title: t.name, cell: (row) => <code>{row.name}</code>, sort: (row) => row.name },
    {
      id: "occasion",
      short: true,
      title: t.occasion,
      cell: (row) => occasion(row.occasion),
      sort: (row) => row.occasion,
    },
    {
      id: "step",
      title: t.step,
      cell: (row) => (row.step ? step(row.step) : t.everyStep),
      sort: (row) => row.step,
    },
    {
      id: "channel",
      short: true,
      title: t.channel,
      cell: (row) => channel(row.channel),
      sort: (row) => row.channel,
    },
    {
      id: "language",
      title: t.language,
      cell: (row) => (row.language === "en" ? t.english : t.chinese),
      sort: (row) => row.language,
    },
    { id: "status", title: t.status, cell: (row) => <Status of={row} />, sort: (row) => row.status },
    {
      id: "until",
      title: t.validTo,
      number: true,
      cell: (row) => <RelativeTime at={row.valid_to} />,
      sort: (row) => row.valid_to,
    },
  ];
}

/** The latest version of every template, with its approval. */
export default function TemplatesPage() {
  const t = useTexts(texts);
  const mayWrite = useMay("template:author");
  const [open, setOpen] = useOpen();
  const [channel] = useAsked("templates", "channel");
  const [language] = useAsked("templates", "language");
  const [occasion] = useAsked("templates", "occasion");
  const [name] = useAsked("templates", "q");
  const pages = useReadPages("/api/v1/templates", {
    query: {
      channel: (channel || undefined) as "sms" | "inbox" | undefined,
      language: (language || undefined) as "zh-CN" | "en" | undefined,
      occasion: (occasion || undefined) as "opening-stuck" | "opening-returned" | undefined,
      name: name || undefined,
      limit: 200,
    },
  });
  const columns = useColumns();
  const create = mayWrite && (
    <Button type="primary" onClick={() => setOpen("+")}>
      {t.newTemplate}
    </Button>
  );
  const nothing =
    channel || language || occasion || name ? (
      <Empty what={t.noneFit} />
    ) : (
      <Empty what={t.templatesEmpty} advice={t.templatesEmptyAdvice} action={create} />
    );
  const opened = pages.items.find((template) => template.id === open);
  return (
    <Page
      title={t.templatesTitle}
      about={t.templatesAbout}
      primary={create}
      filters={<Filters name={name} />}
    >
      <Reading of={pages.read} empty={nothing}>
        {() => (
          <DataTable
            name="templates"
            label={t.templatesTitle}
            rows={pages.items}
            rowKey={(row) => row.id}
            columns={columns}
            current={open}
            onOpen={setOpen}
            more={pages.more}
            loadingMore={pages.loadingMore}
            empty={nothing}
          />
        )}
      </Reading>
      <DetailDrawer title={open === "+" ? t.newTemplate : (opened?.title ?? t.templateTitle)} wide>
        {(id) => (id === "+" ? <TemplateForm /> : opened && <TemplateDetails key={id} of={opened} />)}
      </DetailDrawer>
    </Page>
  );
}

function Filters({ name }: { name: string }) {
  const t = useTexts(texts);
  const word = useWords(contactChannels);
  const occasion = useWords(occasions);
  return (
    <>
      <Choice
        name="occasion"
        label={t.occasion}
        options={Object.keys(occasions).map((value) => ({ value, label: occasion(value) }))}
      />
      <Choice
        name="channel"
        label={t.channel}
        options={["sms", "inbox"].map((value) => ({ value, label: word(value) }))}
      />
      <Choice
        name="language"
        label={t.language}
        options={[
          { value: "zh-CN", label: t.chinese },
          { value: "en", label: t.english },
        ]}
      />
      {name && <Choice name="q" label={t.name} options={[{ value: name, label: name }]} />}
    </>
  );
}
