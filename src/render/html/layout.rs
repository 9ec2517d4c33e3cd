//! Where the boxes of a picture stand.
//! In: how many there are and which arrow goes from which to which. Out: a column and a height for each, and the points that each arrow passes.
//! Knows nothing of texts or colours.

use std::collections::BTreeSet;

/// How wide and how high a box is.
pub(super) const BOX: (usize, usize) = (250, 66);
/// What lies between two columns, and between two boxes of one.
const BETWEEN: (usize, usize) = (44, 18);
/// How much room an arrow takes that passes a column.
const LANE: usize = 12;

/// The left upper corner of each box, the points of each arrow, and the size of it all.
pub(super) struct Layout {
    pub(super) boxes: Vec<(usize, usize)>,
    pub(super) arrows: Vec<Vec<(usize, usize)>>,
    pub(super) size: (usize, usize),
}

/// What stands in a column: a box, or an arrow that passes.
struct Place {
    column: usize,
    height: usize,
    /// Its place among all of its column.
    row: f64,
    before: Vec<usize>,
}

/// Columns by the longest way to each box; in a column in the order of what comes before.
pub(super) fn layout(boxes: usize, arrows: &BTreeSet<(usize, usize)>) -> Layout {
    let columns = columns(boxes, arrows);
    let mut places: Vec<Place> = columns
        .iter()
        .enumerate()
        .map(|(at, &column)| Place { column, height: BOX.1, row: at as f64, before: Vec::new() })
        .collect();
    let routes: Vec<Vec<usize>> = arrows.iter().map(|&arrow| route(&mut places, arrow)).collect();
    let order = ordered(&mut places);
    let tops = tops(&places, &order);
    let left = |at: usize| places[at].column * (BOX.0 + BETWEEN.0);
    let middle = |at: usize| tops[at] + places[at].height / 2;
    let points = |route: &Vec<usize>| {
        let both = |&at: &usize| match at < boxes {
            true => [(left(at), middle(at)), (left(at) + BOX.0, middle(at))],
            false => [(left(at), tops[at] + LANE / 2), (left(at) + BOX.0, tops[at] + LANE / 2)],
        };
        let all: Vec<_> = route.iter().flat_map(both).collect();
        all[1..all.len() - 1].to_vec()
    };
    let bottom = (0..places.len()).map(|at| tops[at] + places[at].height).max().unwrap_or_default();
    let right = (0..places.len()).map(|at| left(at) + BOX.0).max().unwrap_or_default();
    Layout {
        boxes: (0..boxes).map(|at| (left(at), tops[at])).collect(),
        arrows: routes.iter().map(points).collect(),
        size: (right, bottom),
    }
}

/// The longest way to each; folded steps may wait on each other both ways, and then the first of them goes ahead.
fn columns(boxes: usize, arrows: &BTreeSet<(usize, usize)>) -> Vec<usize> {
    let mut columns = vec![0; boxes];
    let mut pending: BTreeSet<usize> = (0..boxes).collect();
    while let Some(&first) = pending.first() {
        let waits = |at: usize| arrows.iter().any(|&(from, to)| to == at && pending.contains(&from));
        let next = pending.iter().copied().find(|&at| !waits(at)).unwrap_or(first);
        pending.remove(&next);
        for &(_, to) in arrows.iter().filter(|(from, to)| *from == next && pending.contains(to)) {
            columns[to] = columns[to].max(columns[next] + 1);
        }
    }
    columns
}

/// From box to box, with a place in each column that it passes.
fn route(places: &mut Vec<Place>, (from, to): (usize, usize)) -> Vec<usize> {
    let mut route = vec![from];
    for column in places[from].column + 1..places[to].column {
        let before = route.last().copied().into_iter().collect();
        places.push(Place { column, height: LANE, row: 0.0, before });
        route.push(places.len() - 1);
    }
    let last = route[route.len() - 1];
    places[to].before.push(last);
    route.push(to);
    route
}

/// The places of each column from top to bottom: near to what comes before them, so that few arrows cross.
fn ordered(places: &mut [Place]) -> Vec<Vec<usize>> {
    let last = places.iter().map(|place| place.column).max().unwrap_or_default();
    let column = |places: &[Place], column| -> Vec<usize> {
        (0..places.len()).filter(|&at| places[at].column == column).collect()
    };
    let mut order = Vec::new();
    for at in 0..=last {
        let mut here = column(places, at);
        let near = |at: usize| match places[at].before.as_slice() {
            [] => places[at].row,
            before => before.iter().map(|&at| places[at].row).sum::<f64>() / before.len() as f64,
        };
        here.sort_by(|&a, &b| near(a).total_cmp(&near(b)).then(a.cmp(&b)));
        here.iter().enumerate().for_each(|(row, &at)| places[at].row = row as f64);
        order.push(here);
    }
    order
}

/// The upper edge of each place; short columns stand in the middle of the highest.
fn tops(places: &[Place], order: &[Vec<usize>]) -> Vec<usize> {
    let height = |column: &Vec<usize>| -> usize {
        column.iter().map(|&at| places[at].height + BETWEEN.1).sum::<usize>().saturating_sub(BETWEEN.1)
    };
    let highest = order.iter().map(height).max().unwrap_or_default();
    let mut tops = vec![0; places.len()];
    for column in order {
        let mut top = (highest - height(column)) / 2;
        for &at in column {
            tops[at] = top;
            top += places[at].height + BETWEEN.1;
        }
    }
    tops
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_stands_right_of_all_that_it_waits_on() {
        let arrows = BTreeSet::from([(0, 1), (0, 2), (1, 3), (2, 3), (0, 3)]);
        let Layout { boxes, arrows: routes, size } = layout(4, &arrows);
        let columns: Vec<_> = boxes.iter().map(|(x, _)| x / (BOX.0 + BETWEEN.0)).collect();
        assert_eq!(columns, [0, 1, 1, 2]);
        assert_eq!(size.0, 3 * BOX.0 + 2 * BETWEEN.0);
        for ((from, to), route) in arrows.iter().zip(&routes) {
            assert_eq!(route[0], (boxes[*from].0 + BOX.0, boxes[*from].1 + BOX.1 / 2));
            assert_eq!(route[route.len() - 1], (boxes[*to].0, boxes[*to].1 + BOX.1 / 2));
        }
        // The long arrow passes the column between in a lane of its own.
        let long = &routes[2];
        assert_eq!(long.len(), 4);
        for (x, y) in [boxes[1], boxes[2]] {
            assert!(long[1].0 == x && !(y..y + BOX.1).contains(&long[1].1), "{long:?} {boxes:?}");
        }
    }

    #[test]
    fn a_circle_of_folded_steps_is_drawn_all_the_same() {
        let circle = BTreeSet::from([(0, 1), (1, 0), (1, 2)]);
        let Layout { boxes, arrows, .. } = layout(3, &circle);
        let mut distinct = boxes.clone();
        distinct.dedup();
        assert_eq!((distinct.len(), arrows.len()), (3, 3), "{boxes:?}");
        assert_eq!(layout(0, &BTreeSet::new()).size, (0, 0));
    }
}
