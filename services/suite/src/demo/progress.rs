//! What people see while deals are played: a bar on a terminal; elsewhere a line for each deal. On stderr, so that stdout
//! stays the result's.
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{borrow::Cow, time::Duration};

pub(crate) struct Progress {
    bar: ProgressBar,
    aloud: bool,
}

impl Progress {
    /// `steps` is a guess; more or fewer do no harm.
    pub(crate) fn new(steps: usize) -> Self {
        let bar = ProgressBar::with_draw_target(u64::try_from(steps).ok(), ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {percent:>3} % {elapsed} {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar, aloud: true }
    }
    /// Says nothing.
    pub(crate) fn silent() -> Self {
        Self { bar: ProgressBar::hidden(), aloud: false }
    }
    /// A step is being taken.
    pub(crate) fn step(&self, name: impl Into<Cow<'static, str>>) {
        self.bar.inc(1);
        self.bar.set_message(name);
    }
    /// A line that stays.
    pub(crate) fn say(&self, line: &str) {
        match (self.aloud, self.bar.is_hidden()) {
            (false, _) => {}
            (true, true) => eprintln!("{line}"),
            (true, false) => self.bar.println(line),
        }
    }
    pub(crate) fn done(&self) {
        self.bar.finish_and_clear();
    }
}
