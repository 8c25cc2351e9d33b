//! Chromium, driven over the WebDriver protocol (W3C), which is JSON over
//! HTTP/1.1: the few commands that the tests need, without a crate for them.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Set where a missing browser must be a failure and not a reason to skip.
const REQUIRED: &str = "WIRECOPY_BROWSER";

/// How long a page may take to get where a test waits for it. Generous, since
/// the machine may be busy; nothing is timed by it.
const PATIENCE: Duration = Duration::from_secs(60);

/// The keys that tests press, as WebDriver names them.
pub(crate) mod key {
    pub(crate) const ENTER: char = '\u{e007}';
    pub(crate) const SHIFT: char = '\u{e008}';
    pub(crate) const TAB: char = '\u{e004}';
}

/// A headless Chromium with one page. It ends with the value.
pub(crate) struct Browser {
    driver: Child,
    port: u16,
    session: String,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Starts one, or says why the test is skipped.
    ///
    /// # Panics
    ///
    /// If it is missing or does not start although `WIRECOPY_BROWSER` is set.
    pub(crate) fn start() -> Option<Self> {
        let found = |name: &str| {
            let paths = std::env::var_os("PATH").unwrap_or_default();
            std::env::split_paths(&paths).map(|folder| folder.join(name)).find(|path| path.is_file())
        };
        let names = [["chromium", "chromium-browser", "google-chrome"], ["chromedriver"; 3]];
        let [browser, driver] = names.map(|names| names.into_iter().find_map(found));
        let (Some(browser), Some(driver)) = (browser, driver) else {
            assert!(std::env::var_os(REQUIRED).is_none(), "chromium or chromedriver is missing");
            println!("skipped: no chromium and chromedriver on PATH (Debian: chromium-driver)");
            return None;
        };
        let mut driver = Command::new(driver)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let port = port_of(&mut driver);
        let profile = tempfile::tempdir().unwrap();
        let mut started = Self { driver, port, session: String::new(), _profile: profile };
        started.open_session(&browser);
        Some(started)
    }

    fn open_session(&mut self, browser: &Path) {
        let arguments = json!([
            "--headless=new",
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--disable-background-networking",
            "--window-size=1280,900",
            format!("--user-data-dir={}", self._profile.path().display()),
        ]);
        let capabilities = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": {"binary": browser, "args": arguments},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        }}});
        let answer = self.send("POST", "/session", &capabilities);
        self.session = answer["sessionId"].as_str().expect("a session has an id").to_owned();
        // The browser's own first page loads things of its own.
        self.command("POST", "url", &json!({"url": "about:blank"}));
        self.requests();
        self.complaints();
    }

    /// Opens a file and waits until its script has run.
    pub(crate) fn open(&self, page: &Path, fragment: &str) {
        // Another fragment alone would not load the page again.
        self.command("POST", "url", &json!({"url": "about:blank"}));
        let address = format!("file://{}{fragment}", page.canonicalize().unwrap().display());
        self.command("POST", "url", &json!({"url": address}));
    }

    /// What a function body returns in the page.
    #[track_caller]
    pub(crate) fn run(&self, script: &str) -> Value {
        self.command("POST", "execute/sync", &json!({"script": script, "args": []}))
    }

