import { Input } from "antd";
import { useTexts } from "../language";
import { objectOf } from "./jsonText";
import { texts } from "./texts";
import css from "./ui.module.css";

/** A value as the machine sees it; the region scrolls and takes the focus. */
export function Json({ of, label, height = 360 }: { of: unknown; label: string; height?: number }) {
  const text = typeof of === "string" ? of : JSON.stringify(of, null, 2);
  return (
    <pre className={css.code} style={{ maxHeight: height }} tabIndex={0} role="region" aria-label={label}>
      {text}
    </pre>
  );
}

/** A JSON object to be repaired by hand; says at once where it cannot be read. */
export function JsonField({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (text: string) => void;
}) {
  const t = useTexts(texts);
  const read = objectOf(value);
  const fault = "fault" in read ? (read.line ? t.jsonAt(read.line) : t.jsonObject) : undefined;
  return (
    <label className={css.field}>
      <span className={css.fieldLabel}>{label}</span>
      <Input.TextArea
        className={css.codeField}
        autoSize={{ minRows: 6, maxRows: 22 }}
        spellCheck={false}
        status={fault ? "error" : undefined}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <span className={css.fault} role="status">
        {fault}
      </span>
    </label>
  );
}
