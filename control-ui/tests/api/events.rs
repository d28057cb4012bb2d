//! The live stream: order, replay, its end.

use control_ui::orchestrator::fake::events;
use futures_util::StreamExt;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpSocket;

use crate::app::{App, KEY, PATIENCE, spawn_app};

/// One event of the stream.
#[derive(Debug, Clone, PartialEq)]
struct Event {
    id: String,
    name: String,
    data: Value,
}

struct Stream {
    answer: std::pin::Pin<Box<dyn futures_util::Stream<Item = reqwest::Result<bytes::Bytes>>>>,
    text: String,
}

impl Stream {
    async fn open(app: &App, last: Option<&str>) -> Self {
        let mut request = app.request(Method::GET, "/api/events");
        if let Some(last) = last {
            request = request.header("Last-Event-ID", last);
        }
        Self::of(request.send().await.unwrap())
    }

    fn of(answer: Response) -> Self {
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        assert_eq!(answer.headers()["x-accel-buffering"], "no");
        Self {
            answer: Box::pin(answer.bytes_stream()),
            text: String::new(),
        }
    }

    /// The next event; `None` when the stream ended.
    async fn next(&mut self) -> Option<Event> {
        loop {
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                let field = |name: &str| {
                    let mut lines = block.lines();
                    lines
                        .find_map(|line| line.strip_prefix(name))
                        .map(str::to_owned)
                };
                if let Some(name) = field("event: ") {
                    return Some(Event {
                        id: field("id: ").unwrap(),
                        name,
                        data: serde_json::from_str(&field("data: ").unwrap()).unwrap(),
                    });
                }
            }
            let chunk = tokio::time::timeout(PATIENCE, self.answer.next())
                .await
                .unwrap()?;
            self.text
                .push_str(std::str::from_utf8(&chunk.ok()?).unwrap());
        }
    }

    /// The id that the stream begins with.
    async fn place(mut self) -> String {
        loop {
            let place = self.text.lines().find_map(|line| line.strip_prefix("id: "));
            if let (Some(place), true) = (place, self.text.ends_with("\n\n")) {
                return place.to_owned();
            }
            let chunk = tokio::time::timeout(PATIENCE, self.answer.next())
                .await
                .unwrap();
            let chunk = chunk.expect("the stream goes on").unwrap();
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    async fn until(&mut self, name: &str) -> Event {
        loop {
            let event = self.next().await.expect("the stream goes on");
            if event.name == name {
                return event;
            }
        }
    }
}

#[actix_web::test]
async fn changes_of_runs_samples_and_log_lines_arrive_as_they_happen() {
    let app = spawn_app().await;
    let mut stream = Stream::open(&app, None).await;
    let id = app
        .started(json!({ "use_practice_target": true, "trial": 5 }))
        .await;
    let accepted = stream.until("run").await;
    assert_eq!(
        (&accepted.data["id"], &accepted.data["state"]),
        (&json!(id.as_str()), &json!("queued"))
    );
    app.wait_for_loader(&id, 1).await;
    app.fake.say(&id, 1, events::started());
    app.fake.say(&id, 1, events::progress(4, 2));
    let sample = stream.until("sample").await;
    assert_eq!(
        (&sample.data["run_id"], &sample.data["account"]["accepted"]),
        (&json!(id.as_str()), &json!(4))
    );
    app.fake.log(&id, 1, "a line");
    let line = loop {
        let line = stream.until("log").await;
        if line.data["stream"] == "log" {
            break line;
        }
    };
    assert_eq!(
        (&line.data["run_id"], &line.data["text"]),
        (&json!(id.as_str()), &json!("a line"))
    );
}

#[actix_web::test]
async fn a_reader_that_comes_back_gets_exactly_what_it_missed() {
    let app = spawn_app().await;
    let id = app.running().await;
    let mut first = Stream::open(&app, None).await;
    app.fake.say(&id, 1, events::progress(11, 0));
    let seen = first.until("run").await;
    for hits in 12..20 {
        app.fake.say(&id, 1, events::progress(hits, 0));
    }
    let mut live = Vec::new();
    while live.len() < 16 {
        live.push(first.next().await.unwrap());
    }
    drop(first);
    let mut back = Stream::open(&app, Some(&seen.id)).await;
    for expected in live {
        assert_eq!(back.next().await.unwrap(), expected);
    }
}

#[actix_web::test]
async fn a_reader_that_was_cut_off_before_the_first_event_misses_nothing() {
    let app = spawn_app().await;
    let id = app.running().await;
    let place = Stream::open(&app, None).await.place().await;
    app.fake.say(&id, 1, events::progress(11, 0));
    app.until(&id, |run| run["account"]["accepted"] == 11).await;
    let mut back = Stream::open(&app, Some(&place)).await;
    assert_eq!(back.until("run").await.data["account"]["accepted"], 11);
}

#[actix_web::test]
async fn a_reader_from_before_a_restart_is_told_to_read_everything_anew() {
    let app = spawn_app().await;
    let id = app.running().await;
    let mut stream = Stream::open(&app, None).await;
    app.fake.say(&id, 1, events::progress(11, 0));
    let seen = stream.until("run").await;
    drop(stream);
    let app = app.restart("boot-1").await;
    for last in [seen.id.as_str(), "nonsense"] {
        let mut back = Stream::open(&app, Some(last)).await;
        assert_eq!(back.next().await.unwrap().name, "resync");
    }
}

#[actix_web::test]
async fn the_end_of_the_server_ends_the_streams() {
    let mut app = spawn_app().await;
    let mut stream = Stream::open(&app, None).await;
    app.shut_down().await;
    while stream.next().await.is_some() {}
}

#[actix_web::test]
async fn a_stream_ends_with_its_session() {
    let app = spawn_app().await;
    let answer = app.sign_in(&app.code).await;
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let request = app
        .stranger(Method::GET, "/api/events")
        .header("Cookie", &cookie);
    let mut stream = Stream::of(request.send().await.unwrap());
    let leave = app
        .stranger(Method::DELETE, "/api/session")
        .header("Cookie", &cookie);
    assert_eq!(leave.send().await.unwrap().status(), 204);
    // The session is asked for again with each ping.
    let end = async { while stream.next().await.is_some() {} };
    tokio::time::timeout(PATIENCE, end)
        .await
        .expect("the stream ends");
}

#[actix_web::test]
async fn a_reader_that_is_cut_off_fifty_times_misses_nothing() {
    let app = spawn_app().await;
    let id = app.running().await;
    let mut place = Stream::open(&app, None).await.place().await;
    let (mut hits, mut seen) = (100, Vec::new());
    for cut in 0..50_u64 {
        // Some are said while nobody listens, some while somebody does, and some are left unread.
        for _ in 0..(cut * 7 % 4) {
            hits += 1;
            app.fake.say(&id, 1, events::progress(hits, 0));
        }
        let mut stream = Stream::open(&app, Some(&place)).await;
        hits += 1;
        app.fake.say(&id, 1, events::progress(hits, 0));
        for _ in 0..=(cut * 5 % 3) {
            let event = stream.next().await.unwrap();
            assert_ne!(event.name, "resync");
            place.clone_from(&event.id);
            seen.push(event);
            if seen.last().unwrap().data["account"]["accepted"] == json!(hits) {
                break;
            }
        }
    }
    let mut stream = Stream::open(&app, Some(&place)).await;
    while seen
        .last()
        .is_none_or(|event| event.name != "run" || event.data["account"]["accepted"] != json!(hits))
    {
        seen.push(stream.next().await.unwrap());
    }
    let numbers: Vec<u64> = seen
        .iter()
        .map(|event| event.id.split_once('-').unwrap().1.parse().unwrap())
        .collect();
    assert!(
        numbers.windows(2).all(|pair| pair[1] == pair[0] + 1),
        "{numbers:?}"
    );
    let samples = seen.iter().filter(|event| event.name == "sample");
    let told: Vec<u64> = samples
        .map(|event| event.data["account"]["accepted"].as_u64().unwrap())
        .collect();
    assert_eq!(told, (101..=hits).collect::<Vec<_>>());
}

/// Says so much that no buffer holds it.
async fn say_a_lot(app: &App) {
    let id = app.running().await;
    for hits in 0..1_000 {
        app.fake.log(&id, 1, &"x".repeat(1_900));
        app.fake.say(&id, 1, events::progress(hits, 0));
    }
    app.until(&id, |run| run["account"]["accepted"] == 999)
        .await;
}

async fn readers(app: &App) -> u64 {
    let answer = app.request(Method::GET, "/metrics").send().await.unwrap();
    let text = answer.text().await.unwrap();
    let mut lines = text.lines();
    let streams = lines.find_map(|line| line.strip_prefix("trafficinator_live_streams "));
    streams.unwrap().parse().unwrap()
}

#[actix_web::test]
async fn a_reader_that_never_reads_is_let_go_and_one_that_reads_is_not() {
    let app = spawn_app().await;
    let mut good = Stream::open(&app, None).await;
    let socket = TcpSocket::new_v4().unwrap();
    // The system's smallest: what is sent does not fit, and waits with the sender.
    socket.set_recv_buffer_size(1).unwrap();
    let address = format!("127.0.0.1:{}", app.port).parse().unwrap();
    let mut deaf = socket.connect(address).await.unwrap();
    let request =
        format!("GET /api/events HTTP/1.1\r\nHost: {address}\r\nX-API-Key: {KEY}\r\n\r\n");
    deaf.write_all(request.as_bytes()).await.unwrap();
    until(async || readers(&app).await == 2).await;
    let reading = async { while good.next().await.is_some() {} };
    let said = async {
        say_a_lot(&app).await;
        until(async || readers(&app).await == 1).await;
    };
    tokio::select! {
        () = reading => panic!("the stream that is read goes on"),
        () = said => {}
    }
    drop(deaf);
}

async fn until(condition: impl AsyncFn() -> bool) {
    let wait = async {
        while !condition().await {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, wait)
        .await
        .expect("it comes true in time");
}
