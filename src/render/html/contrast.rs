//! Whether the colours of the style sheet can be read: WCAG 2.2, success
//! criterion 1.4.3, level AA, which asks for a contrast of 4.5 to 1.

use super::STYLE;

/// Light and dark.
type Colours = [[u8; 3]; 2];

fn colours(value: &str) -> Option<Colours> {
    let (light, dark) = value.trim().strip_prefix("light-dark(")?.split_once(')')?.0.split_once(',')?;
    let channels = |hex: &str| {
        let number = u32::from_str_radix(hex.trim().strip_prefix('#')?, 16).ok()?;
        let [_, channels @ ..] = number.to_be_bytes();
        Some(channels)
    };
    Some([channels(light)?, channels(dark)?])
}

/// The first value of a property after a place in the style sheet.
#[track_caller]
fn after(place: &str, property: &str) -> Colours {
    let rule = STYLE.split_once(place).unwrap_or_else(|| panic!("no {place}")).1;
    let value = rule.split_once(property).unwrap().1.strip_prefix(": ").unwrap();
    colours(value).unwrap_or_else(|| panic!("{place} {property}"))
}

fn variable(name: &str) -> Colours {
    after(":root {", &format!("--{name}"))
}

fn luminance(channels: [u8; 3]) -> f64 {
    let linear = |channel: u8| {
        let value = f64::from(channel) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    let [red, green, blue] = channels.map(linear);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[track_caller]
fn assert_readable(what: &str, text: Colours, ground: Colours) {
    for (theme, (text, ground)) in ["light", "dark"].into_iter().zip(text.into_iter().zip(ground)) {
        let contrast = contrast(text, ground);
        assert!(contrast >= 4.5, "{what} in the {theme} theme has a contrast of {contrast:.2}");
    }
}

#[test]
fn text_stands_out_from_every_ground_it_stands_on() {
    assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-9);
    for ground in ["paper", "sheet", "wash"] {
        for text in ["ink", "faint", "accent", "good", "bad"] {
            assert_readable(&format!("{text} on {ground}"), variable(text), variable(ground));
        }
    }
    for ground in ["copy", "quotation", "boilerplate", "template", "changed"] {
        assert_readable(ground, variable("ink"), variable(ground));
    }
    assert_readable("the badge of the origin", variable("paper"), variable("accent"));
    for level in 1..=3 {
        let place = format!(".heat-{level}");
        assert_readable(&place, variable("ink"), after(&place, "background"));
    }
    for level in 4..=6 {
        let place = format!(".heat-{level}");
        assert_readable(&place, after(&place, " color"), after(&place, "background"));
    }
}
