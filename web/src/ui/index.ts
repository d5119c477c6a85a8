export { type Bar, Bars, type BarsProps } from "./charts/Bars";
export { ChartFrame, type ChartFrameProps, type DataTableOf } from "./charts/ChartFrame";
export { Effect, type EffectArm, type EffectProps } from "./charts/Effect";
export type { EChartProps } from "./charts/EChart";
export { Funnel, type FunnelProps, type FunnelStep } from "./charts/Funnel";
export { Chart, type Line, Lines, type LinesProps } from "./charts/Lines";
export { Quantiles, type QuantilesProps } from "./charts/Quantiles";
export * as ringShape from "./charts/ringShape";
export { Ring, type RingProps, type RingStage } from "./charts/Ring";
export { DataTable } from "./DataTable";
export { DetailDrawer, type DetailDrawerProps, useOpen } from "./DetailDrawer";
export { Copyable, ProblemLine, TextDialog, type TextDialogProps } from "./dialogs";
export {
  Choice,
  type ChoiceProps,
  type Option,
  Search,
  type TabItem,
  Tabs,
  useAsked,
  useUrlState,
} from "./filters";
export { Json, JsonField } from "./json";
export { objectOf, setOut } from "./jsonText";
export { type Shortcut, ShortcutHelp, useShortcuts } from "./keys";
export { LivePill } from "./LivePill";
export {
  type Branch,
  BranchChoice,
  BranchName,
  CustomerLink,
  type StaffMember,
  StaffName,
  StepName,
  useBranches,
  useBranchName,
  usePersonName,
  useShelfNames,
  useStaffName,
  useStepName,
} from "./names";
export { Card, Facts, Page, type PageProps } from "./Page";
export { PeriodChoice, useSpan } from "./period";
export { exchangeDay, periods, type Span, spanOf, startOf } from "./periods";
export { Pill, type Tone } from "./Pill";
export { Sparkline } from "./Sparkline";
export {
  Empty,
  ErrorState,
  Forbidden,
  Loading,
  Reading,
  type ReadingProps,
  ReadingValue,
  type Shape,
  Stale,
  useExplained,
} from "./states";
export { Switches } from "./switches";
export { usePhone } from "../theme";
export type { Column, DataTableProps, Selection } from "./tableTypes";
export { useTagValue } from "./tagValues";
export { type Asking, useTell } from "./tell";
export {
  Change,
  Count,
  type Difference,
  Elapsed,
  Figure,
  type FigureProps,
  Figures,
  Money,
  Percent,
  RelativeTime,
} from "./values";
export { useWording, Wording } from "./wording";
