import { Button } from "antd";
import { type ReactNode, useId, useState } from "react";
import { useTexts } from "../../language";
import { texts } from "../texts";
import css from "./charts.module.css";

export interface DataTableOf {
  head: readonly string[];
  rows: readonly (readonly (string | number)[])[];
}

export interface ChartFrameProps {
  /** What the chart says, in words: "Rescue adds 11 points to completion, 95% between 8 and 14". */
  message: string;
  /** Definition, denominator, period. */
  note?: ReactNode;
  /** The same numbers as text, behind a button; required where the marks alone carry them. */
  data?: DataTableOf;
  children: ReactNode;
}

/** One message, its definition, the chart, and on demand the numbers behind it. */
export function ChartFrame({ message, note, data, children }: ChartFrameProps) {
  const t = useTexts(texts);
  const id = useId();
  const [asTable, setAsTable] = useState(false);
  return (
    <figure className={css.frame} aria-labelledby={id}>
      <figcaption className={css.head}>
        <div>
          <div id={id} className={css.message}>
            {message}
          </div>
          {note && <div className={css.note}>{note}</div>}
        </div>
        {data && (
          <Button size="small" type="text" onClick={() => setAsTable(!asTable)} aria-pressed={asTable}>
            {asTable ? t.showChart : t.showTable}
          </Button>
        )}
      </figcaption>
      <div className={css.contain}>{asTable && data ? <Numbers data={data} /> : children}</div>
    </figure>
  );
}

function Numbers({ data }: { data: DataTableOf }) {
  const numeric = (value: string | number | undefined) => typeof value === "number";
  return (
    <table className={css.dataTable}>
      <thead>
        <tr>
          {data.head.map((title, column) => (
            <th key={title} scope="col" className={numeric(data.rows[0]?.[column]) ? css.num : undefined}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {data.rows.map((row) => (
          <tr key={row.join()}>
            {row.map((value, column) => (
              <td key={data.head[column]} className={numeric(value) ? css.num : undefined}>
                {value}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
