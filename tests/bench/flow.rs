//! What flows besides single requests: facts that wait, and whole deals. Measures alone, with nobody else at work.
use super::{
    bursts::number,
    instance::{Count, Instance},
};
use diesel_async::RunQueryDsl;
use std::time::{Duration, Instant};
use suite::demo::{self, Options, Source};
use tokio::time::sleep;

/// Until every fact of the orders has gone out.
pub async fn settled(instance: &Instance) -> anyhow::Result<()> {
    let mut conn = instance.connect().await?;
    let waiting = diesel::sql_query("SELECT count(*) AS count FROM outbox WHERE published_at IS NULL");
    while waiting.clone().get_result::<Count>(&mut conn).await?.count > 0 {
        sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

/// How many facts go out a second when many wait; their hearers take them at the same time.
pub async fn drain(instance: &Instance) -> anyhow::Result<f64> {
    settled(instance).await?;
    let again = "UPDATE outbox SET published_at = NULL WHERE seq IN (SELECT seq FROM outbox ORDER BY seq LIMIT 10000)";
    let waits = diesel::sql_query(again).execute(&mut instance.connect().await?).await?;
    let started = Instant::now();
    settled(instance).await?;
    Ok(number(waits) / started.elapsed().as_secs_f64())
}

/// Whole deals, from the lead to the satisfied customer: seconds each, in order of their length.
pub async fn deals(instance: &Instance, deals: usize) -> anyhow::Result<Vec<f64>> {
    let options = Options { aloud: false, ..Options::new(Source::Sample { cases: deals }, 3) };
    let played = demo::run(&instance.settings, &options).await?;
    anyhow::ensure!(played.all_satisfied(), "{}", played.failures().join("; "));
    let played: serde_json::Value = serde_json::from_str(&played.json()?)?;
    let cases = played["cases"].as_array().into_iter().flatten();
    let mut seconds: Vec<f64> = cases.filter_map(|case| Some(case["elapsed_ms"].as_f64()? / 1000.0)).collect();
    seconds.sort_by(f64::total_cmp);
    Ok(seconds)
}
