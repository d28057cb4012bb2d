use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use futures_util::stream;
use run_report::Event;

use super::*;
use crate::orchestrator::fake::{Fake, events};
use crate::orchestrator::{Loader, OnceOutput, OnceRequest, StartRequest, Usage};
use crate::runs::RunId;

/// A fake whose streams are cut off after a few lines, or fall silent.
struct Cutting {
    fake: Fake,
    /// Lines that each stream gives before it is cut; the last one goes on for ever.
    cuts: Mutex<Vec<usize>>,
    /// Whether a cut stream falls silent instead of ending.
    silent: bool,
    opened: AtomicUsize,
}

#[async_trait]
impl Orchestrator for Cutting {
    fn kind(&self) -> &'static str {
        "cutting"
    }
    async fn check(&self) -> Result<(), OrchestratorError> {
        self.fake.check().await
    }
    async fn start(&self, request: StartRequest) -> Result<LoaderId, OrchestratorError> {
        self.fake.start(request).await
    }
    async fn stop(&self, id: &LoaderId, grace: Duration) -> Result<(), OrchestratorError> {
        self.fake.stop(id, grace).await
    }
    async fn kill(&self, id: &LoaderId) -> Result<(), OrchestratorError> {
        self.fake.kill(id).await
    }
    async fn list(&self) -> Result<Vec<Loader>, OrchestratorError> {
        self.fake.list().await
    }
    async fn inspect(&self, id: &LoaderId) -> Result<Option<Loader>, OrchestratorError> {
        self.fake.inspect(id).await
    }
    async fn logs(
        &self,
        id: &LoaderId,
        since: Option<DateTime<Utc>>,
        follow: bool,
    ) -> Result<LogStream, OrchestratorError> {
        self.opened.fetch_add(1, Ordering::SeqCst);
        let lines = self.fake.logs(id, since, follow).await?;
        let cut = self.cuts.lock().unwrap().pop();
        let Some(cut) = cut.filter(|_| follow) else {
            return Ok(lines);
        };
        let cut = lines.take(cut);
        Ok(if self.silent {
            cut.chain(stream::pending()).boxed()
        } else {
            cut.boxed()
        })
    }
    async fn usage(&self, id: &LoaderId) -> Result<Option<Usage>, OrchestratorError> {
        self.fake.usage(id).await
    }
    async fn remove(&self, id: &LoaderId) -> Result<(), OrchestratorError> {
        self.fake.remove(id).await
    }
    async fn forget(&self, run: &RunId) -> Result<(), OrchestratorError> {
        self.fake.forget(run).await
    }

    fn whereabouts(&self) -> String {
        self.fake.whereabouts()
    }

    async fn once(&self, request: OnceRequest) -> Result<OnceOutput, OrchestratorError> {
        self.fake.once(request).await
    }

    async fn sweep(&self) -> Result<(), OrchestratorError> {
        self.fake.sweep().await
    }
}

async fn reader(
    fake: &Fake,
    cuts: Vec<usize>,
    silent: bool,
) -> (ReportReader, Arc<Cutting>, RunId) {
    let run = RunId::fresh();
    let request = StartRequest {
        run: run.clone(),
        attempt: 1,
        shard: 1,
        config: "{}".into(),
        secrets: None,
        args: Vec::new(),
        log_level: "info".into(),
    };
    let loader = fake.start(request).await.unwrap();
    let cutting = Arc::new(Cutting {
        fake: fake.clone(),
        cuts: Mutex::new(cuts),
        silent,
        opened: AtomicUsize::new(0),
    });
    (ReportReader::new(cutting.clone(), loader, 0), cutting, run)
}

/// Sequence numbers of the report and texts of the log, until the end.
async fn everything(mut reader: ReportReader) -> (Vec<u64>, Vec<String>, Option<Ending>) {
    let (mut numbers, mut texts) = (Vec::new(), Vec::new());
    loop {
        match reader.next().await {
            Heard::Report(line) => numbers.push(line.seq),
            Heard::Missing(lines, _) => texts.push(format!("{lines} missing")),
            Heard::Log(entry) | Heard::Unreadable(entry, _) => texts.push(entry.text),
            Heard::Ended(ending) => return (numbers, texts, Some(ending)),
            Heard::Gone => return (numbers, texts, None),
        }
    }
}

