import { Link } from "react-router";
import { sensitivities, useLanguage, useTexts, useWords } from "../../../language";
import { to } from "../../../paths";
import { Count, Pill, usePhone } from "../../../ui";
import css from "../tag.module.css";
import { Coverage, type Tag } from "../tagParts";
import { kinds, texts, types, uses } from "../tagTexts";

interface RowsProps {
  of: readonly Tag[];
  whole: number | null;
  moved: Readonly<Record<string, number>>;
  label: string;
}

/** The tags of one family, a table, on a phone cards. */
export function Rows({ of, whole, moved, label }: RowsProps) {
  const t = useTexts(texts);
  const language = useLanguage();
  const kind = useWords(kinds);
  const type = useWords(types);
  const use = useWords(uses);
  const sensitivity = useWords(sensitivities);
  const phone = usePhone();
  const marked = (tag: Tag) => (
    <Pill tone={tag.sensitivity === "aml" ? "warn" : "neutral"}>{sensitivity(tag.sensitivity)}</Pill>
  );
  const usable = (tag: Tag) => tag.uses.map(use).join(t.joiner) || "—";
  if (phone)
    return (
      <ul className={css.cards} aria-label={label}>
        {of.map((tag) => (
          <li key={tag.code}>
            <Link to={to.tag(tag.code)} className={css.cardLink}>
              {tag[language]}
            </Link>
            <Coverage of={tag} whole={whole} />
            <span className={`${css.pills} ${css.quiet}`}>
              {kind(tag.kind)} · {type(tag.type)} · {usable(tag)} {marked(tag)}
            </span>
          </li>
        ))}
      </ul>
    );
  return (
    <table className={css.table} aria-label={label}>
      <colgroup>
        <col style={{ width: "32%" }} />
        <col style={{ width: "14%" }} />
        <col style={{ width: "27%" }} />
        <col style={{ width: "8%" }} />
        <col style={{ width: "9%" }} />
        <col style={{ width: "10%" }} />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">{t.tag}</th>
          <th scope="col">{t.kind}</th>
          <th scope="col">{t.coverage}</th>
          <th scope="col" className={css.number} title={t.movedNote}>
            {t.moved}
          </th>
          <th scope="col">{t.sensitivity}</th>
          <th scope="col">{t.uses}</th>
        </tr>
      </thead>
      <tbody>
        {of.map((tag) => (
          <tr key={tag.code}>
            <td>
              <Link to={to.tag(tag.code)}>{tag[language]}</Link>
              <div className={css.quiet}>{language === "en" ? tag.means_en : tag.means_zh}</div>
            </td>
            <td>
              {kind(tag.kind)} · {type(tag.type)}
            </td>
            <td>
              <Coverage of={tag} whole={whole} />
            </td>
            <td className={css.number}>{whole === null ? "—" : <Count value={moved[tag.code] ?? 0} />}</td>
            <td>{marked(tag)}</td>
            <td>{usable(tag)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
