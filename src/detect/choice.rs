//! Settings whose values are chosen by name.

/// A name that a setting does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is not a {setting}; choose one of {}", .choices.join(", "))]
pub struct UnknownChoice {
    /// What is being chosen, such as `linkage`.
    pub setting: &'static str,
    /// The unknown name.
    pub name: String,
    /// The names that exist.
    pub choices: Vec<&'static str>,
}

/// Declares the values of a setting, one line each: the variant, its name in files and commands, and its meaning.
macro_rules! choices {
    (
        $(#[$attribute:meta])*
        $setting:literal $type:ident { $($variant:ident = $name:literal: $meaning:literal,)+ }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub enum $type {
            $(
                #[doc = concat!($meaning, ".")]
                #[serde(rename = $name)]
                $variant,
            )+
        }

        impl $type {
            /// Every value, the default first.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name in files and commands.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// The meaning in a few words.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self {
                    $(Self::$variant => $meaning,)+
                }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl std::str::FromStr for $type {
            type Err = $crate::detect::choice::UnknownChoice;

            fn from_str(name: &str) -> Result<Self, Self::Err> {
                let known = Self::ALL.iter().copied().find(|choice| choice.name() == name);
                known.ok_or_else(|| $crate::detect::choice::UnknownChoice {
                    setting: $setting,
                    name: name.to_owned(),
                    choices: Self::ALL.iter().map(|choice| choice.name()).collect(),
                })
            }
        }
    };
}

pub(super) use choices;

#[cfg(test)]
mod tests {
    use std::fmt::{Debug, Display};
    use std::str::FromStr;

    use serde::Serialize;

    use super::super::{Distance, Linkage, Quality, UnknownChoice};

    fn check<T: Copy + Debug + Display + PartialEq + Serialize + FromStr<Err = UnknownChoice>>(all: &[T]) {
        for choice in all {
            assert_eq!(choice.to_string().parse::<T>().as_ref(), Ok(choice));
            assert_eq!(serde_json::to_string(choice).unwrap(), format!("\"{choice}\""));
        }
    }

    #[test]
    fn one_name_in_text_and_in_files() {
        check(Linkage::ALL);
        check(Distance::ALL);
        check(Quality::ALL);
    }

    #[test]
    fn an_unknown_name_lists_the_known_ones() {
        let message = "wards".parse::<Linkage>().unwrap_err().to_string();
        assert_eq!(message, "`wards` is not a linkage; choose one of average, complete, single, ward");
    }
}
