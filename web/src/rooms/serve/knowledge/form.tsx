import { Form, Input, Modal } from "antd";
import { useWrite } from "../../../api";
import { useTexts } from "../../../language";
import { ProblemLine, useTell } from "../../../ui";
import css from "../serve.module.css";
import { texts } from "../texts";
import { type Draft, entryOf, linesOf } from "./entries";

interface FormProps {
  draft: Draft;
  replaces: string | null;
  close: () => void;
}

/** A new entry or a successor, sent for approval as one step: there is nothing to forget afterwards. */
export function EntryForm({ draft, replaces, close }: FormProps) {
  const t = useTexts(texts);
  const tell = useTell();
  const [form] = Form.useForm<Draft>();
  const writing = useWrite("post", "/api/v1/knowledge", {
    refreshes: ["/api/v1/knowledge", "/api/v1/approvals"],
  });
  const submit = async (values: Draft) => {
    if ((await writing.run({ body: entryOf(values, replaces) })) === "failed") return;
    tell.done(t.submitted);
    close();
  };
  const needed = [{ required: true, whitespace: true, message: t.required }];
  const lines = [
    {
      validator: (_: unknown, text: string) =>
        linesOf(text ?? "").length > 0 ? Promise.resolve() : Promise.reject(new Error(t.required)),
    },
  ];
  return (
    <Modal
      open
      width={720}
      title={replaces ? t.edit : t.newEntry}
      okText={t.submit}
      confirmLoading={writing.pending}
      onCancel={close}
      onOk={() => form.submit()}
      destroyOnHidden
    >
      {replaces && <p className={css.quiet}>{t.editAbout}</p>}
      <Form
        form={form}
        layout="vertical"
        initialValues={draft}
        requiredMark={false}
        onFinish={(values) => void submit(values)}
      >
        <Form.Item name="topic" label={t.topic} extra={t.topicHelp} rules={needed}>
          <Input maxLength={40} />
        </Form.Item>
        <div className={css.halves}>
          <Form.Item name="phrasings_zh" label={t.phrasingsZh} rules={lines}>
            <Input.TextArea lang="zh-CN" autoSize={{ minRows: 3, maxRows: 8 }} />
          </Form.Item>
          <Form.Item name="phrasings_en" label={t.phrasingsEn} rules={lines}>
            <Input.TextArea lang="en" autoSize={{ minRows: 3, maxRows: 8 }} />
          </Form.Item>
          <Form.Item name="answer_zh" label={t.answerZh} rules={needed}>
            <Input.TextArea lang="zh-CN" maxLength={2000} autoSize={{ minRows: 4, maxRows: 10 }} />
          </Form.Item>
          <Form.Item name="answer_en" label={t.answerEn} rules={needed}>
            <Input.TextArea lang="en" maxLength={2000} autoSize={{ minRows: 4, maxRows: 10 }} />
          </Form.Item>
          <Form.Item name="valid_from" label={t.validFrom}>
            <Input type="date" />
          </Form.Item>
          <Form.Item name="valid_to" label={t.validTo}>
            <Input type="date" />
          </Form.Item>
        </div>
      </Form>
      <ProblemLine problem={writing.problem} />
    </Modal>
  );
}
