// Days as a calendar, each filled as far as it is done. One stop of the Tab key: arrows, Home and End go from day to
// day, and what is said of the day under the focus or the pointer stands below.
import { useRef, useState, type KeyboardEvent } from "react";
import { messages } from "../messages";
import { Icon, type IconName } from "../ui/Icon";
import classes from "./Calendar.module.css";
import { dayName, monthsOf, plusDays, weekdays } from "./months";

const words = messages.days;

export interface CalendarDay {
  readonly day: string;
  /** How much of it is done, 0 to 1. */
  readonly share: number;
  readonly tone: "accent" | "good" | "warn" | "bad" | "neutral";
  /** Says the same as the tone. */
  readonly icon: IconName | null;
  /** It is under way. */
  readonly current: boolean;
  /** Everything there is to say of it. */
  readonly text: string;
}

interface Props {
  readonly label: string;
  /** They ascend. */
  readonly days: readonly CalendarDay[];
}

const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

export function Calendar({ label, days }: Props) {
  const grid = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState<string | null>(null);
  const [pointed, setPointed] = useState<string | null>(null);
  const known = new Map(days.map((one) => [one.day, one]));
  const stop = known.has(focused ?? "") ? focused : (days.find(({ current }) => current) ?? days[0])?.day;
  const told = known.get(pointed ?? "") ?? known.get(stop ?? "");

  const move = (event: KeyboardEvent) => {
    const target = targetOf(event.key, stop ?? "", days);
    if (target === undefined || !known.has(target)) return;
    event.preventDefault();
    setFocused(target);
    grid.current?.querySelector<HTMLElement>(`[data-day="${target}"]`)?.focus();
  };
  return (
    <div className={classes.calendar}>
      {/* eslint-disable-next-line jsx-a11y/no-static-element-interactions -- the keys belong to the buttons inside */}
      <div ref={grid} className={classes.months} onKeyDown={move}>
        {monthsOf(days.map(({ day }) => day)).map((month) => (
          <table key={month.key} className={classes.month}>
            <caption>
              {month.title}
              <span className="tf-hidden">, {label}</span>
            </caption>
            <thead>
              <tr>
                {weekdays.map((name) => (
                  <th key={name} scope="col">
                    <abbr title={name}>{name.slice(0, 2)}</abbr>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {month.weeks.map((week, index) => (
                <tr key={index}>
                  {week.map((day, place) => (
                    <td key={day ?? `none-${place}`}>
                      {day !== null && (
                        <Day
                          date={day}
                          of={known.get(day)}
                          stop={day === stop}
                          onFocus={setFocused}
                          onPoint={setPointed}
                        />
                      )}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        ))}
      </div>
      <p className={classes.told}>
        {told && (
          <>
            <strong>{dayName(told.day)}</strong>: {told.text}
          </>
        )}
      </p>
      <p className="tf-hidden" id={`${label}-keys`}>
        {words.keys}
      </p>
    </div>
  );
}

/** The day to which a key leads. */
function targetOf(key: string, from: string, days: readonly CalendarDay[]): string | undefined {
  if (key === "Home") return days[0]?.day;
  if (key === "End") return days.at(-1)?.day;
  const step = steps[key];
  return step === undefined || from === "" ? undefined : plusDays(from, step);
}

interface DayProps {
  readonly date: string;
  /** Undefined outside of the days that are shown. */
  readonly of: CalendarDay | undefined;
  readonly stop: boolean;
  readonly onFocus: (day: string) => void;
  readonly onPoint: (day: string | null) => void;
}

function Day({ date, of, stop, onFocus, onPoint }: DayProps) {
  const number = Number(date.slice(8));
  if (!of) return <span className={classes.outside}>{number}</span>;
  const height = Math.round(of.share * 100);
  return (
    <button
      type="button"
      className={classes.day}
      data-day={date}
      data-tone={of.tone}
      aria-current={of.current ? "date" : undefined}
      aria-label={`${dayName(date)}: ${of.text}`}
      tabIndex={stop ? 0 : -1}
      onFocus={() => {
        onFocus(date);
      }}
      onClick={() => {
        onFocus(date);
      }}
      onPointerEnter={() => {
        onPoint(date);
      }}
      onPointerLeave={() => {
        onPoint(null);
      }}
    >
      <svg className={classes.fill} viewBox="0 0 1 100" preserveAspectRatio="none" aria-hidden="true">
        <rect x="0" y={100 - height} width="1" height={height} />
      </svg>
      <span>{number}</span>
      {of.icon !== null && (
        <span className={classes.mark}>
          <Icon name={of.icon} size={12} />
        </span>
      )}
    </button>
  );
}
