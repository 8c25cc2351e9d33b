//! Words that documents share without being copies of one another.

use super::outlets::Outlet;
use super::rng::Rng;

const SPEAKERS: [&str; 8] = [
    "Helena Mott",
    "Desmond Farrow",
    "Ilse Brandstrom",
    "Viktor Amadi",
    "Carla Penrose",
    "Samuel Oyelaran",
    "Ruth Castellan",
    "Piet Vandermeer",
];
const OFFICES: [&str; 6] = [
    "a spokesman for the ministry",
    "who heads the committee",
    "the union's general secretary",
    "chairman of the association",
    "the commission's adviser",
    "a member of the board",
];

/// Two ways to bring in one quotation.
pub(crate) fn quoted(quotation: &str, rng: &mut Rng) -> [String; 2] {
    let (speaker, office) = (rng.pick(&SPEAKERS), rng.pick(&OFFICES));
    [
        format!("\"{quotation},\" said {speaker}, {office}."),
        format!("{speaker}, {office}, told reporters: \"{quotation}.\""),
    ]
}

/// Footers as sites put under every page; `{outlet}` and `{domain}` are named.
const FOOTERS: [&str; 6] = [
    "Leave a comment. Your email address will not be published. Required fields are marked. Comments on {outlet} \
     are moderated and may take some time to appear. By posting you agree to our terms of use and privacy policy.",
    "Sign up for the {outlet} morning newsletter and get the day's most important stories delivered straight to your \
     inbox. You can unsubscribe at any time. For help write to newsletters at {domain} or call our reader service.",
    "Copyright {outlet}. All rights reserved. This material may not be published, broadcast, rewritten or \
     redistributed without permission. Terms of service. Privacy policy. Cookie settings. Advertise with us. Contact.",
    "Support local journalism. {outlet} depends on its readers. For the price of a cup of coffee a week you get \
     unlimited access to {domain}, our archive and the weekend edition. Subscribe today and cancel whenever you like.",
    "Have you seen something newsworthy? Tell the {outlet} newsroom. Send your pictures, videos and tips by message \
     or by mail to desk at {domain}. We never pass on the name of anyone who asks us not to, and we read every letter.",
    "More from {outlet}: the five things to know this morning, what our columnists think, the weather in your area, \
     and tonight's television. Follow us on all the usual networks, or download the free application for your phone.",
];

/// The footer of an outlet.
pub(crate) fn footer(outlet: &Outlet, number: usize) -> String {
    FOOTERS[number % FOOTERS.len()].replace("{outlet}", &outlet.name).replace("{domain}", &outlet.domain)
}

/// Forms that are filled in again and again. `{n}` is a figure, `{p}` a small
/// one with a point, the rest are names.
const FORMS: [(&str, &str); 5] = [
    (
        "{company} quarterly results",
        "{company} said net profit for the quarter ended {month} {day} came to {n} million crowns, compared with {n} \
         million crowns in the same period a year earlier. Revenue was {n} million crowns, a change of {p} per cent. \
         Earnings per share were {p} crowns. Chief executive {person} said the result was in line with expectations \
         and that the board would propose a dividend of {p} crowns a share to the annual meeting in {city} on {month} \
         {day}. The company expects revenue for the full year of between {n} and {n} million crowns. Shares in \
         {company} closed at {p} crowns on the {city} exchange, a change of {p} per cent on the day. The figures have \
         not been audited. The report for the full year will be published on {month} {day}.",
    ),
    (
        "Road closure notice: {city}",
        "The county highways office gives notice that the road between {city} and {place} will be closed to all \
         traffic from {month} {day} for a period of {d} days, or until the works are complete, whichever is the \
         earlier. The closure is needed to allow {company} to renew {n} metres of water main. Traffic will be \
         diverted by way of {place}, and signs will be in place. Access for residents, for emergency vehicles and to \
         business premises will be maintained wherever possible. Bus services {d} and {d} will not stop between \
         {place} and {place} during the works. Anyone who wishes to object should write to {person} at the highways \
         office, quoting reference {n}, before {month} {day}. A map of the diversion can be seen at the office during \
         working hours.",
    ),
    (
        "{city} market report",
        "{city} wholesale market, {month} {day}. Supplies were steady and trade was quiet. Wheat closed at {p} crowns \
         a tonne, against {p} crowns a week ago. Barley was quoted at {p} crowns and maize at {p} crowns a tonne. \
         Potatoes of the first grade fetched between {p} and {p} crowns a sack, those of the second grade {p} crowns. \
         Apples from {place} sold for {p} crowns a case, pears for {p} crowns. In the livestock ring {n} head of \
         cattle and {n} sheep were entered; prime steers made up to {p} crowns a kilo and lambs averaged {p} crowns. \
         Turnover on the day was {n} thousand crowns. The auctioneers were {person} and partners. The next market \
         will be held on {month} {day} at the usual time.",
    ),
    (
        "{city} weather",
        "Forecast for {city} and district, issued by the regional weather office on {month} {day}. The day will begin \
         with a temperature of {d} degrees, rising to {d} degrees in the afternoon. Winds will blow from the {wind} \
         at {d} kilometres an hour, with gusts of up to {n} kilometres an hour on high ground near {place}. The \
         chance of rain is {d} per cent before noon and {d} per cent after it. Sunrise is at {d} minutes past six and \
         sunset at {d} minutes past eight. High water at {place} is at {d} minutes past ten. The river at {place} \
         stood at {p} metres this morning, a change of {p} metres since yesterday. The outlook for the following two \
         days is for little change. The next forecast will be issued this evening.",
    ),
    (
        "Death notice: {person}",
        "{person}, of {place}, died peacefully on {month} {day} at the age of {d} after a short illness. Born in \
         {city}, {person} worked for {company} for {d} years and was for a long time treasurer of the {place} \
         gardening society. Survived by two children and {d} grandchildren, and remembered with affection by many \
         friends and neighbours. The funeral will be held at the church of Saint {saint} in {place} on {month} {day} \
         at eleven in the morning, and afterwards at the hall. The family asks for no flowers; donations may be made \
         to the hospice in {city}, for the attention of the matron, quoting number {n}. The family wishes to thank \
         the nurses for all their kindness and care.",
    ),
];

