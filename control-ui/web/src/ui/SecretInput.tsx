// A field for a secret. Mantine's own marks an invalid one for the eye alone.
import { PasswordInput, type PasswordInputProps } from "@mantine/core";

export function SecretInput(props: PasswordInputProps) {
  return <PasswordInput {...props} aria-invalid={props.error ? true : undefined} />;
}
