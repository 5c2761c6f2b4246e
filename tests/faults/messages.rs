//! Faults of messages: sent again, out of order, cut off from their queues, or no messages at all. Speaks to the broker as
//! its administrator, past every proxy.
use super::{faults::Done, ground::Ground};
use diesel_async::RunQueryDsl;
use fastrand::Rng;
use futures_util::future::try_join_all;
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties, options, types::FieldTable};
use platform::bus::{EXCHANGE, SHARDS};
use uuid::Uuid;

/// Messages on their way before their confirms are waited for.
const AT_ONCE: usize = 64;

async fn open(ground: &Ground) -> anyhow::Result<(Connection, Channel)> {
    let connection = Connection::connect(&ground.amqp_url, ConnectionProperties::default()).await?;
    let channel = connection.create_channel().await?;
    channel.confirm_select(options::ConfirmSelectOptions::default()).await?;
    Ok((connection, channel))
}

async fn publish(channel: &Channel, key: &str, body: &[u8]) -> anyhow::Result<()> {
    let properties = BasicProperties::default().with_delivery_mode(2);
    let options = options::BasicPublishOptions::default();
    channel.basic_publish(EXCHANGE.into(), key.into(), options, body, properties).await?.await?;
    Ok(())
}

#[derive(diesel::QueryableByName)]
struct Told {
    #[diesel(sql_type = diesel::sql_types::Text)]
    key: String,
    #[diesel(sql_type = diesel::sql_types::Text)]
    envelope: String,
}

/// Everything told in the last minute goes out three times more, in any order; how many messages that were.
pub(crate) async fn send_all_again(ground: &Ground, rng: &mut Rng) -> anyhow::Result<u32> {
    let told: Vec<String> = suite::ALL
        .iter()
        .map(|service| {
            format!(
                "SELECT kind || '.' || shard AS key, envelope FROM {}.outbox WHERE published_at > now() - interval '1 minute'",
                service.name
            )
        })
        .collect();
    let mut conn = ground.connect().await?;
    let once: Vec<Told> = diesel::sql_query(told.join(" UNION ALL ")).load(&mut conn).await?;
    let mut thrice: Vec<&Told> = once.iter().cycle().take(once.len() * 3).collect();
    rng.shuffle(&mut thrice);
    let (connection, channel) = open(ground).await?;
    for some in thrice.chunks(AT_ONCE) {
        try_join_all(some.iter().map(|message| publish(&channel, &message.key, message.envelope.as_bytes()))).await?;
    }
    connection.close(200, "done".into()).await?;
    Ok(u32::try_from(thrice.len()).unwrap_or(u32::MAX))
}

/// Takes away the bindings of facts that one service alone hears: nothing routes them any more, and they must wait. (Where
/// one of several hearers is cut off, the broker routes to the others and nobody can notice; that needs `yewu replay`.) How many.
pub(crate) async fn unbind_some(ground: &Ground, rng: &mut Rng) -> anyhow::Result<u32> {
    let hearers = |kind: &str| suite::ALL.iter().filter(|service| service.hears().iter().any(|k| k == kind)).count();
    let mut lonely: Vec<(&str, String)> = suite::ALL
        .iter()
        .flat_map(|service| service.hears().into_iter().map(|kind| (service.name, kind)))
        .filter(|(_, kind)| hearers(kind) == 1)
        .collect();
    rng.shuffle(&mut lonely);
    lonely.truncate(lonely.len().div_ceil(2));
    let (connection, channel) = open(ground).await?;
    let mut cut = 0;
    for (service, kind) in &lonely {
        for shard in 0..SHARDS {
            let (queue, key) = (format!("{service}.s{shard}"), format!("{kind}.{shard}"));
            channel.queue_unbind(queue.into(), EXCHANGE.into(), key.into(), FieldTable::default()).await?;
            cut += 1;
        }
    }
    connection.close(200, "done".into()).await?;
    Ok(cut)
}

/// Messages that nobody can understand, into every queue: they must end up parked or dead, and hinder nobody.
pub(crate) async fn poison(ground: &Ground, rng: &mut Rng) -> anyhow::Result<Done> {
    let (connection, channel) = open(ground).await?;
    let mut poison = 0;
    for service in suite::ALL {
        let Some(kind) = service.hears().into_iter().next() else { continue };
        let envelope = |kind: &str, data: &str| {
            let (id, key) = (Uuid::now_v7(), Uuid::now_v7());
            format!(
                r#"{{"specversion":"1.0","id":"{id}","source":"/elsewhere","type":"{kind}","subject":"{key}","time":"{}","datacontenttype":"application/json","partitionkey":"{key}","actor":"user:elsewhere","data":{data}}}"#,
                jiff::Timestamp::now()
            )
        };
        let mut bodies: Vec<Vec<u8>> = vec![
            b"{".to_vec(),
            vec![0xff, 0xfe, 0x00],
            Vec::new(),
            b"[1,2,3]".to_vec(),
            envelope(&kind, r#"{"nothing":"as promised"}"#).into_bytes(),
            envelope("elsewhere.thing.happened", "{}").into_bytes(),
            envelope(&kind, &format!(r#""{}""#, "x".repeat(300_000))).into_bytes(),
        ];
        rng.shuffle(&mut bodies);
        for body in bodies {
            publish(&channel, &format!("{kind}.{}", rng.u8(0..SHARDS)), &body).await?;
            poison += 1;
        }
    }
    connection.close(200, "done".into()).await?;
    Ok(Done { faults: u32::try_from(poison).unwrap_or(u32::MAX), poison })
}

#[derive(diesel::QueryableByName)]
struct Parked {
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    event_id: Uuid,
}

/// What an operator does with poison: looks at each message and gives it up. Without poison nothing may be parked, and what
/// is parked then stays, to be found.
pub(crate) async fn discard_poison(ground: &Ground, poison: usize) -> anyhow::Result<()> {
    if poison == 0 {
        return Ok(());
    }
    let parked: Vec<String> =
        suite::ALL.iter().map(|s| format!("SELECT event_id FROM {}.inbox WHERE status = 'parked'", s.name)).collect();
    let mut conn = ground.connect().await?;
    let parked: Vec<Parked> = diesel::sql_query(parked.join(" UNION ")).load(&mut conn).await?;
    anyhow::ensure!(!parked.is_empty(), "{poison} poisoned messages, and none was parked");
    for message in parked {
        let id = message.event_id.to_string();
        tokio::task::block_in_place(|| ground.yewu(["parked", "discard", &id, "--reason", "poison of the campaign"]))?;
    }
    Ok(())
}

/// How many messages wait in the queues of the services.
pub(crate) async fn waiting(ground: &Ground) -> anyhow::Result<u32> {
    let (connection, channel) = open(ground).await?;
    let mut waiting = 0;
    for service in suite::ALL {
        for shard in 0..SHARDS {
            let options = options::QueueDeclareOptions { passive: true, ..options::QueueDeclareOptions::default() };
            let name = format!("{}.s{shard}", service.name);
            waiting += channel.queue_declare(name.into(), options, FieldTable::default()).await?.message_count();
        }
    }
    connection.close(200, "done".into()).await?;
    Ok(waiting)
}
