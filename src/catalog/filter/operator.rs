//! The comparison operators of filters.

use std::cmp::Ordering;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
    Contains,
}

impl Op {
    /// Whether the operator holds for a field that compares to the value as `ordering`; `None` if the trial has no such
    /// field.
    pub(super) fn holds(self, ordering: Option<Ordering>) -> bool {
        let Some(ordering) = ordering else { return self == Self::Unequal };
        match self {
            Self::Equal | Self::Contains => ordering.is_eq(),
            Self::Unequal => ordering.is_ne(),
            Self::Less => ordering.is_lt(),
            Self::AtMost => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::AtLeast => ordering.is_ge(),
        }
    }

    /// The operator as it is typed.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Unequal => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
            Self::Contains => "~",
        }
    }
}
