// The rail on the left: the places of the page, as icon and word.
import { Link } from "@tanstack/react-router";
import { messages } from "../messages";
import { Icon } from "../ui/Icon";
import { places } from "./places";
import classes from "./Rail.module.css";
import { useFolded } from "./useFolded";

const words = messages.frame;

export function Rail() {
  const [folded, toggle] = useFolded();
  return (
    <nav className={classes.rail} aria-label={words.places} data-folded={folded ? "" : undefined}>
      <p className={classes.product}>
        <Icon name="pulse" size={20} />
        <span className={folded ? "tf-hidden" : undefined}>{messages.product}</span>
      </p>
      <ul className={classes.places}>
        {places.map(({ to, icon, word }) => (
          <li key={to}>
            <Link
              to={to}
              className={classes.place}
              title={folded ? word : undefined}
              activeOptions={{ exact: to === "/" }}
            >
              <Icon name={icon} size={20} />
              <span className={folded ? "tf-hidden" : undefined}>{word}</span>
            </Link>
          </li>
        ))}
      </ul>
      <button
        type="button"
        className={classes.fold}
        onClick={toggle}
        aria-expanded={!folded}
        title={folded ? words.unfold : undefined}
      >
        <Icon name={folded ? "right" : "left"} size={20} />
        <span className={folded ? "tf-hidden" : undefined}>{folded ? words.unfold : words.fold}</span>
      </button>
    </nav>
  );
}
