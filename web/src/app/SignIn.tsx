import { Button, Form, Input } from "antd";
import { useState } from "react";
import { Problem, signIn } from "../api";
import { stageNames, stages, useTexts } from "../language";
import { Seats } from "../rooms/demo/tour/Seats";
import { ringShape, Switches, useExplained, usePhone } from "../ui";
import css from "./app.module.css";
import { Mark } from "./icons";
import { texts } from "./texts";

function Loop() {
  const names = useTexts(stageNames);
  return (
    <svg viewBox={`0 0 ${ringShape.SIZE} ${ringShape.SIZE}`} className={css.doorRing} aria-hidden>
      {stages.map((stage, index) => (
        <g key={stage}>
          <path d={ringShape.arrow(index)} />
          <path id={`door-${stage}`} d={ringShape.baseline(index)} style={{ fill: "none" }} />
          <text textAnchor="middle" style={{ letterSpacing: ringShape.isLower(index) ? "0.12em" : "0.02em" }}>
            <textPath href={`#door-${stage}`} startOffset="50%">
              {names[stage]}
            </textPath>
          </text>
        </g>
      ))}
    </svg>
  );
}

/** Shown at every address to whoever is not signed in; afterwards the address is where they wanted to be. */
export function SignIn() {
  const t = useTexts(texts);
  const explain = useExplained();
  const phone = usePhone();
  const [pending, setPending] = useState(false);
  const [said, setSaid] = useState<string>();
  const submit = async ({ login, password }: { login: string; password: string }) => {
    setPending(true);
    setSaid(undefined);
    try {
      await signIn(login.trim(), password);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setSaid(error.status === 401 ? t.wrong : error.status === 429 ? t.tooMany : explain(error));
      setPending(false);
    }
  };
  return (
    <div className={css.door}>
      <div className={`${css.brand} ${css.doorBrand}`}>
        <Mark size={28} />
        <span>
          闭环 <span className={css.brandLatin}>Bihuan</span>
        </span>
      </div>
      <div className={css.doorArt}>
        <div className={css.doorLoop}>
          <Loop />
          <p className={css.doorTag}>{t.tagline}</p>
        </div>
      </div>
      <main className={css.doorForm}>
        <div className={css.doorTools}>
          <Switches />
        </div>
        <h1 className={css.doorTitle}>{t.signIn}</h1>
        {said && (
          <div className={css.doorSays} role="alert">
            {said}
          </div>
        )}
        <Form
          layout="vertical"
          size={phone ? undefined : "large"}
          requiredMark={false}
          onFinish={(values) => void submit(values)}
        >
          <Form.Item name="login" label={t.login} rules={[{ required: true, message: t.loginMissing }]}>
            <Input autoComplete="username" autoCapitalize="none" />
          </Form.Item>
          <Form.Item
            name="password"
            label={t.password}
            rules={[{ required: true, message: t.passwordMissing }]}
          >
            <Input.Password autoComplete="current-password" />
          </Form.Item>
          <Button type="primary" htmlType="submit" block loading={pending} style={{ marginTop: 8 }}>
            {t.signIn}
          </Button>
        </Form>
        <Seats />
      </main>
    </div>
  );
}
