// The bar at the bottom of a narrow page: the places used most, the others under "More".
import { Link } from "@tanstack/react-router";
import { messages } from "../messages";
import { Disclosure } from "../ui/Disclosure";
import { Icon } from "../ui/Icon";
import classes from "./PhoneBar.module.css";
import { places, type Place } from "./places";

const words = messages.frame;

export function PhoneBar() {
  return (
    <nav className={classes.bar} aria-label={words.placesPhone}>
      <ul className={classes.places}>
        {places
          .filter(({ inBar }) => inBar)
          .map((place) => (
            <li key={place.to}>
              <PlaceLink place={place} />
            </li>
          ))}
        <li>
          <Disclosure
            className={classes.more}
            side="above"
            label={
              <>
                <Icon name="more" size={20} />
                <span>{words.more}</span>
              </>
            }
          >
            <ul className={classes.list}>
              {places
                .filter(({ inBar }) => !inBar)
                .map((place) => (
                  <li key={place.to}>
                    <PlaceLink place={place} />
                  </li>
                ))}
            </ul>
          </Disclosure>
        </li>
      </ul>
    </nav>
  );
}

function PlaceLink({ place: { to, icon, word } }: { readonly place: Place }) {
  return (
    <Link to={to} className={classes.place} activeOptions={{ exact: to === "/" }}>
      <Icon name={icon} size={20} />
      <span>{word}</span>
    </Link>
  );
}
