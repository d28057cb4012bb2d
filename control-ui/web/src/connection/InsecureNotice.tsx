// Said wherever a target is named whose certificate nobody checks.
import { messages } from "../messages";
import { Notice } from "../ui/Notice";

export function InsecureNotice() {
  return <Notice tone="bad">{messages.connectionTest.insecure}</Notice>;
}
