// The page of somebody who is signed in: strip, start or control card, the run that is shown, recent runs.
import { useEffect, useRef, type RefObject } from "react";
import { isActive } from "../api/lists";
import { useRun, useRuns, useStatus } from "../api/queries";
import { useLive } from "../api/useLive";
import { messages } from "../messages";
import { ControlCard } from "../run/ControlCard";
import { OutcomeCard } from "../run/OutcomeCard";
import { RunPanel } from "../run/RunPanel";
import { useSignOut } from "../session/useSession";
import { StartCard } from "../start/StartCard";
import { LateText } from "../ui/LateText";
import { Notice } from "../ui/Notice";
import { useNow } from "../ui/useNow";
import { EmptyPanel } from "./EmptyPanel";
import { freshnessOf } from "./freshness";
import { Header } from "./Header";
import classes from "./MainPage.module.css";
import { RunsTable } from "./RunsTable";
import { StateSentence } from "./StateSentence";
import { useDocumentState } from "./useDocumentState";
import { useRunInAddress } from "./useShownRun";

/** What the main part shows: a run, or none. */
interface View {
  readonly id: string | null;
  readonly on: boolean;
}

export function MainPage() {
  const connection = useLive();
  const status = useStatus();
  const runs = useRuns();
  const [named, show] = useRunInAddress();
  const signOut = useSignOut();
  const heading = useRef<HTMLHeadingElement>(null);

  const activeId = status.data?.active_runs[0]?.id ?? null;
  const shownId = named ?? activeId ?? runs.data?.runs[0]?.id ?? null;
  const shown = useRun(shownId);
  const active = useRun(activeId);
  const run = shown.data;
  const on = run !== undefined && isActive(run.state);
  const otherOn = activeId !== null && activeId !== shownId && !on;
  const now = useNow();
  const freshness = freshnessOf(connection, active.data, now);
  const serverNow = now + (status.data?.aheadMs ?? 0);
  useDocumentState(active.data ?? run);
  const idle = shownId === null && runs.data !== undefined && status.data !== undefined;
  useFocusOnChange(heading, run ? { id: run.id, on } : idle ? { id: null, on: false } : null);

  const error = status.error ?? shown.error;
  return (
    <>
      <a className="tf-skip" href="#main">
        {messages.skipLink}
      </a>
      <Header
        run={activeId === null ? undefined : active.data}
        freshness={freshness}
        onSignOut={() => {
          signOut.mutate();
        }}
      />
      <main id="main" className={classes.main} tabIndex={-1}>
        <div className={classes.intro}>
          <h1 ref={heading} tabIndex={-1}>
            {messages.page.title}
          </h1>
          <StateSentence run={run} on={on} now={serverNow} freshness={freshness} />
          {otherOn && (
            <Notice tone="info">
              {messages.page.otherActive}{" "}
              <button
                type="button"
                className="tf-link"
                onClick={() => {
                  show(activeId);
                }}
              >
                {messages.page.openIt}
              </button>
            </Notice>
          )}
          {error && <Notice tone="bad">{error.message}</Notice>}
        </div>
        <div className={on ? classes.single : idle ? classes.idle : classes.columns}>
          {run && !on && <OutcomeCard key={run.id} run={run} />}
          <div className={classes.task}>
            {run && on ? (
              <ControlCard key={run.id} run={run} now={serverNow} />
            ) : status.data && (run || idle || shown.isError) ? (
              <StartCard
                status={status.data}
                last={run}
                onStarted={(started) => {
                  show(started.id);
                }}
              />
            ) : (
              <LateText>{messages.loading}</LateText>
            )}
          </div>
          <div className={classes.part}>
            {run ? <RunPanel key={run.id} run={run} on={on} /> : idle && <EmptyPanel />}
          </div>
        </div>
        <RunsTable runs={runs.data?.runs ?? null} shownId={shownId} onShow={show} />
      </main>
    </>
  );
}

/** Moves the focus to the heading when another run comes into view, or when the control that had it is gone. */
function useFocusOnChange(heading: RefObject<HTMLHeadingElement | null>, view: View | null): void {
  const before = useRef<View | null>(null);
  const id = view?.id ?? null;
  const on = view?.on ?? false;
  const known = view !== null;
  useEffect(() => {
    if (!known) return;
    const last = before.current;
    before.current = { id, on };
    if (last === null || (last.id === id && last.on === on)) return;
    const other = last.id !== id;
    if (!other && document.activeElement !== document.body) return;
    heading.current?.focus({ preventScroll: true });
    if (other) window.scrollTo({ top: 0 });
  }, [heading, known, id, on]);
}
