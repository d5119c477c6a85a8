import { Drawer } from "antd";
import type { ReactNode } from "react";
import { useSearchParams } from "react-router";
import { useUrlState } from "./filters";

/** The id of the thing whose drawer is open, in the URL: `const [open, setOpen] = useOpen()`. */
export function useOpen(name = "open"): [string | null, (id: string | null) => void] {
  const [search] = useSearchParams();
  const [, set] = useUrlState(name);
  return [search.get(name), set];
}

export interface DetailDrawerProps {
  /** Name in the URL's query. */
  name?: string;
  title: ReactNode;
  /** Actions at the bottom, the primary one last. */
  footer?: ReactNode;
  wide?: boolean;
  /** Called with the id only while open. */
  children: (id: string) => ReactNode;
}

/** Details of a row beside the list, so that the place in it is not lost. Escape closes. */
export function DetailDrawer({ name = "open", title, footer, wide = false, children }: DetailDrawerProps) {
  const [id, set] = useOpen(name);
  return (
    <Drawer
      open={id !== null}
      onClose={() => set(null)}
      title={title}
      footer={footer}
      size={wide ? "min(760px, 100vw)" : "min(480px, 100vw)"}
      mask={{ enabled: true, blur: false }}
      destroyOnHidden
      styles={{ body: { padding: 20 }, footer: { display: "flex", gap: 8, justifyContent: "flex-end" } }}
    >
      {id !== null && children(id)}
    </Drawer>
  );
}
