//! Parts that screens share.

pub(super) mod curve;
pub(super) mod gauge;
pub(super) mod popup;
pub(super) mod text;
