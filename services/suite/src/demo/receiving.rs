//! From the purchase order to the goods in stock: approved, sent, delivered, inspected, taken in (PRO-24, 27 to 29).
use super::{buying::PROCUREMENT, play::Play};
use crate::rest::text;
use anyhow::Context;
use serde_json::{Value, json};

/// A picture of one pixel: what stands for a photo here.
pub(super) const PHOTO: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8,
    6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 0x0d, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0,
    0xf0, 0x1f, 0, 5, 0, 1, 0xff, 0x56, 0xc7, 0x2f, 0x0d, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

impl Play<'_> {
    /// `new`: the purchase order as it is asked for.
    pub(super) async fn purchase(&self, new: &Value) -> anyhow::Result<()> {
        let order = self.step("create_purchase_order")?.create(&format!("{PROCUREMENT}/purchase-orders"), new).await?;
        let id = text(&order, "id")?;
        let path = format!("{PROCUREMENT}/purchase-orders/{id}");
        self.step("submit_purchase_order")?.act(&path, "submit", &json!({})).await?;
        self.approve("procurement", id).await?;
        self.step("send_purchase_order")?.act(&path, "send", &json!({})).await?;
        let promise = json!({"promised_on": self.day(3)?, "note": "电话确认 by phone"});
        self.step("acknowledge_purchase_order")?.act(&path, "acknowledge", &promise).await?;
        self.receive(id).await
    }

    async fn receive(&self, purchase_order: &str) -> anyhow::Result<()> {
        let keeper = self.step("create_goods_receipt")?;
        let note = format!("DN-{}", &purchase_order[purchase_order.len() - 8..]);
        let new = json!({"purchase_order_id": purchase_order, "delivery_note_number": note});
        let receipt = keeper.create(&format!("{PROCUREMENT}/goods-receipts"), &new).await?;
        let path = format!("{PROCUREMENT}/goods-receipts/{}", text(&receipt, "id")?);
        self.step("inspect_goods_receipt")?.act(&path, "inspect", &json!({})).await?;
        let lines = receipt["lines"].as_array().context("a receipt has lines")?;
        let counted = |line: &Value| {
            json!({"line_id": line["id"], "counted": line["noted"], "quantity_ok": true, "appearance_ok": true,
                "specification_ok": true, "accepted": line["noted"], "rejected": "0"})
        };
        let found = json!({"lines": lines.iter().map(counted).collect::<Vec<_>>()});
        self.step("record_goods_receipt")?.act(&path, "record", &found).await?;
        let note = keeper.upload("procurement", ("delivery_note", "delivery-note.png"), "image/png", PHOTO).await?;
        let photo = keeper.upload("procurement", ("photo", "goods.png"), "image/png", PHOTO).await?;
        let proof = json!({"delivery_note_id": note, "photo_ids": [photo]});
        self.step("accept_goods_receipt")?.act(&path, "accept", &proof).await?;
        Ok(())
    }
}
