//! The plan of a campaign: which faults strike in which battle, with which seeds; what came of each goes into the ledger. A
//! battle that fails prints how to have it again.
use super::{
    Cli,
    battle::{self, Strike},
    faults::{Kind, QUICK},
    ground::Ground,
    ledger::{Ledger, Run},
};
use anyhow::Context;
use clap::ValueEnum;
use fastrand::Rng;
use tokio::time::Instant;

/// All that was asked for; true when nothing was violated.
pub(crate) async fn run(cli: &Cli) -> anyhow::Result<bool> {
    let started = Instant::now();
    let mut ledger = Ledger::open(cli.ledger.clone())?;
    let mut rng = cli.seed.map_or_else(Rng::new, Rng::with_seed);
    let mut ground = Ground::prepare(cli, None).await?;
    let battles = plan(cli, &ledger, &mut rng)?;
    let (mut done, all) = (0, battles.iter().map(Vec::len).sum::<usize>());
    for battle in &battles {
        if started.elapsed() > cli.budget() {
            println!("the budget is used up; {} of {all} runs are left", all - done);
            break;
        }
        let runs = battle::fight(&mut ground, battle).await;
        for run in &runs {
            done += 1;
            println!("{done:>3}/{all} {}", run.line());
            ledger.write(run)?;
        }
        if runs.iter().any(|run| !run.violations.is_empty()) {
            let strikes: Vec<String> = runs.iter().map(|run| format!("{}:{}", run.kind, run.seed)).collect();
            println!("      again: --replay {}", strikes.join(","));
            // What is broken would be found again by every battle after this one.
            drop(ground);
            ground = Ground::prepare(cli, None).await?;
        }
    }
    println!("\n{}", ledger.table());
    Ok(ledger.clean())
}

/// One fault alone, on this ground.
pub(crate) async fn strike(ground: &mut Ground, kind: Kind, seed: u64) -> Run {
    battle::fight(ground, &[(kind, seed)]).await.remove(0)
}

/// Which kinds in which battle, with which seeds. A quick campaign is one battle, half of its kinds with seeds that never change.
fn plan(cli: &Cli, ledger: &Ledger, rng: &mut Rng) -> anyhow::Result<Vec<Vec<Strike>>> {
    if !cli.replay.is_empty() {
        return Ok(vec![cli.replay.iter().map(|strike| read(strike)).collect::<anyhow::Result<_>>()?]);
    }
    if cli.quick {
        let seeds = |number: usize, rng: &mut Rng| if number.is_multiple_of(2) { number as u64 } else { rng.u64(..) };
        return Ok(vec![QUICK.iter().enumerate().map(|(number, kind)| (*kind, seeds(number, rng))).collect()]);
    }
    let mut battles = Vec::new();
    for round in 0..cli.runs {
        let mut wanted = Vec::new();
        for kind in Kind::value_variants() {
            if !cli.kind.is_empty() && !cli.kind.contains(kind) {
                continue;
            }
            let lacking = match kind {
                Kind::ClockJump if cli.faketime.is_none() => Some("no faketime library here"),
                Kind::CrashPoints if cli.crashes == 0 => Some("--crashes and a program with teeth"),
                _ => None,
            };
            match lacking {
                Some(lacking) if round == 0 => println!("SKIPPED {}: {lacking}", kind.name()),
                None if ledger.runs(&kind.name()) <= round as usize => wanted.push((*kind, rng.u64(..))),
                _ => {}
            }
        }
        // Other neighbours in each round.
        rng.shuffle(&mut wanted);
        battles.extend(wanted.chunks(cli.together.max(1)).map(<[Strike]>::to_vec));
    }
    Ok(battles)
}

/// `KIND:SEED`.
fn read(strike: &str) -> anyhow::Result<Strike> {
    let (kind, seed) = strike.split_once(':').context("--replay KIND:SEED,…")?;
    Ok((Kind::from_str(kind, true).map_err(|error| anyhow::anyhow!(error))?, seed.parse()?))
}
