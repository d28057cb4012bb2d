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
  gauge: "M4.5 17a9 9 0 1 1 15 0M12 13l4-4M11 14.5h2",
  list: "M9 6h11M9 12h11M9 18h11M4.5 6v.2M4.5 12v.2M4.5 18v.2",
  sliders: "M4 7h9M17 7h3M15 5v4M4 17h3M11 17h9M9 15v4M4 12h16",
  layers: "M12 4l8 4-8 4-8-4zM4 12l8 4 8-4M4 16l8 4 8-4",
  lines: "M5 5h14v14H5zM8 9h5M8 12h8M8 15h6",
  gear: "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM12 3.5v3M12 17.5v3M3.5 12h3M17.5 12h3M6 6l2.1 2.1M15.9 15.9 18 18M6 18l2.1-2.1M15.9 8.1 18 6",
  person: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM5 20c.6-3.6 3.3-5.5 7-5.5s6.4 1.9 7 5.5",
  left: "M14 6l-6 6 6 6",
  right: "M10 6l6 6-6 6",
  more: "M5 12v.2M12 12v.2M19 12v.2",
  copy: "M9 9h10v10H9zM5 15V5h10",
  download: "M12 4v11M7.5 10.5 12 15l4.5-4.5M5 20h14",
  trash: "M5 7h14M9 7V4.5h6V7M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5",
  repeat: "M5 11a7 7 0 0 1 12-4l2 2M19 4v5h-5M19 13a7 7 0 0 1-12 4l-2-2M5 20v-5h5",
  pencil: "M5 19l1-4L16 5l3 3L9 18zM14 7l3 3",
  close: "M6 6l12 12M18 6 6 18",
  calendar: "M5 6h14v14H5zM5 10.5h14M9 3.5V8M15 3.5V8",
  eye: "M3 12c2.2-4 5.2-6 9-6s6.8 2 9 6c-2.2 4-5.2 6-9 6s-6.8-2-9-6zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
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
