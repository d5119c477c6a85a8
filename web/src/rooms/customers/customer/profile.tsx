import { Button } from "antd";
import { useState } from "react";
import { useMay, useWrite } from "../../../api";
import { cities, useTexts, useWords } from "../../../language";
import { BranchName, Card, Count, Facts, Money, RelativeTime, StaffName, TextDialog } from "../../../ui";
import css from "../customers.module.css";
import { channels, texts } from "../texts";
import type { Customer } from "./page";
import { worthSaying } from "./timelineRows";

type Field = "name" | "phone";

/** Who he is: name and phone masked, in full only with a reason that is kept. */
export function Profile({ of }: { of: Customer }) {
  const t = useTexts(texts);
  const channel = useWords(channels);
  const city = useWords(cities);
  const advisor = of.relations.find((each) => each.kind === "service" && each.valid_to === null)?.staff_id;
  const value = of.holdings.reduce((sum, holding) => sum + Number(holding.value), 0);
  const genders: Record<string, string> = { male: t.male, female: t.female };
  const others = worthSaying(of.traits).filter(
    ([name]) => !["birth_year", "gender", "city", "tier", "language", "channel"].includes(name),
  );
  return (
    <Card title={t.profile}>
      <Facts
        of={[
          [t.name, <Masked key="n" id={of.id} field="name" masked={of.name_masked} />],
          [t.phone, <Masked key="p" id={of.id} field="phone" masked={of.phone_masked} />],
          [t.branch, <BranchName key="b" id={of.branch_id} />],
          [t.advisor, <StaffName key="a" id={advisor} />],
          ...(of.holdings.length > 0 ? ([[t.assets, <Money key="v" yuan={value} />]] as const) : []),
          [t.openedOn, of.opened_on ?? t.notOpened],
          [t.channel, channel(of.channel)],
          ...(of.campaign ? ([[t.campaign, of.campaign]] as const) : []),
          ...(of.staff_code ? ([[t.staffCode, of.staff_code]] as const) : []),
          [t.city, of.city && city(of.city)],
          [t.born, of.birth_year],
          [t.gender, of.gender ? (genders[of.gender] ?? of.gender) : null],
          [t.language, of.language === "en" ? t.english : t.chinese],
          [t.firstSeen, <RelativeTime key="f" at={of.first_seen} />],
          [t.lastSeen, <RelativeTime key="l" at={of.last_seen} />],
          [t.events, <Count key="e" value={of.events} />],
          ...others.map(([name, said]) => [name, said] as const),
        ]}
      />
    </Card>
  );
}

function Masked({ id, field, masked }: { id: string; field: Field; masked: string }) {
  const t = useTexts(texts);
  const may = useMay("customer:unmask");
  const [asking, setAsking] = useState(false);
  const [plain, setPlain] = useState<string>();
  const unmask = useWrite("post", "/api/v1/customers/{customer_id}/unmask");
  const what = field === "name" ? t.name : t.phone;
  const run = async (reason: string) => {
    const answer = await unmask.run({ path: { customer_id: id }, body: { field, reason } });
    if (answer === "failed") return;
    setPlain(answer.value ?? t.nothingKnown);
    setAsking(false);
  };
  if (!masked) return <>—</>;
  return (
    <span className={css.masked}>
      {plain ?? masked}
      {may && plain === undefined && (
        <Button size="small" type="link" style={{ padding: 0 }} onClick={() => setAsking(true)}>
          {field === "name" ? t.showName : t.showPhone}
        </Button>
      )}
      {asking && (
        <TextDialog
          title={t.unmaskTitle(what)}
          about={t.unmaskAbout}
          label={t.unmaskReason}
          action={t.unmaskDo}
          pending={unmask.pending}
          problem={unmask.problem}
          onDone={(reason) => void run(reason)}
          onClose={() => setAsking(false)}
        />
      )}
    </span>
  );
}
