// The choice between a trial and a full run.
import { messages } from "../messages";
import { Choices } from "../ui/Choices";
import type { Size } from "./form";

const words = messages.start;

const choices = [
  { value: "trial", title: words.trial, help: words.trialHelp },
  { value: "full", title: words.full, help: words.fullHelp },
] as const;

export function SizePicker({ value, onChange }: { readonly value: Size; readonly onChange: (size: Size) => void }) {
  return <Choices legend={words.size} value={value} choices={choices} onChange={onChange} />;
}