    /// Waits until an expression is true in the page.
    #[track_caller]
    pub(crate) fn wait_until(&self, expression: &str) {
        let since = Instant::now();
        while self.run(&format!("return Boolean({expression});")) != json!(true) {
            assert!(since.elapsed() < PATIENCE, "never came true: {expression}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Presses keys one after the other; `SHIFT` is held for the next one.
    pub(crate) fn press(&self, keys: &[char]) {
        let mut actions = Vec::new();
        let mut held = false;
        for key in keys {
            actions.push(json!({"type": "keyDown", "value": key.to_string()}));
            if *key == key::SHIFT {
                held = true;
                continue;
            }
            actions.push(json!({"type": "keyUp", "value": key.to_string()}));
            if std::mem::take(&mut held) {
                actions.push(json!({"type": "keyUp", "value": key::SHIFT.to_string()}));
            }
        }
        let keyboard = json!({"actions": [{"type": "key", "id": "keyboard", "actions": actions}]});
        self.command("POST", "actions", &keyboard);
    }

    /// Presses Tab until the focused element matches `selector`.
    #[track_caller]
    pub(crate) fn tab_to(&self, selector: &str) {
        const MOST: usize = 400;
        for _ in 0..MOST {
            self.press(&[key::TAB]);
            if self.run(&format!("return document.activeElement.matches({});", json!(selector)))
                == json!(true)
            {
                return;
            }
        }
        panic!("{MOST} times Tab and never at {selector}");
    }

    /// Seconds of CPU that the thread of the page has used since it was opened.
    pub(crate) fn cpu_seconds(&self) -> f64 {
        let ask = |command: &str, params: Value| {
            self.command("POST", "goog/cdp/execute", &json!({"cmd": command, "params": params}))
        };
        ask("Performance.enable", json!({"timeDomain": "threadTicks"}));
        let answer = ask("Performance.getMetrics", json!({}));
        let metric =
            answer["metrics"].as_array().unwrap().iter().find(|metric| metric["name"] == "TaskDuration");
        metric.unwrap()["value"].as_f64().unwrap()
    }

    /// What the console has said since the last call, warnings and worse.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let log = self.command("POST", "se/log", &json!({"type": "browser"}));
        (log.as_array().unwrap().iter())
            .filter(|entry| entry["level"] == "SEVERE" || entry["level"] == "WARNING")
            .map(|entry| entry["message"].to_string())
            .collect()
    }

    /// Addresses that were asked for since the last call.
    pub(crate) fn requests(&self) -> Vec<String> {
        let log = self.command("POST", "se/log", &json!({"type": "performance"}));
        let messages = log.as_array().unwrap().iter().map(|entry| entry["message"].as_str().unwrap());
        let events =
            messages.map(|message| serde_json::from_str::<Value>(message).unwrap()["message"].take());
        (events.filter(|event| event["method"] == "Network.requestWillBeSent"))
            .map(|event| event["params"]["request"]["url"].as_str().unwrap().to_owned())
            .collect()
    }

    #[track_caller]
    fn command(&self, method: &str, command: &str, body: &Value) -> Value {
        self.send(method, &format!("/session/{}/{command}", self.session), body)
    }

    #[track_caller]
    fn send(&self, method: &str, path: &str, body: &Value) -> Value {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(2 * PATIENCE)).unwrap();
        let body = body.to_string();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body.as_bytes()).unwrap();
        let mut answer: Value = serde_json::from_slice(&body_of(BufReader::new(stream))).unwrap();
        let value = answer["value"].take();
        assert!(value["error"].is_null(), "{path}: {} {}", value["error"], value["message"]);
        value
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.send("DELETE", &format!("/session/{}", self.session), &json!({}));
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// The port that the driver says it listens on.
fn port_of(driver: &mut Child) -> u16 {
    let mut lines = BufReader::new(driver.stdout.take().expect("it was piped")).lines();
    let port = loop {
        let line = lines.next().expect("the driver says its port").unwrap();
        if let Some((_, port)) = line.split_once("started successfully on port ") {
            break port.trim_end_matches('.').parse().unwrap();
        }
    };
    // It must not be stopped by a pipe that nobody reads.
    std::thread::spawn(move || lines.for_each(drop));
    port
}

/// The body of an answer whose length its head tells.
fn body_of(mut answer: impl std::io::BufRead) -> Vec<u8> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        answer.read_line(&mut line).unwrap();
        match line.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().unwrap();
            }
            Some(_) => {}
            None if line.starts_with("HTTP/") => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    answer.read_exact(&mut body).unwrap();
    body
}
