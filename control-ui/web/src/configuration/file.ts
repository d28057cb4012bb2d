// Files that come in and go out.
import { messages } from "../messages";

/** Larger files are no configurations; reading one would only freeze the page. In bytes. */
export const LARGEST_FILE = 1_048_576;

/** The text of a chosen file, or why there is none. */
export async function textOfFile(file: File): Promise<{ text: string } | { problem: string }> {
  const words = messages.configuration.transfer;
  if (file.size > LARGEST_FILE) return { problem: words.tooLarge(file.name, "1 MiB") };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer()) };
  } catch {
    return { problem: words.unreadable(file.name) };
  }
}

/** Hands a text to the browser as a file. */
export function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
