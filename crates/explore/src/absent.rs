//! In JSON, what is not there is null: for fields whose empty value means that there is none.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub(crate) fn serialize<T: Default + PartialEq + Serialize, S: Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    if *value == T::default() { serializer.serialize_none() } else { serializer.serialize_some(value) }
}

pub(crate) fn deserialize<'a, T: Default + Deserialize<'a>, D: Deserializer<'a>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
