import { useScopedTopic } from "../../../api";
import { contactChannels, type Dictionary, useTexts, useWords } from "../../../language";
import { useTopic } from "../../../live";
import { BranchChoice, Choice, Page, Tabs, useAsked } from "../../../ui";
import { deliveryStates, momentStates, texts } from "../texts";
import { type Delivery, Messages } from "./messages";
import { Stalls } from "./stalls";

/** What left the house, live; and every stall with what became of it. */
export default function DeliveriesPage() {
  const t = useTexts(texts);
  const [tab] = useAsked("deliveries", "tab");
  const [branch] = useAsked("deliveries", "branch");
  const stalls = tab === "stalls";
  const topic = useTopic<Delivery>(useScopedTopic("deliveries", branch));
  return (
    <Page
      title={t.deliveriesTitle}
      about={t.deliveriesAbout}
      live={stalls ? undefined : topic.state}
      filters={
        <>
          <BranchChoice />
          <StateChoice of={stalls ? momentStates : deliveryStates} name={stalls ? "became" : "state"} />
          {!stalls && <ChannelChoice />}
        </>
      }
    >
      <Tabs
        label={t.views}
        items={[
          { key: "messages", label: t.messages },
          { key: "stalls", label: t.stalls },
        ]}
      />
      {stalls ? <Stalls /> : <Messages live={topic.rows} />}
    </Page>
  );
}

function StateChoice({ of, name }: { of: Dictionary; name: string }) {
  const t = useTexts(texts);
  const word = useWords(of);
  return (
    <Choice
      name={name}
      label={t.state}
      options={Object.keys(of).map((value) => ({ value, label: word(value) }))}
    />
  );
}

function ChannelChoice() {
  const t = useTexts(texts);
  const word = useWords(contactChannels);
  return (
    <Choice
      name="channel"
      label={t.channel}
      options={["sms", "inbox"].map((value) => ({ value, label: word(value) }))}
    />
  );
}