fn say(fake: &Fake, run: &RunId) {
    fake.say(run, 1, events::started());
    fake.log(run, 1, "one");
    fake.say(run, 1, events::progress(1, 0));
    fake.log(run, 1, "two");
    fake.say(run, 1, events::progress(2, 0));
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_is_cut_again_and_again_gives_each_line_once() {
    let fake = Fake::default();
    let (reader, cutting, run) = reader(&fake, vec![0, 1, 3, 1, 0, 2, 1], false).await;
    fake.say(&run, 1, events::started());
    fake.log(&run, 1, "one");
    let reading = tokio::spawn(everything(reader));
    tokio::time::sleep(Duration::from_secs(3)).await;
    fake.say(&run, 1, events::progress(1, 0));
    fake.log(&run, 1, "two");
    fake.end(&run, 1, Ending::default());
    let (numbers, texts, ending) = reading.await.unwrap();
    assert_eq!(numbers, [1, 2]);
    assert_eq!(texts, ["one", "two"]);
    assert_eq!(ending, Some(Ending::default()));
    assert!(
        cutting.opened.load(Ordering::SeqCst) > 4,
        "the cuts happened"
    );
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_falls_silent_is_opened_anew() {
    let fake = Fake::default();
    let (reader, cutting, run) = reader(&fake, vec![2], true).await;
    say(&fake, &run);
    let reading = tokio::spawn(everything(reader));
    tokio::time::sleep(Duration::from_secs(20)).await;
    fake.end(&run, 1, Ending::default());
    let (numbers, texts, _) = reading.await.unwrap();
    assert_eq!(
        (numbers, texts),
        (vec![1, 2, 3], vec!["one".into(), "two".into()])
    );
    assert!(
        cutting.opened.load(Ordering::SeqCst) > 1,
        "it was opened anew"
    );
}

#[tokio::test(start_paused = true)]
async fn lines_heard_before_are_not_passed_on_again() {
    let fake = Fake::default();
    let (reader, cutting, run) = reader(&fake, Vec::new(), false).await;
    say(&fake, &run);
    fake.end(&run, 1, Ending::default());
    let again = ReportReader::new(cutting, reader.loader, 2);
    assert_eq!(everything(again).await.0, [3]);
}

#[tokio::test(start_paused = true)]
async fn an_orchestrator_that_is_away_is_waited_for() {
    let fake = Fake::default();
    let (reader, _, run) = reader(&fake, Vec::new(), false).await;
    fake.break_with(Some("away"));
    let reading = tokio::spawn(everything(reader));
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert!(!reading.is_finished());
    fake.break_with(None);
    say(&fake, &run);
    fake.end(&run, 1, Ending::default());
    assert_eq!(reading.await.unwrap().0, [1, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn a_loader_that_vanishes_is_gone() {
    let fake = Fake::default();
    let (mut reader, _, run) = reader(&fake, Vec::new(), false).await;
    fake.say(&run, 1, events::started());
    let Heard::Report(line) = reader.next().await else {
        panic!("the first line");
    };
    assert!(matches!(line.event, Event::Started(_)));
    fake.lose(&run, 1);
    assert!(matches!(reader.next().await, Heard::Gone));
}

#[tokio::test(start_paused = true)]
async fn lines_that_were_rotated_away_are_counted_where_they_are_missing() {
    let fake = Fake::default();
    let (reader, _, run) = reader(&fake, Vec::new(), false).await;
    say(&fake, &run);
    fake.rotate_away(&run, 1, 3);
    fake.log(&run, 1, "three");
    fake.end(&run, 1, Ending::default());
    let (numbers, texts, _) = everything(reader).await;
    assert_eq!(numbers, [3]);
    assert_eq!(texts, ["two", "2 missing", "three"]);
}
