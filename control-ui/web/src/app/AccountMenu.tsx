// The colour scheme, and the way out.
import { Button, SegmentedControl, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import { messages } from "../messages";
import { useSignOut } from "../session/useSession";
import { Disclosure } from "../ui/Disclosure";
import { Icon } from "../ui/Icon";
import classes from "./AccountMenu.module.css";

const words = messages.frame;

export function AccountMenu() {
  const signOut = useSignOut();
  return (
    <Disclosure
      label={
        <>
          <Icon name="person" size={16} />
          {words.account}
        </>
      }
    >
      <div className={classes.menu}>
        <p className="tf-muted">{messages.theme.label}</p>
        <ThemeSwitch />
        <Button
          variant="default"
          size="xs"
          leftSection={<Icon name="exit" size={16} />}
          onClick={() => {
            signOut.mutate();
          }}
        >
          {messages.session.signOut}
        </Button>
      </div>
    </Disclosure>
  );
}

export function ThemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const choices = (["auto", "light", "dark"] as const).map((value) => ({ value, label: messages.theme[value] }));
  return (
    <SegmentedControl<MantineColorScheme>
      size="xs"
      aria-label={messages.theme.label}
      data={choices}
      value={colorScheme}
      onChange={setColorScheme}
      withItemsBorders={false}
      transitionDuration={0}
    />
  );
}
