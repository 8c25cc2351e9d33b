//! The words that notices are known by, in ASCII small letters where they are
//! compared with such.

/// What every notice has at least one of, as it is written. A sentence that has
/// one is read, so common words are left to longer stems.
///
/// From 33 on they are searched for in 16 groups instead of 8, which takes a
/// third less.
pub(super) const STEMS: [&str; 34] = [
    "ublicad",
    "ublié ",
    "rschien",
    "riginally ",
    "ublished",
    "ppeared ",
    "eprinted",
    "ontributed",
    "ontributing:",
    "nputs from",
    "nput from",
    "nputs by",
    "ith files",
    "ith a file",
    "ith assistance",
    "nformation from",
    "nformaci",
    "nformaç",
    "it Material",
    "it Informationen",
    "eporting by",
    "iting by",
    "istributed by",
    "rovided by",
    "eported by",
    "roduced by",
    "opyright",
    "© ",
    "©1",
    "©2",
    "©A",
    "ewsroom",
    "इनपुट",
    "o-generated",
];

/// What a text from elsewhere in part begins a sentence with.
pub(super) const PARTIAL: [&str; 30] = [
    "contributing:",
    "with inputs from",
    "with input from",
    "with inputs by",
    "inputs from",
    "with agency inputs from",
    "with additional inputs from",
    "with files from",
    "with file from",
    "with a file from",
    "files from",
    "with information from",
    "information from",
    "with reporting by",
    "with additional reporting by",
    "additional reporting by",
    "with assistance from",
    "with assistance by",
    "this report includes information from",
    "this story includes information from",
    "this article includes information from",
    "includes information from",
    "mit material von",
    "mit material der",
    "mit informationen von",
    "mit informationen der",
    "con información de",
    "com informações d",
    "con informazioni",
    "इनपुट",
];

/// What stands behind those who wrote a part.
pub(super) const CONTRIBUTED: [&str; 2] = [" contributed to this", " contributed to the report"];

/// What a text that ran elsewhere before is said to have been.
pub(super) const FIRST: [&str; 24] = [
    "originally published",
    "originally appeared",
    "originally ran",
    "originally aired",
    "originally posted",
    "originally written",
    "originally produced",
    "originally reported",
    "first published",
    "first appeared",
    "appeared first",
    "appeared originally",
    "republished",
    "re-published",
    "reprinted",
    "published originally",
    "erschien zuerst",
    "zuerst erschienen",
    "erschien ursprünglich",
    "publicado originalmente",
    "publicada originalmente",
    "publié initialement",
    "initialement publié",
    "republié",
];

/// What stands between these words and a name, and what it means. A longer
/// one stands before its beginning.
pub(super) const PREPOSITIONS: [(&str, &str); 23] = [
    ("here by permission of ", "by"),
    ("by permission of ", "by"),
    ("courtesy of ", "by"),
    ("with permission from ", "by"),
    ("with permission of ", "by"),
    ("with the permission of ", "by"),
    ("here from ", "by"),
    ("from ", "by"),
    ("à partir de ", "by"),
    ("by ", "by"),
    ("on ", "on"),
    ("at ", "on"),
    ("via ", "by"),
    ("with ", "by"),
    ("in ", "in"),
    ("bei ", "on"),
    ("auf ", "on"),
    ("im ", "in"),
    ("en ", "in"),
    ("por ", "by"),
    ("sur ", "on"),
    ("dans ", "in"),
    ("par ", "by"),
];

/// By whom a text was made; only known agencies count here.
pub(super) const MADE_BY: [&str; 8] = [
    "distributed by ",
    "provided by ",
    "produced by ",
    "reported by ",
    "published by ",
    "generated from a ",
    "generated from an ",
    "generated from ",
];

/// What a sentence about the text itself begins with.
pub(super) const SUBJECTS: [&str; 16] = [
    "this ",
    "a version of this ",
    "an earlier version of this ",
    "a longer version of this ",
    "the post ",
    "the above ",
    "the preceding ",
    "the following ",
    "the article ",
    "the story ",
    "dieser ",
    "diese ",
    "este ",
    "esta ",
    "cet ",
    "content ",
];

/// What a text calls itself.
pub(super) const TEXTS: [&str; 37] = [
    "story",
    "article",
    "report",
    "post",
    "piece",
    "column",
    "interview",
    "essay",
    "op-ed",
    "commentary",
    "review",
    "dispatch",
    "feature",
    "excerpt",
    "content",
    "version",
    "text",
    "investigation",
    "project",
    "item",
    "analysis",
    "editorial",
    "coverage",
    "material",
    "artikel",
    "beitrag",
    "bericht",
    "artículo",
    "artigo",
    "noticia",
    "notícia",
    "matéria",
    "nota",
    "texto",
    "article",
    "texte",
    "was",
];

/// What a news room calls itself.
pub(super) const ORGANISATIONS: [&str; 6] =
    ["newsroom", "news organi", "news outlet", "news service", "news agency", "news network"];

/// What reserves rights.
pub(super) const COPYRIGHT: [&str; 3] = ["copyright", "©", "(c) "];
