//! In: requests below `/trunks`.
//! Out: the trunks of the account, listed, made, changed and deleted.
//! Never deletes a trunk that has numbers.

use super::super::platform::{Call, Reply};
use super::laravel::{Problem, deleted, input, resource};
use super::page::{self, Asked};
use super::table::Row;
use super::trunk::{DIRECTIONS, Direction, Trunk, check_create};
use super::validate::Check;
use super::{Kalem, contains, id_of};

impl Kalem {
    pub(super) fn list_trunks(&self, call: &Call<'_>) -> Result<Reply, Problem> {
        let query = call.fields();
        let mut check = Check::new(&query);
        let direction = check.one_of("direction", DIRECTIONS);
        let search = check.text("search", 0);
        let asked = Asked::of(call, &mut check);
        page::checked(check)?;
        let rows = self.trunks.iter().filter(|trunk| {
            contains(&trunk.name, search)
                && direction.is_none_or(|name| (name == "inbound") == (trunk.direction == Direction::Inbound))
        });
        Ok(page::answer(call, asked, rows, Trunk::show))
    }

    pub(super) fn create_trunk(&mut self, call: &Call<'_>) -> Result<Reply, Problem> {
        let input = input(call)?;
        let mut check = Check::new(&input);
        let kind = check_create(&mut check);
        page::checked(check)?;
        let (direction, auth_type) =
            kind.expect("a request without direction and auth type does not pass the check");
        let mut trunk = Trunk::blank(direction, auth_type);
        trunk.take(&mut Check::new(&input));
        let id = self.trunks.insert(trunk);
        self.trunk(&id.to_string()).map(|trunk| resource(call, 201, trunk.show()))
    }

    pub(super) fn show_trunk(&self, call: &Call<'_>, id: &str) -> Result<Reply, Problem> {
        Ok(resource(call, 200, self.trunk(id)?.show()))
    }

    pub(super) fn update_trunk(&mut self, call: &Call<'_>, id: &str) -> Result<Reply, Problem> {
        let known = self.trunk(id)?.id();
        let input = input(call)?;
        let trunk = self.trunks.get_mut(known).ok_or_else(|| no_trunk(id))?;
        let mut check = Check::new(&input);
        trunk.check_update(&mut check);
        page::checked(check)?;
        trunk.take(&mut Check::new(&input));
        Ok(resource(call, 200, trunk.show()))
    }

    pub(super) fn delete_trunk(&mut self, call: &Call<'_>, id: &str) -> Result<Reply, Problem> {
        let known = self.trunk(id)?.id();
        if self.numbers.on_trunk(known) > 0 {
            return Err(Problem::Conflict(
                "Cannot delete trunk with assigned numbers. Remove numbers first.",
            ));
        }
        self.trunks.remove(known);
        Ok(deleted(call, "Trunk deleted successfully."))
    }

    fn trunk(&self, id: &str) -> Result<&Trunk, Problem> {
        id_of(id).and_then(|id| self.trunks.get(id)).ok_or_else(|| no_trunk(id))
    }

    /// Somebody makes a trunk that a list shows first, and may delete the last one that can go.
    pub(super) fn shift_trunks(&mut self, keep_total: bool) {
        let gone = self.trunks.iter().rev().map(Row::id).find(|id| self.numbers.on_trunk(*id) == 0);
        if let Some(id) = gone.filter(|_| keep_total) {
            self.trunks.remove(id);
        }
        self.trunks.insert_in_front(Trunk::foreign(self.trunks.next()));
    }
}

fn no_trunk(id: &str) -> Problem {
    Problem::NoModel("Trunk", id.to_owned())
}