const COMPANIES: [&str; 10] = [
    "Harwick Industries",
    "Solvane",
    "Northern Paper",
    "Tellermann",
    "Brightwater Foods",
    "Castor Shipping",
    "Oberon Mills",
    "Lindqvist Steel",
    "Pallas Energy",
    "Varga and Sons",
];
const TOWNS: [&str; 12] = [
    "Aldermouth",
    "Brackwell",
    "Corvenna",
    "Dunsmere",
    "Eltham Cross",
    "Farnley",
    "Gostrow",
    "Hadleigh Bay",
    "Inverlock",
    "Jarrowby",
    "Kellmark",
    "Lorrington",
];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WINDS: [&str; 4] = ["north-west", "south", "east", "south-west"];
const SAINTS: [&str; 4] = ["Anne", "Bartholomew", "Cuthbert", "Dorothea"];

/// Title and text of a form filled in; `number` picks the form.
pub(crate) fn filled_form(number: usize, rng: &mut Rng) -> (String, String) {
    let (title, text) = FORMS[number % FORMS.len()];
    // The same name throughout one document.
    let (company, city, person) = (rng.pick(&COMPANIES), rng.pick(&TOWNS), rng.pick(&SPEAKERS));
    let mut fill = |form: &str| {
        let mut parts = form.split('{');
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (slot, rest) = part.split_once('}').expect("every slot of a form is closed");
            match slot {
                "company" => out.push_str(company),
                "city" => out.push_str(city),
                "person" => out.push_str(person),
                "place" => out.push_str(rng.pick(&TOWNS)),
                "month" => out.push_str(rng.pick(&MONTHS)),
                "wind" => out.push_str(rng.pick(&WINDS)),
                "saint" => out.push_str(rng.pick(&SAINTS)),
                "day" => out.push_str(&rng.between(1, 28).to_string()),
                "d" => out.push_str(&rng.between(2, 59).to_string()),
                "n" => out.push_str(&rng.between(60, 999).to_string()),
                "p" => out.push_str(&format!("{}.{}", rng.between(1, 99), rng.between(0, 9))),
                other => unreachable!("no form has a slot {other}"),
            }
            out.push_str(rest);
        }
        out
    };
    (fill(title), fill(text))
}

#[cfg(test)]
mod tests {
    use super::super::words::count_tokens;
    use super::*;

    #[test]
    fn forms_are_filled_without_a_slot_left_and_differ_in_their_facts() {
        for number in 0..FORMS.len() {
            let first = filled_form(number, &mut Rng::new(1, "test", 0));
            let second = filled_form(number, &mut Rng::new(1, "test", 1));
            assert_ne!(first.1, second.1);
            assert!(!first.1.contains(['{', '}']) && count_tokens(&first.1) > 100, "{}", first.1);
        }
    }

    #[test]
    fn footers_are_as_long_as_real_ones() {
        let outlet = Outlet { name: "Echo".into(), domain: "echo.example".into() };
        for number in 0..FOOTERS.len() {
            let tokens = count_tokens(&footer(&outlet, number));
            assert!((28..=70).contains(&tokens), "{tokens}");
        }
    }
}
