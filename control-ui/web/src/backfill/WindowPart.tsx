// Which days: by their ends or by how far back they begin, and in which time zone.
import { Button } from "@mantine/core";
import { messages } from "../messages";
import { Choices } from "../ui/Choices";
import classes from "./Backfill.module.css";
import { PICKS, ONCE, windowPointers, ZONE, type WindowForm } from "./form";
import { Part, SettingFields, type Settings } from "./SettingGroup";

const words = messages.backfill;

const forms = [
  { value: "dates", title: words.byDates, help: words.byDatesHelp },
  { value: "back", title: words.byBack, help: words.byBackHelp },
] as const;

interface Props {
  readonly form: WindowForm;
  readonly settings: Settings;
  readonly onForm: (form: WindowForm) => void;
  readonly onPick: (days: number) => void;
}

export function WindowPart({ form, settings, onForm, onPick }: Props) {
  return (
    <Part title={words.days}>
      <Choices legend={words.window} value={form} choices={forms} onChange={onForm} />
      <div className={classes.picks} role="group" aria-label={words.picks}>
        {PICKS.map((days) => (
          <Button
            key={days}
            variant="default"
            size="xs"
            onClick={() => {
              onPick(days);
            }}
          >
            {words.pick(days)}
          </Button>
        ))}
      </div>
      <SettingFields settings={settings} pointers={windowPointers[form]} pair />
      <SettingFields settings={settings} pointers={[ZONE, ONCE]} />
    </Part>
  );
}
