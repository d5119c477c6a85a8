export { backOff, Live, type Status, type TopicState, type TopicView } from "./connection";
export { connectionTo, live, serverNow, useLiveStatus, useServerTime, useTopic } from "./hooks";
