//! Tables: how wide the columns are, and each row as a piece. A row stays whole unless a page cannot hold it. Refuses cells that
//! span others.
use super::{
    Context, Item, Kind, Style,
    atoms::{Atom, atoms},
    flow::{Glue, Piece, leading},
    lines::{Line, lines, widths},
};
use crate::{
    PrintError,
    markup::{Align, Table, TableKind, Text},
    settings::MM,
};
use std::rc::Rc;

/// Measures of a kind, in points.
struct Measures {
    /// Left and right of a cell's text.
    side: f32,
    /// Above and below it.
    above: f32,
    /// Size of the text against the document's.
    smaller: f32,
    least_height: f32,
}

fn measures(kind: TableKind) -> Measures {
    match kind {
        TableKind::Lines => Measures { side: 5.0, above: 3.5, smaller: 1.0, least_height: 0.0 },
        TableKind::Plain => Measures { side: 5.0, above: 0.5, smaller: 0.0, least_height: 0.0 },
        TableKind::Totals => Measures { side: 5.0, above: 3.0, smaller: 0.5, least_height: 0.0 },
        TableKind::Sign => Measures { side: 5.0, above: 2.0, smaller: 0.0, least_height: 12.0 * MM },
    }
}

struct Layout<'a> {
    context: &'a Context<'a>,
    table: &'a Table,
    measures: Measures,
    style: Style,
    /// The table's left edge.
    left: f32,
    columns: Vec<f32>,
}

/// Its rows; the heading, if there is one, is the first, and is repeated by the others where they begin a page.
pub fn pieces(context: &Context<'_>, table: &Table, indent: f32) -> Result<Vec<Piece>, PrintError> {
    let settings = context.settings;
    let measures = measures(table.kind);
    let size = table.size.unwrap_or(settings.size - measures.smaller);
    let style = Style { size, leading: leading(settings.language) - 0.15, bold: false, colour: settings.ink };
    let cells =
        |row: &Vec<Text>, style| row.iter().map(|cell| atoms(context, cell, style)).collect::<Result<Vec<_>, _>>();
    let head = cells(&table.head, Style { bold: true, ..style })?;
    let rows = table.rows.iter().map(|row| cells(row, style)).collect::<Result<Vec<_>, _>>()?;
    let room = settings.body_width() - indent;
    let width = room * table.share;
    // Words side by side begin and end at the margins.
    let outdent = if table.kind == TableKind::Plain || table.kind == TableKind::Sign { measures.side } else { 0.0 };
    let columns = columns(table, &head, &rows, width + 2.0 * outdent, measures.side);
    let left = indent - outdent + if table.right { room - width } else { 0.0 };
    let layout = Layout { context, table, measures, style, left, columns };

    let mut pieces = Vec::new();
    let header = (!head.is_empty()).then(|| layout.header(&head));
    let room_of_a_row = settings.body_height() - header.as_ref().map_or(0.0, |header| header.height);
    let count = rows.len();
    for (number, row) in rows.iter().enumerate() {
        let last = number + 1 == count;
        for mut piece in layout.row(row, last, room_of_a_row) {
            piece.header.clone_from(&header);
            // Neither the first row nor the last stands alone on a page; a high row is company enough.
            let low = piece.height < room_of_a_row / 10.0;
            piece.glue = if low && !last && (number == 0 || number + 2 == count) { Glue::Kept } else { Glue::None };
            pieces.push(piece);
        }
    }
    if let Some(header) = header {
        pieces.insert(0, Piece { glue: Glue::Firm, header: None, ..(*header).clone() });
    }
    if let Some(first) = pieces.first_mut() {
        first.before = if table.joined && table.kind == TableKind::Totals { 0.0 } else { 0.6 * settings.size };
    }
    Ok(pieces)
}

/// Widths with the room at both sides of the text. What was said decides, but no word is divided while another column has room.
fn columns(table: &Table, head: &[Vec<Atom>], rows: &[Vec<Vec<Atom>>], width: f32, side: f32) -> Vec<f32> {
    let mut wanted = vec![(0.0_f32, 0.0_f32); table.columns.len()];
    let mut measure = |column: usize, cell: &[Atom], whole: bool| {
        let (natural, least) = widths(cell);
        // A heading that is a word or two stays on one line.
        let least = if whole { natural.min(width / 8.0).max(least) } else { least };
        if let Some(wanted) = wanted.get_mut(column) {
            // Sums of widths are not exact; half a point is nobody's loss.
            let with_sides = |width: f32| if width > 0.0 { width + 2.0 * side + 0.5 } else { 2.0 * side };
            *wanted = (wanted.0.max(with_sides(natural)), wanted.1.max(with_sides(least)));
        }
    };
    for (column, cell) in head.iter().enumerate() {
        measure(column, cell, true);
    }
    for row in rows {
        for (column, cell) in row.iter().enumerate() {
            measure(column, cell, false);
        }
    }
    let sum = |widths: &[f32]| widths.iter().sum::<f32>();
    let natural: Vec<f32> = wanted.iter().map(|(natural, _)| *natural).collect();
    // A word longer than a third of the table is divided rather than that it takes the others' room.
    let least: Vec<f32> = wanted.iter().map(|(_, least)| least.min(width / 3.0)).collect();
    let shares = if table.widths.is_empty() { &natural } else { &table.widths };
    let total = sum(shares).max(f32::MIN_POSITIVE);
    let mut columns: Vec<f32> = shares.iter().map(|share| share / total * width).collect();
    let short: f32 = columns.iter().zip(&least).map(|(column, least)| (least - column).max(0.0)).sum();
    let spare: f32 = columns.iter().zip(&least).map(|(column, least)| (column - least).max(0.0)).sum();
    if spare > 0.0 {
        let give = (short / spare).min(1.0);
        for (column, least) in columns.iter_mut().zip(&least) {
            *column = if *column < *least { *least } else { *column - (*column - least) * give };
        }
    }
    // Where even the least is too much, all shrink alike.
    let taken = sum(&columns);
    if taken > width {
        for column in &mut columns {
            *column *= width / taken;
        }
    }
    columns
}

