"""The forms of `forms.py`: each a function of a generator and a text.

`CHANGES` are forms of a copy, `STYLES` pairs of two ways to write one text,
`TEMPLATES` texts that are alike and no copies.
"""

import html
import html.entities
import json
import re


def in_paragraphs(text):
    """`text` without hard wraps, with the quotation marks and dashes of print."""
    paragraphs = re.split(r"\n\s*\n|\n(?=[ \t]{2,})", text)
    paragraphs = [" ".join(one.split()) for one in paragraphs]
    return typeset("\n\n".join(one for one in paragraphs if one))


def typeset(text):
    text = re.sub(r"(?<=\w)'(?=\w)", "’", text)
    text = re.sub(r'"(?=\w)', "“", text)
    text = text.replace('"', "”")
    return re.sub(r" --+ ", " — ", text)


def mojibake(text, encoding="cp1252"):
    """UTF-8 that was read as a code page of one byte."""
    out = []
    for byte in text.encode():
        try:
            out.append(bytes([byte]).decode(encoding))
        except UnicodeDecodeError:
            out.append(chr(byte))
    return "".join(out)


def non_ascii_as(replacement):
    return lambda rng, text: re.sub(r"[^\x00-\x7f]", replacement, text)


def read_as_ascii(rng, text):
    """Each byte outside of ASCII is a replacement character."""
    return text.encode().decode("ascii", "replace")


def entities(text):
    """As an editor of pages writes it: numbers for punctuation, names for letters."""
    text = html.escape(text)

    def escaped(found):
        letter = found[0]
        if letter.isalpha() and letter in LATIN_NAMES:
            return f"&{LATIN_NAMES[letter]};"
        return f"&#{ord(letter)};"

    text = re.sub(r"[^\x00-\x7f]", escaped, text)
    return re.sub(r"(\.) (?=[A-Z])", r"\1&nbsp; ", text)


LATIN_NAMES = {chr(code): name for code, name in html.entities.codepoint2name.items() if code > 127}


