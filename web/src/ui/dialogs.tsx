import { CheckOutlined, CopyOutlined } from "@ant-design/icons";
import { Button, Input, Modal } from "antd";
import { type ReactNode, useId, useState } from "react";
import type { Problem } from "../api";
import { useTexts } from "../language";
import { useExplained } from "./states";
import { texts } from "./texts";
import css from "./ui.module.css";

/** Why a write was refused, where the eye is: above the buttons of a form. Nothing without a problem. */
export function ProblemLine({ problem, children }: { problem?: Problem; children?: ReactNode }) {
  const explain = useExplained();
  const t = useTexts(texts);
  if (!problem && !children) return null;
  return (
    <div className={css.problem} role="alert">
      {children ?? (problem && explain(problem))}
      {problem?.id && <div className={css.stateId}>{t.quote(problem.id)}</div>}
    </div>
  );
}

export interface TextDialogProps {
  title: string;
  /** What will happen, and where the text is kept. */
  about: ReactNode;
  label: string;
  action: string;
  danger?: boolean;
  /** Fewest letters; 0 makes the text optional. */
  least?: number;
  pending: boolean;
  problem?: Problem;
  onDone: (text: string) => void;
  onClose: () => void;
}

/** Asks for a reason or a ruling before something goes on record. What was typed stays after a refusal. */
export function TextDialog(props: TextDialogProps) {
  const { title, about, label, action, danger, least = 4, pending, problem, onDone, onClose } = props;
  const t = useTexts(texts);
  const id = useId();
  const [text, setText] = useState("");
  const missing = least - text.trim().length;
  return (
    <Modal
      open
      title={title}
      onCancel={onClose}
      okText={action}
      cancelText={t.cancel}
      okButtonProps={{ danger, disabled: missing > 0 }}
      confirmLoading={pending}
      onOk={() => onDone(text.trim())}
    >
      <p className={css.dialogAbout}>{about}</p>
      <label className={css.field} htmlFor={id}>
        <span className={css.fieldLabel}>{label}</span>
      </label>
      <Input.TextArea
        id={id}
        // eslint-disable-next-line jsx-a11y/no-autofocus -- the dialog was opened to type into it
        autoFocus
        maxLength={500}
        autoSize={{ minRows: 3, maxRows: 8 }}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <p className={css.fieldHint} aria-live="polite">
        {missing > 0 && text !== "" ? t.lettersMissing(String(missing)) : " "}
      </p>
      <ProblemLine problem={problem} />
    </Modal>
  );
}

/** A line to take away: a command, a key. Where the browser gives no clipboard the line is selected instead. */
export function Copyable({ text, label }: { text: string; label: string }) {
  const t = useTexts(texts);
  const [copied, setCopied] = useState(false);
  const id = useId();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      const line = document.getElementById(id);
      if (line) getSelection()?.selectAllChildren(line);
    }
  };
  return (
    <div className={css.copyable}>
      <code id={id} tabIndex={0} role="region" aria-label={label}>
        {text}
      </code>
      <Button
        size="small"
        icon={copied ? <CheckOutlined aria-hidden /> : <CopyOutlined aria-hidden />}
        onClick={() => void copy()}
      >
        {copied ? t.copied : t.copy}
      </Button>
    </div>
  );
}
