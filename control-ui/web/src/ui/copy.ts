// Copies text. Browsers offer the clipboard to secure pages alone; from another machine this page may be on plain http.

export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const before = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "tf-hidden";
  document.body.append(field);
  field.select();
  // The one way that works on plain http.
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- there is no other without a secure context
  const done = document.execCommand("copy");
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  return done;
}
