//! What can happen to the broker, and what an operator does about it. Nothing here may make a business write fail.
use super::{
    faults::{Done, Kind, any, pause, times},
    ground::Ground,
    messages,
};
use anyhow::{Context, bail};
use fastrand::Rng;
use std::process::Command;
use tokio::time::sleep;

/// It is gone or stands still, and comes back.
pub(crate) async fn falls(kind: Kind, ground: &Ground, rng: &mut Rng) -> anyhow::Result<Done> {
    match kind {
        Kind::BrokerKilled => {
            ground.servers::<&str>("broker-kill", [])?;
            pause(rng, 500, 4_000).await;
            ground.servers::<&str>("broker-start", []).map(|()| times(1))
        }
        Kind::BrokerFrozen => {
            signal(ground, "STOP")?;
            pause(rng, 8_000, 25_000).await;
            signal(ground, "CONT").map(|()| times(1))
        }
        Kind::BrokerFrozenThenKilled => {
            signal(ground, "STOP")?;
            pause(rng, 1_500, 4_000).await;
            ground.servers::<&str>("broker-kill", [])?;
            ground.servers::<&str>("broker-start", []).map(|()| times(2))
        }
        Kind::BrokerRestarted => {
            ground.servers::<&str>("broker-stop", [])?;
            pause(rng, 0, 3_000).await;
            ground.servers::<&str>("broker-start", []).map(|()| times(1))
        }
        Kind::BrokerAway => {
            ground.servers::<&str>("broker-stop", [])?;
            sleep(ground.away).await;
            ground.servers::<&str>("broker-start", []).map(|()| times(1))
        }
        Kind::BrokerWiped => {
            ground.servers::<&str>("broker-kill", [])?;
            std::fs::remove_dir_all(ground.state.join("servers/broker/data"))?;
            pause(rng, 0, 2_000).await;
            ground.servers::<&str>("broker-start", [])?;
            tokio::task::block_in_place(|| ground.broker_users())?;
            replay(ground).map(|()| times(1))
        }
        other => bail!("{other:?} is no fall of the broker"),
    }
}

/// It lives, and something of it does not work.
pub(crate) async fn suffers(kind: Kind, ground: &Ground, rng: &mut Rng) -> anyhow::Result<Done> {
    match kind {
        Kind::ConnectionsClosed => {
            for _ in 0..3 {
                ground.broker(&["close_all_connections", "a fault of the campaign"])?;
                pause(rng, 200, 1_500).await;
            }
            Ok(times(3))
        }
        Kind::MemoryAlarm => {
            ground.broker(&["set_vm_memory_high_watermark", "0.0000001"])?;
            pause(rng, 4_000, 9_000).await;
            ground.broker(&["set_vm_memory_high_watermark", "0.4"]).map(|()| times(1))
        }
        Kind::DiskAlarm => {
            ground.broker(&["set_disk_free_limit", "1000000GB"])?;
            pause(rng, 4_000, 9_000).await;
            ground.broker(&["set_disk_free_limit", "100MB"]).map(|()| times(1))
        }
        Kind::QueueDeleted => {
            let service = any(rng, suite::ALL).name;
            ground.broker(&["delete_queue", &format!("{service}.s{}", rng.u8(0..4))])?;
            pause(rng, 500, 3_000).await;
            replay(ground).map(|()| times(1))
        }
        Kind::BindingDeleted => {
            let cut = messages::unbind_some(ground, rng).await?;
            pause(rng, 2_000, 5_000).await;
            // Nothing was routed, so nothing is lost: to declare it again is enough.
            tokio::task::block_in_place(|| ground.yewu(["migrate"])).map(|()| times(cut))
        }
        other => bail!("{other:?} is no suffering of the broker"),
    }
}

/// What an operator does after the broker has lost something: declare, and send again what was told since before.
fn replay(ground: &Ground) -> anyhow::Result<()> {
    let since = jiff::Timestamp::now().checked_sub(jiff::SignedDuration::from_mins(5))?;
    tokio::task::block_in_place(|| ground.yewu(["replay", "--since", &since.to_string()]))
}

fn signal(ground: &Ground, signal: &str) -> anyhow::Result<()> {
    let pid = std::fs::read_to_string(ground.state.join("broker.pid")).context("the broker's process id")?;
    super::ground::done(Command::new("kill").args(["-s", signal, pid.trim()]))
}
