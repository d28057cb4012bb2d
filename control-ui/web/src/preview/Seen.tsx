// What was seen of the visits, card by card.
import { Calendar, type CalendarDay } from "../days/Calendar";
import { formatCount, formatNumber, formatRough, formatRoughDuration, formatShare, sentence } from "../format";
import { messages } from "../messages";
import { Card } from "../ui/Card";
import { DataTable } from "../ui/DataTable";
import { Facts } from "../ui/Facts";
import { Notice } from "../ui/Notice";
import { PagesCard } from "./PagesCard";
import { PartsCard } from "./PartsCard";
import classes from "./Preview.module.css";
import type { Preview } from "./queries";
import { StoriesCard } from "./StoriesCard";
import { WeekCard } from "./WeekCard";

const words = messages.preview;

const countryNames = new Intl.DisplayNames(["en"], { type: "region", fallback: "code" });
const countryName = (code: string) => countryNames.of(code) ?? code;
const channelName = (code: string) => words.channel[code] ?? code;

export function Seen({ preview }: { readonly preview: Preview }) {
  return (
    <>
      {preview.warnings.length > 0 && (
        <Notice tone="warn" title={words.warnings}>
          <ul>
            {preview.warnings.map(({ pointer, code, message }) => (
              <li key={pointer + code}>{sentence(message)}</li>
            ))}
          </ul>
        </Notice>
      )}
      <p className={classes.note}>
        {words.counted(formatCount(preview.visits_simulated), preview.first, preview.last, preview.time_zone)}
      </p>
      <div className={classes.cards}>
        <Figures preview={preview} />
        <WeekCard hours={preview.hours} zone={preview.time_zone} />
        <PartsCard title={words.channels} parts={preview.channels} nameOf={channelName} />
        <PartsCard title={words.countries} parts={preview.countries} nameOf={countryName} none={words.countriesOff} />
        <PartsCard title={words.devices} parts={preview.devices} />
        <PartsCard title={words.browsers} parts={preview.browsers} />
        <PartsCard title={words.systems} parts={preview.systems} />
        <Deeds kinds={preview.kinds} />
        <PagesCard title={words.topPages} share={words.views} pages={preview.pages} />
        <PagesCard title={words.entries} share={words.visits} pages={preview.entries} />
      </div>
      <Card title={words.days}>
        <Calendar label={words.days} days={daysOf(preview)} />
      </Card>
      <StoriesCard stories={preview.stories} />
    </>
  );
}

function Figures({ preview }: { readonly preview: Preview }) {
  const visits = preview.days.reduce((sum, day) => sum + day.visits, 0);
  const about = (value: number) => words.about(formatRough(value));
  return (
    <Card title={words.figures}>
      <Facts
        facts={[
          [words.perDay, about(visits / Math.max(1, preview.days.length))],
          [words.hits, formatNumber(preview.hits_per_visit)],
          [words.pages, formatNumber(preview.page_views_per_visit)],
          [words.bounce, formatShare(preview.bounce_share, 1)],
          [words.duration, formatRoughDuration(preview.duration_median_s * 1000)],
          [words.returning, formatShare(preview.returning_share, 1)],
          [words.addresses, formatCount(preview.addresses)],
          [
            words.order,
            preview.order_value === null ? words.noOrder : `${about(preview.order_value)} ${preview.currency}`,
          ],
        ]}
      />
    </Card>
  );
}

function Deeds({ kinds }: { readonly kinds: Preview["kinds"] }) {
  return (
    <Card title={words.deeds}>
      <DataTable
        label={words.deedsTable}
        rowHeaders
        columns={[
          { title: words.kind },
          { title: words.withIt, numeric: true },
          { title: words.perVisit, numeric: true },
        ]}
        rows={kinds.map(({ kind, visits_share, per_visit }) => ({
          key: kind,
          cells: [messages.kinds.names[kind] ?? kind, formatShare(visits_share, 1), per_visit.toFixed(2)],
        }))}
      />
    </Card>
  );
}

function daysOf({ days }: Preview): CalendarDay[] {
  const fullest = Math.max(1, ...days.map(({ visits }) => visits));
  return days.map(({ day, visits }) => ({
    day,
    share: visits / fullest,
    tone: "accent",
    icon: null,
    current: false,
    text: words.dayVisits(formatRough(visits)),
  }));
}
