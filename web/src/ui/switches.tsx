import { MoonOutlined, SunOutlined, TranslationOutlined } from "@ant-design/icons";
import { Button, Tooltip } from "antd";
import { useLanguage, useTexts } from "../language";
import { prefer } from "../preferences";
import { useMode } from "../theme";
import { texts } from "./texts";

/** Language and theme, for those who are not signed in too. */
export function Switches() {
  const t = useTexts(texts);
  const language = useLanguage();
  const mode = useMode();
  const label = mode === "dark" ? t.toLight : t.toDark;
  return (
    <>
      <Tooltip title={t.otherLanguage}>
        <Button
          type="text"
          icon={<TranslationOutlined />}
          aria-label={t.otherLanguage}
          onClick={() => prefer({ language: language === "zh" ? "en" : "zh" })}
        />
      </Tooltip>
      <Tooltip title={label}>
        <Button
          type="text"
          icon={mode === "dark" ? <SunOutlined /> : <MoonOutlined />}
          aria-label={label}
          onClick={() => prefer({ theme: mode === "dark" ? "light" : "dark" })}
        />
      </Tooltip>
    </>
  );
}
