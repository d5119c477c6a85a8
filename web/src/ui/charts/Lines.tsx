import { lazy, Suspense, useCallback } from "react";
import type { Palette } from "../../theme";
import { Loading } from "../states";
import { ChartFrame } from "./ChartFrame";
import type { EChartProps } from "./EChart";

const Drawn = lazy(() => import("./EChart"));

/** Any ECharts drawing: fetched when first needed, a skeleton meanwhile. */
export function Chart(props: EChartProps) {
  return (
    <Suspense fallback={<Loading shape="chart" />}>
      <Drawn {...props} />
    </Suspense>
  );
}

export interface Line {
  name: string;
  values: readonly (number | null)[];
  /** Last week, plan, control: drawn grey and dashed. */
  quiet?: boolean;
}

export interface LinesProps {
  message: string;
  note?: string;
  /** Labels of the horizontal axis. */
  at: readonly string[];
  lines: readonly Line[];
  height?: number;
  say?: (value: number) => string;
  onClick?: EChartProps["onClick"];
}

/** Values over time. Few lines, each labelled at its end instead of in a legend. */
export function Lines({ message, note, at, lines, height = 240, say = String, onClick }: LinesProps) {
  const option = useCallback(
    (c: Palette) => ({
      grid: { left: 8, right: 88, top: 16, bottom: 4, containLabel: true },
      xAxis: {
        type: "category",
        data: at,
        boundaryGap: false,
        axisLine: { lineStyle: { color: c.lineStrong } },
        axisTick: { show: false },
        axisLabel: { color: c.faint, hideOverlap: true },
      },
      yAxis: {
        type: "value",
        splitNumber: 4,
        splitLine: { lineStyle: { color: c.line } },
        axisLabel: { color: c.faint, formatter: say },
      },
      series: lines.map((line, index) => ({
        type: "line",
        name: line.name,
        data: line.values,
        showSymbol: false,
        symbolSize: 6,
        lineStyle: { width: line.quiet ? 1.5 : 2, type: line.quiet ? "dashed" : "solid" },
        color: line.quiet ? c.markSoft : index === 0 ? c.accent : c.mark,
        endLabel: {
          show: true,
          formatter: "{a}",
          color: line.quiet ? c.faint : c.text,
          fontSize: 12,
          lineHeight: 16,
        },
        labelLayout: { moveOverlap: "shiftY" },
        emphasis: { disabled: true },
      })),
    }),
    [at, lines, say],
  );
  return (
    <ChartFrame
      message={message}
      note={note}
      data={{
        head: ["", ...lines.map((line) => line.name)],
        rows: at.map((label, index) => [label, ...lines.map((line) => line.values[index] ?? "—")]),
      }}
    >
      <Chart alt={message} height={height} option={option} onClick={onClick} />
    </ChartFrame>
  );
}
