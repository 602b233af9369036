//! The question which labor type it is: each with its rate and unit, and never a default. The only one is no question.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use rust_decimal::Decimal;

use crate::api::Reader;
use crate::api::ids::ProductId;
use crate::api::resources::products;
use crate::billing::money;
use crate::config::{LaborType, Unit};
use crate::error::Result;
use crate::ui::Ui;

/// Labor types, with their rates as far as they are known.
#[derive(Debug, Clone)]
pub struct LaborTypes {
    types: Vec<LaborType>,
    rates: BTreeMap<ProductId, Decimal>,
}

impl LaborTypes {
    /// Those of the configuration that are counted by time, with the rates that are pinned.
    #[must_use]
    pub fn of(types: &[LaborType]) -> Self {
        Self::all(types.iter().filter(|labor| labor.unit == Unit::Hour))
    }

    /// Whatever they are counted by.
    #[must_use]
    pub fn all<'l>(types: impl IntoIterator<Item = &'l LaborType>) -> Self {
        let types: Vec<LaborType> = types.into_iter().cloned().collect();
        let pinned = types.iter().filter_map(|labor| Some((labor.product_id, labor.rate?)));
        Self { rates: pinned.collect(), types }
    }

    /// The same with the prices of the products whose rates are not pinned, read side by side. One that cannot be read is
    /// shown without.
    pub async fn with_prices(mut self, reader: &Reader) -> Self {
        if self.types.len() < 2 {
            return self;
        }
        let open = self.types.iter().filter(|labor| labor.rate.is_none());
        let reads = open.map(|labor| reader.get(products::get(labor.product_id)));
        for product in join_all(reads).await.into_iter().flatten() {
            if let Some(price) = product.price_retail {
                self.rates.entry(product.id).or_insert(price);
            }
        }
        self
    }

    /// The key of the one that a person chooses, or of the only one; none where none is configured.
    ///
    /// # Errors
    /// 130 for Ctrl-C.
    pub fn ask(&self, ui: &Ui) -> Result<Option<String>> {
        let chosen = match self.types.as_slice() {
            [] => return Ok(None),
            [_] => 0,
            several => {
                let items: Vec<String> = several.iter().map(|labor| self.line(labor)).collect();
                ui.select_one("Labor type", &items)?
            }
        };
        Ok(self.types.get(chosen).map(|labor| labor.key.clone()))
    }

    /// The key of each, and how it is shown.
    pub fn lines(&self) -> impl Iterator<Item = (&str, String)> {
        self.types.iter().map(|labor| (labor.key.as_str(), self.line(labor)))
    }

    /// `remote: $120.00 an hour (Labor - Remote)`, `travel: $45.00 each`.
    fn line(&self, labor: &LaborType) -> String {
        let rate = self.rates.get(&labor.product_id).map(|rate| money::display(*rate));
        let rate = match (rate, labor.unit) {
            (Some(rate), Unit::Hour) => format!("{rate} an hour"),
            (Some(rate), Unit::Each) => format!("{rate} each"),
            (None, Unit::Hour) => "by the hour".to_owned(),
            (None, Unit::Each) => "each".to_owned(),
        };
        let name = labor.name.as_ref().map_or_else(String::new, |name| format!(" ({name})"));
        format!("{}: {rate}{name}", labor.key)
    }
}