impl Layout<'_> {
    fn width(&self) -> f32 {
        self.columns.iter().sum()
    }
    fn fill(&self, y: f32, height: f32, colour: crate::Colour) -> Item {
        Item { x: self.left, y, kind: Kind::Fill { width: self.width(), height, colour } }
    }

    fn header(&self, head: &[Vec<Atom>]) -> Rc<Piece> {
        let accent = self.context.settings.accent;
        let cells = self.cells(head, Style { bold: true, ..self.style });
        let height = self.height(&cells);
        let mut items = vec![self.fill(0.0, height, accent.lighter(90)), self.fill(height - 0.75, 0.75, accent)];
        self.place(&cells, height, &mut items);
        Rc::new(Piece { height, items, ..Piece::default() })
    }

    /// One piece, or several where the row is higher than a page.
    fn row(&self, row: &[Vec<Atom>], last: bool, room: f32) -> Vec<Piece> {
        let settings = self.context.settings;
        let mut rest = self.cells(row, self.style);
        let mut pieces = Vec::new();
        loop {
            let cells = self.fitting(&mut rest, room);
            let ended = rest.iter().all(Vec::is_empty);
            let height = self.height(&cells);
            let mut items = Vec::new();
            let (faint, strong) = (settings.accent.lighter(75), settings.accent);
            match self.table.kind {
                TableKind::Lines if ended && last => items.push(self.fill(height - 0.75, 0.75, strong)),
                TableKind::Lines if ended => items.push(self.fill(height - 0.5, 0.5, faint)),
                TableKind::Totals if last => {
                    items.push(self.fill(0.0, height, settings.accent.lighter(90)));
                    items.push(self.fill(height - 0.75, 0.75, strong));
                }
                TableKind::Totals => items.push(self.fill(height - 0.5, 0.5, faint)),
                TableKind::Sign => self.lines_to_write_on(&cells, height, &mut items),
                TableKind::Lines | TableKind::Plain => {}
            }
            self.place(&cells, height, &mut items);
            pieces.push(Piece { height, items, ..Piece::default() });
            if ended {
                return pieces;
            }
        }
    }

    fn cells(&self, row: &[Vec<Atom>], style: Style) -> Vec<Vec<Line>> {
        let cell =
            |(column, atoms): (usize, &Vec<Atom>)| lines(atoms, self.inner(column), style, self.align(column), false);
        row.iter().enumerate().map(cell).collect()
    }
    fn inner(&self, column: usize) -> f32 {
        (self.columns.get(column).copied().unwrap_or_default() - 2.0 * self.measures.side).max(1.0)
    }
    fn align(&self, column: usize) -> Align {
        self.table.columns.get(column).copied().unwrap_or_default()
    }

    /// Takes as many lines of each cell as the room holds; at least one, or it would never end.
    fn fitting(&self, rest: &mut [Vec<Line>], room: f32) -> Vec<Vec<Line>> {
        let room = room - 2.0 * self.measures.above;
        let taken = |cell: &mut Vec<Line>| {
            let mut height = 0.0;
            let count = cell.iter().take_while(|line| {
                height += line.height;
                height <= room
            });
            let count = count.count().clamp(cell.len().min(1), cell.len());
            cell.drain(..count).collect::<Vec<Line>>()
        };
        rest.iter_mut().map(taken).collect()
    }
    fn height(&self, cells: &[Vec<Line>]) -> f32 {
        let lines = |cell: &Vec<Line>| cell.iter().map(|line| line.height).sum::<f32>();
        let text = cells.iter().map(lines).fold(0.0, f32::max);
        (text + 2.0 * self.measures.above).max(self.measures.least_height)
    }

    fn place(&self, cells: &[Vec<Line>], height: f32, items: &mut Vec<Item>) {
        let mut x = self.left;
        for (cell, column) in cells.iter().zip(&self.columns) {
            let text: f32 = cell.iter().map(|line| line.height).sum();
            // Whoever signs writes on the line, and so stands what says who signs.
            let foot = self.table.kind == TableKind::Sign;
            let mut y = if foot { height - text - self.measures.above } else { self.measures.above };
            for line in cell {
                items.extend(line.items.iter().map(|item| item.clone().moved(x + self.measures.side, y)));
                y += line.height;
            }
            x += column;
        }
    }

    fn lines_to_write_on(&self, cells: &[Vec<Line>], height: f32, items: &mut Vec<Item>) {
        let mut x = self.left;
        for (cell, column) in cells.iter().zip(&self.columns) {
            if cell.is_empty() {
                let kind = Kind::Fill {
                    width: column - 2.0 * self.measures.side,
                    height: 0.5,
                    colour: self.context.settings.ink,
                };
                items.push(Item { x: x + self.measures.side, y: height - self.measures.above - 2.0, kind });
            }
            x += column;
        }
    }
}
