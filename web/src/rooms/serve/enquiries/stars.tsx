import { StarFilled, StarOutlined } from "@ant-design/icons";
import { useTexts } from "../../../language";
import css from "../serve.module.css";
import { texts } from "../texts";

/** A customer's rating, one to five. */
export function Stars({ of }: { of: number }) {
  const t = useTexts(texts);
  return (
    <span className={css.stars} role="img" aria-label={t.stars(of)}>
      {[1, 2, 3, 4, 5].map((star) => (star <= of ? <StarFilled key={star} /> : <StarOutlined key={star} />))}
    </span>
  );
}
