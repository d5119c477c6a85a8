import { BarChart, HeatmapChart, LineChart, SankeyChart, ScatterChart } from "echarts/charts";
import {
  AriaComponent,
  GridComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
} from "echarts/components";
import { type EChartsCoreOption, init, use as register } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { type Palette, usePalette } from "../../theme";
import css from "./charts.module.css";

register([
  LineChart,
  BarChart,
  ScatterChart,
  SankeyChart,
  HeatmapChart,
  GridComponent,
  TooltipComponent,
  MarkLineComponent,
  VisualMapComponent,
  AriaComponent,
  LabelLayout,
  SVGRenderer,
]);

export interface EChartProps {
  /** The chart in words. */
  alt: string;
  height: number;
  /** Made from our colours; axis, tooltip and text styles are already ours. */
  option: (colors: Palette) => EChartsCoreOption;
  onClick?: (what: { seriesName?: string; name: string; dataIndex: number }) => void;
}

function base(c: Palette): EChartsCoreOption {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  return {
    animation: !still,
    animationDuration: 200,
    color: [c.accent, c.markSoft, c.mark, c.good, c.warn],
    textStyle: { fontFamily: "inherit", color: c.muted, fontSize: 12 },
    grid: { left: 8, right: 16, top: 16, bottom: 4, containLabel: true },
    tooltip: {
      trigger: "axis",
      confine: true,
      backgroundColor: c.raised,
      borderColor: c.line,
      textStyle: { color: c.text, fontSize: 12 },
      axisPointer: { lineStyle: { color: c.lineStrong }, crossStyle: { color: c.lineStrong } },
    },
  };
}

/** The one door to ECharts; loaded only by pages that draw with it. */
export default function EChart({ alt, height, option, onClick }: EChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const colors = usePalette();
  const drawn = useRef<ReturnType<typeof init>>(undefined);
  const click = useRef(onClick);
  useEffect(() => {
    click.current = onClick;
  });
  useEffect(() => {
    if (box.current === null) return undefined;
    const chart = init(box.current, undefined, { renderer: "svg" });
    drawn.current = chart;
    chart.on("click", (event) =>
      click.current?.({ seriesName: event.seriesName, name: event.name, dataIndex: event.dataIndex }),
    );
    const watch = new ResizeObserver(() => chart.resize());
    watch.observe(box.current);
    return () => {
      watch.disconnect();
      chart.dispose();
    };
  }, []);
  useEffect(() => {
    drawn.current?.setOption({ ...base(colors), ...option(colors) }, { notMerge: true });
  }, [colors, option]);
  return <div ref={box} role="img" aria-label={alt} className={css.echart} style={{ height }} />;
}
