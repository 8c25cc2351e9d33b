//! What stands in brackets behind a place without being a name of the press.

/// Days, editorial remarks, countries and states.
pub(super) const NOT_PRESS: [&str; 92] = [
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "updated", "update",
    "continued", "adds", "corrects", "corrected", "recasts", "opinion", "editorial", "analysis",
    "exclusive", "live", "breaking", "advertisement", "sponsored", "part", "page", "see", "advance",
    "embargoed", "special", "correspondent", "staff", "local", "alabama", "alaska", "arizona", "arkansas",
    "california", "colorado", "connecticut", "delaware", "florida", "georgia", "hawaii", "idaho",
    "illinois", "indiana", "iowa", "kansas", "kentucky", "louisiana", "maine", "maryland", "massachusetts",
    "michigan", "minnesota", "mississippi", "missouri", "montana", "nebraska", "nevada", "jersey", "mexico",
    "york", "carolina", "dakota", "ohio", "oklahoma", "oregon", "pennsylvania", "tennessee", "texas",
    "utah", "vermont", "virginia", "washington", "wisconsin", "england", "scotland", "wales", "ireland",
    "france", "germany", "italy", "spain", "russia", "china", "japan", "india", "australia", "canada",
    "ukraine", "israel", "brazil",
];
