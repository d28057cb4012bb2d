// The page's line icons, drawn on one 24-pixel grid. They always stand beside words, so they are hidden from
// assistive technology.

const paths = {
  play: "M7 5v14l11-7z",
  stop: "M7 7h10v10H7z",
  pause: "M9 6v12M15 6v12",
  clock: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4l3 2",
  check: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM8.5 12.2l2.4 2.4 4.6-5",
  cross: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM9.5 9.5l5 5M14.5 9.5l-5 5",
  question: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM10 10a2 2 0 1 1 2.8 1.9c-.6.3-.8.7-.8 1.3M12 16v.2",
  warning: "M12 4.5 3.5 19.5h17zM12 10v4.5M12 17v.2",
  info: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 11v5M12 8v.2",
  pulse: "M3 13h4l3-7 4 12 3-8 1.5 3H21",
  offline: "M4 4l16 16M5 12.5a10 10 0 0 1 4-2.3M13 10a10 10 0 0 1 6 2.5M8.5 16a5 5 0 0 1 7 0",
  target: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
  key: "M8 11a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM11 12l8-8M16 7l3 3",
  exit: "M14 5h4a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1h-4M11 16l4-4-4-4M15 12H4",
  ring: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16z",
  skip: "M6 6l7 6-7 6zM17 6v12",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 18 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  );
}
