import { QueryClientProvider } from "@tanstack/react-query";
import { App as AntApp, ConfigProvider } from "antd";
import enGB from "antd/locale/en_GB";
import zhCN from "antd/locale/zh_CN";
import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import { useEffect, useMemo } from "react";
import { RouterProvider } from "react-router/dom";
import { queries } from "../api";
import { useLanguage } from "../language";
import { antdTheme, useDocumentTheme, useMode, usePhone } from "../theme";
import { router } from "./router";

export function App() {
  const mode = useMode();
  const phone = usePhone();
  const language = useLanguage();
  useDocumentTheme(mode);
  useEffect(() => {
    dayjs.locale(language === "zh" ? "zh-cn" : "en");
  }, [language]);
  const theme = useMemo(() => antdTheme(mode, phone), [mode, phone]);
  return (
    <ConfigProvider
      theme={theme}
      locale={language === "zh" ? zhCN : enGB}
      button={{ autoInsertSpace: false }}
    >
      <AntApp component={false}>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </AntApp>
    </ConfigProvider>
  );
}