def tags(rng, text):
    """Markup of a page that nobody took away."""
    paragraphs = text.split("\n\n")
    out = []
    for number, one in enumerate(paragraphs):
        words = one.split(" ")
        for _ in range(len(words) // 40 + 1):
            at = rng.randrange(len(words))
            words[at] = rng.choice(
                (
                    f'<a href="https://www.example.com/topic/{at}" target="_blank" rel="noopener">{words[at]}</a>',
                    f"<strong>{words[at]}</strong>",
                    f"<em>{words[at]}</em>",
                    f"{words[at]}<br />",
                )
            )
        out.append(f'<p class="story-body__paragraph">{" ".join(words)}</p>')
        if number % 4 == 2:
            out.append('<div class="ad-slot" data-slot="mid-article"><!-- ad --></div>')
    return "\n".join(out)


def markdown(rng, text):
    out = []
    for number, one in enumerate(text.split("\n\n")):
        words = one.split(" ")
        for _ in range(len(words) // 25 + 1):
            at = rng.randrange(len(words))
            words[at] = rng.choice(
                (f"[{words[at]}](https://www.example.com/news/{at}/story.html)", f"**{words[at]}**", f"_{words[at]}_")
            )
        out.append(("## " if number % 5 == 3 else "") + " ".join(words))
        if number == 1:
            out.append("![Picture](https://cdn.example.com/images/2024/05/11/picture-1200x800.jpg)")
    return "\n\n".join(out)


def shortcodes(rng, text):
    marks = (
        '[caption id="attachment_1234" align="alignnone" width="800"]',
        "[/caption]",
        '[embed width="640" height="360"]https://video.example.com/watch?v=abcdef[/embed]',
        "[ad id=\"mid\"]",
        "]]>",
    )
    return "<![CDATA[" + between(rng, text, marks)


def backslashes(rng, text):
    """A string of JSON that was never read as one, with its escapes."""
    return json.dumps(text)[1:-1].replace("/", "\\/")


def between(rng, text, lines, every=2):
    """A line of `lines` behind every so many paragraphs."""
    paragraphs = text.split("\n\n")
    if len(paragraphs) < 3:
        sentences = re.split(r"(?<=[.。!?])\s+", text)
        paragraphs = [" ".join(sentences[at : at + 2]) for at in range(0, len(sentences), 2)]
    out = []
    for number, one in enumerate(paragraphs):
        out.append(one)
        if number % every == every - 1:
            out.append(lines[rng.randrange(len(lines))])
    return "\n\n".join(out)


def wrapped(text, width, hyphenate, rng):
    out = []
    for one in text.split("\n\n"):
        lines, line = [], ""
        for word in one.split(" "):
            if line and len(line) + 1 + len(word) > width:
                room = width - len(line) - 2
                if hyphenate and word.isalpha() and room > 2 and len(word) - room > 2:
                    lines.append(f"{line} {word[:room]}-")
                    line = word[room:]
                    continue
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}".strip()
        lines.append(line)
        out.append("\n".join(lines))
    return "\n\n".join(out)


def soft_hyphens(rng, text):
    return re.sub(r"(\w{3})(?=\w{3})", "\\1\u00ad", text)


def prefixed(prefix):
    return lambda rng, text: "\n".join(prefix + line for line in wrapped(text, 68, False, rng).split("\n"))


def run_together(rng, text):
    """Lines of 60 letters whose ends were dropped."""
    return wrapped(text, 60, False, rng).replace("\n\n", "\n").replace("\n", "")


def paragraphs_together(rng, text):
    return text.replace("\n\n", "")


def spaced(rng, text):
    """Letters set apart, all of them."""
    return "\n\n".join("  ".join(" ".join(word) for word in one.split(" ")) for one in text.split("\n\n"))


def initials(rng, text):
    """The first letter of a paragraph apart, and its first words in capitals."""
    out = []
    for one in text.split("\n\n"):
        words = one.split(" ")
        head = " ".join(words[:4]).upper()
        out.append(f"{head[:1]} {head[1:]} {' '.join(words[4:])}")
    return "\n\n".join(out)


HOMOGLYPHS = str.maketrans("aeopcxyiAEOPCTHKMB", "аеорсхуіАЕОРСТНКМВ")


def homoglyphs(share):
    def change(rng, text):
        return "".join(one.translate(HOMOGLYPHS) if rng.random() < share else one for one in text)

    return change


def behind_letters(mark, share=1.0):
    def change(rng, text):
        return "".join(one + mark if one.isalpha() and rng.random() < share else one for one in text)

    return change


def emoji(rng, text):
    return re.sub(r"([.!?]) ", lambda found: f"{found[1]} {rng.choice('😀🔥👉✅📈')} ", text)


def mathematical(rng, text):
    """Mathematical letters, as posts write bold."""
    return "".join(
        chr(0x1D5D4 + ord(one) - 65) if "A" <= one <= "Z" else chr(0x1D5EE + ord(one) - 97) if "a" <= one <= "z" else one
        for one in text
    )


FURNITURE = (
    "ADVERTISEMENT",
    "Story continues below",
    "Read more: Ten things that you should know about this story",
    "Also read: What the minister said about it yesterday",
    "Sign up for our newsletter and get the best of our reporting in your inbox every morning.",
    "Share this article: Facebook Twitter WhatsApp LinkedIn Email Copy link",
    "(Image: Getty Images/iStockphoto)",
    "Follow us on Twitter and like us on Facebook for all the latest news, sport and showbiz",
    "Scroll down for video",
    "RELATED ARTICLES Previous 1 Next Share this article",
)


def live(rng, text):
    """Times of a live page before paragraphs."""
    minutes, out = rng.randrange(600, 900), []
    for one in text.split("\n\n"):
        minutes += rng.randrange(1, 40)
        out.append(f"{minutes // 60:02}:{minutes % 60:02} BST\n\n{one}")
    return "\n\n".join(out)


def teaser(end, least=30, most=60):
    def change(rng, text):
        words = text.split()[: rng.randrange(least, most)]
        return " ".join(words) + end(len(text))

    return change


def corrected(rng, text):
    return f"{text}\n\nCorrection: An earlier version of this article misstated the day of the meeting. It was Tuesday."


def page_of_web(rng, text):
    head = "Home News Sport Business Culture Opinion\n\nPublished 4 hours ago\n\nShare\n\n"
    foot = "\n\nMost read\n\nRelated topics\n\nTerms of use Privacy policy Cookies Contact us © All rights reserved."
    return head + text + foot


def page_of_print(rng, text):
    return f"Print this page\n\n{text}\n\nFind this article at: https://www.example.com/news/story-{len(text)}.html"


BRITISH = (
    ("ization", "isation"), ("izing", "ising"), ("ized", "ised"), ("ize ", "ise "), ("olor", "olour"),
    ("labor", "labour"), ("favor", "favour"), ("center", "centre"), ("program ", "programme "), ("defense", "defence"),
    ("percent", "per cent"), ("pct", "per cent"), ("toward ", "towards "), ("mln", "million"), ("bln", "billion"),
    ("dlrs", "dollars"), (" U.S. ", " US "), (" said ", " says "), ("Monday", "today"), ("Tuesday", "today"),
    ("Wednesday", "today"), ("Thursday", "today"), ("Friday", "today"), ("vs ", "versus "), ("cts", "cents"),
)


def house_style(rng, text):
    for old, new in BRITISH:
        text = text.replace(old, new)
    text = re.sub(r"(\d[\d.]*) (million|billion) dollars", lambda f: f"{f[0]} (£{float(f[1].strip('.')or 0) * .8:.1f} {f[2]})" if f[1].count('.')<2 else f[0], text)
    return re.sub(r"\b(\d{4,})\b", lambda f: f"{int(f[1]):,}", text)


def restyled(rng, text):
    months = "January February March April May June July August September October November December".split()
    for month in months:
        text = re.sub(rf"\b{month[:3]}\.? (\d)", rf"{month} \1", text)
        text = re.sub(rf"\b{month} (\d\d?)\b", rf"\1 {month}", text)
    text = re.sub(r"(\d) ?(percent|pct|per cent)", r"\1%", text)
    numbers = "one two three four five six seven eight nine ten".split()
    for value, word in enumerate(numbers, 1):
        text = re.sub(rf"\b{word}\b", str(value), text)
    text = re.sub(r"(\d),(\d{3})", r"\1\2", text)
    text = text.replace("mln", "million").replace("bln", "billion").replace("dlrs", "dollars")
    return text.translate(str.maketrans("“”’—", "\"\"'-"))


def footnotes(rng, text):
    """Numbers of footnotes behind sentences, as an encyclopaedia has them."""
    count = iter(range(1, 1000))
    return re.sub(r"(?<=[a-z.,])(?= )", lambda _: f"[{next(count)}]" if rng.random() < 0.08 else "", text)


CHANGES = {
    "mojibake": lambda rng, text: mojibake(text),
    "mojibake-twice": lambda rng, text: mojibake(mojibake(text)),
    "mojibake-latin1": lambda rng, text: mojibake(text, "latin-1"),
    "mojibake-1251": lambda rng, text: mojibake(text, "cp1251"),
    "replacement": read_as_ascii,
    "replacement-one": non_ascii_as("\ufffd"),
    "question-marks": non_ascii_as("?"),
    "dropped-letters": non_ascii_as(""),
    "entities": lambda rng, text: entities(text),
    "entities-twice": lambda rng, text: html.escape(entities(text)),
    "tags": tags,
    "tags-escaped": lambda rng, text: html.escape(tags(rng, text)),
    "markdown": markdown,
    "shortcodes": shortcodes,
    "backslashes": backslashes,
    "hard-wraps": lambda rng, text: wrapped(text, 65, False, rng),
    "hyphenated": lambda rng, text: wrapped(text, 40, True, rng),
    "soft-hyphens": soft_hyphens,
    "prefix-quote": prefixed("> "),
    "prefix-bar": prefixed("| "),
    "run-together": run_together,
    "paragraphs-together": paragraphs_together,
    "spaced": spaced,
    "initials": initials,
    "capitals": lambda rng, text: text.upper(),
    "title-case": lambda rng, text: text.title(),
    "restyled": restyled,
    "furniture": lambda rng, text: between(rng, text, FURNITURE),
    "furniture-each": lambda rng, text: between(rng, text, FURNITURE, 1),
    "live": live,
    "teaser-chars": teaser(lambda length: f"… [+{length - 200} chars]"),
    "teaser-more": teaser(lambda length: "... Continue reading"),
    "teaser-15": teaser(lambda length: " […]", 15, 29),
    "homoglyphs-5": homoglyphs(0.05),
    "homoglyphs": homoglyphs(1.0),
    "zero-width": behind_letters("\u200b", 0.3),
    "invisible": behind_letters("\u2063"),
    "struck": behind_letters("\u0336"),
    "emoji": emoji,
    "mathematical": mathematical,
    "house-style": house_style,
    "footnotes": footnotes,
    "corrected": corrected,
    "page-of-web": page_of_web,
    "page-of-print": page_of_print,
}

STYLES = {
    "web-and-print": (page_of_web, page_of_print),
    "two-mojibakes": (lambda rng, text: mojibake(text), lambda rng, text: mojibake(mojibake(text))),
    "two-furnitures": (lambda rng, text: between(rng, text, FURNITURE, 1), live),
}

PLACES = "Millbrook Harwick Eastvale Penrith Dunmore Castleton Ferrisburg Oakdale Riverton Ashby Colton Wexford".split()
NAMES = "Anna Peter Maria John Ruth Walter Helen Thomas Clara Joseph Edith Martin".split()
SURNAMES = "Miller Novak Hansen Okafor Silva Dubois Keller Moreau Lindqvist Garcia Brown Tanaka".split()


def obituary(rng):
    name, surname = rng.choice(NAMES), rng.choice(SURNAMES)
    age, place = rng.randrange(61, 99), rng.choice(PLACES)
    return (
        f"{name} {surname}, {age}, of {place}, passed away peacefully on {weekday(rng)} surrounded by family. "
        f"{name} was born in {rng.choice(PLACES)} on May {rng.randrange(1, 31)}, {2024 - age}, and worked for "
        f"{rng.randrange(12, 41)} years as a {rng.choice(('teacher', 'nurse', 'farmer', 'clerk', 'mechanic'))}. "
        f"Survivors include {rng.choice(NAMES)} {surname} of {rng.choice(PLACES)} and {rng.randrange(2, 9)} grandchildren. "
        f"A funeral service will be held at {rng.randrange(9, 12)} a.m. on {weekday(rng)} at St. {rng.choice(NAMES)}'s "
        f"Church in {place}, followed by burial at {rng.choice(PLACES)} Cemetery. In lieu of flowers, the family asks "
        f"that donations be made to the {rng.choice(PLACES)} Hospice. Online condolences may be left at the website of "
        f"the {rng.choice(SURNAMES)} Funeral Home, which is in charge of the arrangements."
    )


def weather(rng):
    place = rng.choice(PLACES)
    return (
        f"Weather for {place}, {weekday(rng)}. It will be {rng.choice(SKIES)} in the morning, with a high near "
        f"{rng.randrange(40, 95)}. In the afternoon expect {rng.choice(SKIES)} skies and winds from the "
        f"{rng.choice(('north', 'south', 'east', 'west'))} at {rng.randrange(3, 25)} miles per hour. Tonight it will be "
        f"{rng.choice(SKIES)} with a low around {rng.randrange(20, 60)}. The chance of rain is {rng.randrange(5, 95)} "
        f"percent. The sun rises at {rng.randrange(5, 8)}:{rng.randrange(10, 60)} and sets at {rng.randrange(5, 9)}:"
        f"{rng.randrange(10, 60)}. The record high for the day is {rng.randrange(70, 104)}, set in {rng.randrange(1900, 2020)}."
    )


def shares(rng):
    place = rng.choice(SURNAMES) + rng.choice((" Corp", " Inc", " Holdings", " Group"))
    return (
        f"Shares of {place} ({place[:4].upper()}) traded {rng.choice(('up', 'down'))} {rng.random() * 9:.2f}% on {weekday(rng)}, "
        f"reaching ${rng.random() * 200:.2f}. The stock traded as low as ${rng.random() * 200:.2f} and last traded at "
        f"${rng.random() * 200:.2f}. Approximately {rng.randrange(10_000, 900_000):,} shares were traded during the session, "
        f"a change of {rng.randrange(1, 90)}% from the average daily volume of {rng.randrange(10_000, 900_000):,} shares. "
        f"The company has a market capitalization of ${rng.random() * 9:.2f} billion, a price-to-earnings ratio of "
        f"{rng.random() * 60:.2f} and a beta of {rng.random() * 2:.2f}. The firm has a fifty day moving average of "
        f"${rng.random() * 200:.2f} and a two hundred day moving average of ${rng.random() * 200:.2f}. "
        f"Analysts forecast that the company will post {rng.random() * 5:.2f} earnings per share for the current year."
    )


def event(rng):
    place = rng.choice(PLACES)
    return (
        f"The {place} {rng.choice(('Library', 'Museum', 'Town Hall', 'Garden Club'))} will host a "
        f"{rng.choice(('book sale', 'concert', 'lecture on local birds', 'plant swap', 'quilting class', 'film night'))} on "
        f"{weekday(rng)}, {rng.choice(MONTHS)} {rng.randrange(1, 29)}, from {rng.randrange(1, 5)} to {rng.randrange(6, 10)} p.m. "
        f"The event is free and open to the public, and no registration is required. Refreshments will be served. "
        f"Parking is available behind the building. For more information, call 555-{rng.randrange(1000, 9999)} or write to "
        f"{rng.choice(NAMES)} {rng.choice(SURNAMES)}, who organises the series of events for the community."
    )


SKIES = ("cloudy", "partly sunny", "clear", "rainy", "mostly cloudy", "foggy")
MONTHS = "January February March April May June July August September October November December".split()


def weekday(rng):
    return rng.choice("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split())


TEMPLATES = {"obituary": obituary, "weather": weather, "shares": shares, "event": event}
