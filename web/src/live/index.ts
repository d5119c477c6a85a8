export { backOff, Live, type Status, type TopicState, type TopicView } from "./connection";
export { withLive } from "./withLive";
export {
  askSpeed,
  connectionTo,
  customerConnection,
  live,
  serverNow,
  serverSpeed,
  useLiveStatus,
  useServerTime,
  useTopic,
} from "./hooks";
