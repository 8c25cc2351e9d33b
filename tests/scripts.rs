//! Texts in every script, through everything that looks at them.
//!
//! Tokens are not always words with something between them: bigrams overlap,
//! `¼` is two numbers in one place, and marks, joiners and full-width forms take
//! part in a token that is shorter than what stands in the text. Whatever a text
//! is made of, nothing panics, and every span can be cut out of it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use proptest::prelude::*;
use support::corpus;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use wirecopy::dedup::{self, Options, StripKind};
use wirecopy::document::{Corpus, Document, Span};
use wirecopy::params::{Noise, Params};
use wirecopy::pipeline;
use wirecopy::render::{CompareRender, Limits, Render, TerminalRender};
use wirecopy::report::{Report, Verdict};

/// A paragraph that a newspaper could print, in many scripts and languages.
const PARAGRAPHS: [(&str, &str); 16] = [
    (
        "ja",
        "市議会は月曜日、港の東側に新しい橋を架ける計画を賛成多数で可決した。工事は来年の春に始まり、三年後の完成を目指す。総額は四十八億円で、そのうち三分の一を県が負担する。漁業組合は工事の騒音と濁り水が海苔の養殖に及ぼす影響を心配しており、市は月に一度の説明会を開くと約束した。",
    ),
    (
        "zh",
        "市议会星期一以多数票通过了在港口东侧修建一座新桥的计划。工程将于明年春天开始，预计三年后完工。总造价为四亿八千万元，其中三分之一由省政府承担。渔业合作社担心施工噪音和浑水会影响紫菜养殖，市政府答应每个月召开一次说明会，并公布水质检测的结果。",
    ),
    (
        "ko",
        "시의회는 월요일 항구 동쪽에 새 다리를 놓는 계획을 찬성 다수로 통과시켰다. 공사는 내년 봄에 시작되어 삼 년 뒤에 끝날 예정이다. 전체 비용은 사백팔십억 원이며 그 가운데 삼분의 일을 도가 부담한다. 어업 조합은 공사 소음과 흙탕물이 김 양식에 미칠 영향을 걱정하고 있다.",
    ),
    (
        "th",
        "สภาเทศบาลลงมติเมื่อวันจันทร์เห็นชอบแผนสร้างสะพานใหม่ทางด้านตะวันออกของท่าเรือ การก่อสร้างจะเริ่มในฤดูใบไม้ผลิปีหน้าและคาดว่าจะแล้วเสร็จภายในสามปี งบประมาณทั้งหมดสี่ร้อยแปดสิบล้านบาท โดยจังหวัดจะออกหนึ่งในสาม สหกรณ์ประมงกังวลเรื่องเสียงและน้ำขุ่น",
    ),
    (
        "km",
        "ក្រុមប្រឹក្សាក្រុងបានអនុម័តកាលពីថ្ងៃចន្ទនូវគម្រោងសាងសង់ស្ពានថ្មីមួយនៅខាងកើតកំពង់ផែ។ ការដ្ឋាននឹងចាប់ផ្តើមនៅនិទាឃរដូវឆ្នាំក្រោយ ហើយរំពឹងថានឹងរួចរាល់ក្នុងរយៈពេលបីឆ្នាំ។ សហគមន៍នេសាទព្រួយបារម្ភអំពីសំឡេងនិងទឹកល្អក់។",
    ),
    (
        "ru",
        "Городской совет в понедельник большинством голосов утвердил план строительства нового моста к востоку от порта. Работы начнутся весной будущего года и должны закончиться через три года. Общая стоимость составляет 480 миллионов, треть которых берёт на себя область. Рыболовецкая артель опасается, что шум и мутная вода повредят ей, и город обещал каждый месяц отчитываться.",
    ),
    (
        "ar",
        "وافق مجلس المدينة يوم الاثنين بأغلبية الأصوات على خطة بناء جسر جديد شرق الميناء. تبدأ الأعمال في ربيع العام المقبل ومن المنتظر أن تنتهي بعد ثلاث سنوات. تبلغ الكلفة ٤٨٠ مليونا تتحمل المحافظة ثلثها. وتخشى جمعية الصيادين من الضجيج والمياه العكرة، وقد وعدت البلدية بعقد لقاء كل شهر لشرح سير العمل للسكان.",
    ),
    (
        "he",
        "מועצת העיר אישרה ביום שני ברוב קולות את התוכנית לבניית גשר חדש ממזרח לנמל. העבודות יתחילו באביב הבא ואמורות להסתיים בעוד שלוש שנים. העלות הכוללת היא 480 מיליון, ושליש ממנה יישא המחוז. אגודת הדייגים חוששת מן הרעש ומן המים העכורים, והעירייה הבטיחה לקיים פגישה עם התושבים מדי חודש.",
    ),
    (
        "hi",
        "नगर परिषद ने सोमवार को बंदरगाह के पूर्व में एक नया पुल बनाने की योजना को बहुमत से मंज़ूरी दी। काम अगले वर्ष वसंत में शुरू होगा और तीन साल बाद पूरा होने की उम्मीद है। कुल लागत ४८० करोड़ रुपये है, जिसका एक तिहाई राज्य उठाएगा। मछुआरों की समिति को शोर और गंदे पानी की चिंता है, और नगर ने हर महीने बैठक करने का वादा किया है।",
    ),
    (
        "de",
        "Der Stadtrat hat am Montag mit großer Mehrheit den Plan gebilligt, östlich des Hafens eine neue Brücke zu bauen. Die Arbeiten sollen im nächsten Frühjahr beginnen und nach drei Jahren abgeschlossen sein. Die Kosten betragen 48½ Millionen, von denen das Land ein Drittel trägt. Die Fischer fürchten Lärm und trübes Wasser; die Stadt versprach, jeden Monat zu berichten.",
    ),
    (
        "el",
        "Το δημοτικό συμβούλιο ενέκρινε τη Δευτέρα με μεγάλη πλειοψηφία το σχέδιο για μια νέα γέφυρα ανατολικά του λιμανιού. Τα έργα θα αρχίσουν την επόμενη άνοιξη και αναμένεται να τελειώσουν σε τρία χρόνια. Το κόστος φτάνει τα 480 εκατομμύρια και το ένα τρίτο θα το καλύψει η περιφέρεια. Οι ψαράδες φοβούνται τον θόρυβο και τα θολά νερά.",
    ),
    (
        "tr",
        "Belediye meclisi pazartesi günü limanın doğusuna yeni bir köprü yapılması planını oy çokluğuyla kabul etti. Çalışmalar gelecek yıl ilkbaharda başlayacak ve üç yıl sonra bitecek. Toplam maliyet 480 milyon ve bunun üçte birini il üstlenecek. Balıkçılar gürültüden ve bulanık sudan endişe ediyor; İstanbul'dan gelen uzmanlar her ay bilgi verecek.",
    ),
    (
        "vi",
        "Hội đồng thành phố hôm thứ Hai đã thông qua với đa số phiếu kế hoạch xây một cây cầu mới ở phía đông bến cảng. Công trình sẽ bắt đầu vào mùa xuân năm sau và dự kiến hoàn thành sau ba năm. Tổng chi phí là 480 tỷ đồng, trong đó tỉnh chịu một phần ba. Hợp tác xã đánh cá lo ngại tiếng ồn và nước đục ảnh hưởng đến việc nuôi trồng.",
    ),
    (
        "am",
        "የከተማው ምክር ቤት ሰኞ ዕለት ከወደቡ በስተ ምሥራቅ አዲስ ድልድይ የመገንባት ዕቅድ በአብላጫ ድምፅ አጸደቀ። ሥራው በሚቀጥለው ዓመት ጸደይ ተጀምሮ ከሦስት ዓመት በኋላ ይጠናቀቃል ተብሎ ይጠበቃል። አጠቃላይ ወጪው 480 ሚሊዮን ሲሆን አንድ ሦስተኛውን ክልሉ ይሸፍናል። የዓሣ አጥማጆች ማኅበር ስለ ድምፁና ስለ ደፈረሰው ውኃ ሥጋት አለው።",
    ),
    (
        "fractions",
        "Take ¼ cup of sugar, ½ cup of flour, ¾ cup of milk and 1½ cups of cream, stir for 10⁶ ㎲ or № 5 minutes, add ⅔ of the butter and Ⅳ eggs, ① beat well, ② rest for 2½ hours, ③ bake at 180 ℃ for ¾ of an hour, then let it cool for ½ hour; serves ⅞ of the guests with ¼ of the ﬁne ﬂour left and ㍿ printed upon the ﬁlling and the rest of it.",
    ),
    (
        "full width",
        "Ｔｈｅ　ｃｏｕｎｃｉｌ　ｖｏｔｅｄ　ｏｎ　Ｍｏｎｄａｙ　ｔｏ　ｂｕｉｌｄ　ａ　ｂｒｉｄｇｅ　ｅａｓｔ　ｏｆ　ｔｈｅ　ｐｏｒｔ，　ａｎｄ　ｗｏｒｋ　ｉｓ　ｔｏ　ｂｅｇｉｎ　ｉｎ　２０２７　ａｔ　ａ　ｃｏｓｔ　ｏｆ　４８０　ｍｉｌｌｉｏｎ，　ｏｆ　ｗｈｉｃｈ　ａ　ｔｈｉｒｄ　ｉｓ　ｐａｉｄ　ｂｙ　ｔｈｅ　ｃｏｕｎｔｙ．",
    ),
];

/// What texts can be made of, and cut into at any place.
const PIECES: [&str; 64] = [
    "the council",
    "voted",
    "Monday",
    "New York",
    "290,000",
    "12.5",
    "¼",
    "½",
    "1½",
    "⅔",
    "Ⅳ",
    "①②③",
    "㍿",
    "㎏",
    "10⁶",
    "ﬁne",
    "ﬃ",
    "Straße",
    "İstanbul",
    "ΣΊΣΥΦΟΣ",
    "市議会は",
    "月曜日、",
    "可決した。",
    "三百五十",
    "２００",
    "市议会",
    "通过了",
    "시의회는",
    "통과시켰다.",
    "สภาเทศบาล",
    "ลงมติ",
    "ក្រុមប្រឹក្សា",
    "မြို့တော်",
    "ສະພາ",
    "Городской",
    "совет",
    "وافق",
    "مجلس",
    "مُحَمَّد",
    "٤٨٠",
    "מועצת",
    "नगर",
    "परिषद",
    "e\u{301}te\u{301}",
    "co\u{ad}operate",
    "zero\u{200b}width",
    "👩‍👩‍👧",
    "🇩🇪",
    "\u{202e}abc",
    "_____",
    "---",
    "\n",
    "\n\n",
    "\r\n> ",
    ">> ",
    "    ",
    "\t",
    "“quoted”",
    "„so“",
    "«ici»",
    "「」",
    "— he said",
    "(AP) —",
    "(Source:www.example.com)",
];

fn pieces(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0..PIECES.len(), count)
}

/// A text, and edits that make another one of it: places, what to do there, and
/// what to put there.
fn text_and_edits() -> impl Strategy<Value = (Vec<usize>, Vec<(usize, usize, usize)>, bool)> {
    (pieces(40..160), prop::collection::vec((0..160usize, 0..4usize, 0..PIECES.len()), 0..12), any::<bool>())
}

fn written(pieces: &[usize], is_spaced: bool) -> String {
    let texts: Vec<&str> = pieces.iter().map(|&piece| PIECES[piece]).collect();
    texts.join(if is_spaced { " " } else { "" })
}

fn edited(pieces: &[usize], edits: &[(usize, usize, usize)]) -> Vec<usize> {
    let mut pieces = pieces.to_vec();
    for &(place, what, piece) in edits {
        let place = place % pieces.len();
        match what {
            0 => pieces[place] = piece,
            1 => pieces.insert(place, piece),
            2 if pieces.len() > 1 => drop(pieces.remove(place)),
            _ => {
                let again = pieces[place..].to_vec();
                pieces.extend(again);
                pieces.truncate(400);
            }
        }
    }
    pieces
}

/// Fails if a span cannot be cut out of its text.
fn check_spans(report: &Report, corpus: &Corpus) {
    let cut = |id: &str, span: Span| {
        let text = corpus.text(corpus.find(id).unwrap());
        assert!(text.get(span.start..span.end).is_some_and(|cut| !cut.is_empty()), "{id}: {span:?}");
    };
    for pair in &report.pairs {
        for passage in &pair.passages {
            cut(&pair.a, passage.a);
            cut(&pair.b, passage.b);
        }
    }
    for repeat in &report.repeats {
        repeat.spans.iter().for_each(|&span| cut(&repeat.document, span));
    }
    for document in &report.documents {
        document.credits.iter().for_each(|credit| cut(&document.id, credit.span));
    }
}

/// Looks at a corpus in every way that reads texts.
fn look_at(corpus: &Corpus, params: &Params) -> Report {
    let report = pipeline::scan(corpus, params, &()).unwrap();
    check_spans(&report, corpus);
    let mut out = Vec::new();
    let terminal = TerminalRender { width: 60, color: true, limits: Limits::default() };
    terminal.render(&report, corpus, &mut out).unwrap();
    let plan = dedup::plan(&report, &Options::default());
    for edited in dedup::strip(&report, corpus, &plan, &[StripKind::Repeats, StripKind::Boilerplate]) {
        dedup::apply(corpus.text(edited.document), &edited.cuts);
    }
    report
}

#[test]
fn an_edited_copy_is_found_in_every_script() {
    for (script, paragraph) in PARAGRAPHS {
        // Another ending, and a character less in the middle.
        let characters: Vec<char> = paragraph.chars().collect();
        let middle = characters.len() / 2;
        let copy: String = characters[..middle].iter().chain(&characters[middle + 1..]).collect();
        let texts =
            [("a", format!("{paragraph}\n\n123")), ("b", copy.clone()), ("c", format!("{copy}\n\n{copy}"))];
        for noise in [Noise::Auto, Noise::Clean, Noise::Ocr] {
            let corpus = corpus(texts.clone());
            let report = look_at(&corpus, &Params { noise, ..Params::default() });
            let found: Vec<_> = report.pairs.iter().map(|pair| pair.verdict).collect();
            assert_eq!(report.clusters.len(), 1, "{script} {noise:?}: {found:?}");
            assert_eq!(report.clusters[0].members.len(), 3, "{script} {noise:?}");
            assert!(found.iter().all(|verdict| verdict.is_uniting()), "{script} {noise:?}: {found:?}");
            assert_eq!(report.repeats.len(), 1, "{script} {noise:?}: the third has its body twice");
        }
    }
}

/// A vowel sign behind every letter.
fn vocalised(text: &str) -> String {
    let marked = |(at, c): (usize, char)| {
        let sign = char::from_u32(0x64e + at as u32 % 3).filter(|_| c.is_alphabetic());
        std::iter::once(c).chain(sign)
    };
    text.chars().enumerate().flat_map(marked).collect()
}

/// The text without accents, as some outlets write.
fn without_marks(text: &str) -> String {
    text.nfd().filter(|&c| !is_combining_mark(c)).nfc().collect()
}

#[test]
fn a_copy_with_other_marks_is_found() {
    let paragraph = |script: &str| PARAGRAPHS.iter().find(|(name, _)| *name == script).unwrap().1;
    let cases = [
        ("ar", vocalised(paragraph("ar"))),
        ("el", without_marks(paragraph("el"))),
        ("vi", without_marks(paragraph("vi"))),
    ];
    for (script, copy) in cases {
        let mut texts = PARAGRAPHS.to_vec();
        texts.push(("copy", &copy));
        let report = look_at(&corpus(texts), &Params::default());
        let pairs: Vec<_> = report.pairs.iter().map(|pair| (pair.a.as_str(), pair.b.as_str())).collect();
        assert_eq!(pairs, [(script.min("copy"), script.max("copy"))], "{script}");
        assert_eq!(report.pairs[0].verdict, Verdict::NearDuplicate, "{script}");
        assert!(report.pairs[0].coverage_of_a_by_b > 0.95, "{script}");
    }
}

#[test]
fn scripts_do_not_look_like_one_another() {
    let corpus = corpus(PARAGRAPHS);
    let report = look_at(&corpus, &Params::default());
    assert_eq!((report.clusters.len(), report.repeats.len()), (0, 0));
    assert!(report.pairs.iter().all(|pair| pair.verdict != Verdict::SharesPassage), "{:?}", report.pairs);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_a_text_is_made_of_nothing_panics(
        texts in prop::collection::vec(text_and_edits(), 1..4),
        noise in prop_oneof![Just(Noise::Auto), Just(Noise::Clean), Just(Noise::Ocr)],
        sizes in (1..6usize, 5..30usize),
    ) {
        let (shingle_len, min_tokens) = sizes;
        let min_tokens = min_tokens.max(shingle_len);
        let params = Params { noise, shingle_len, min_passage_tokens: min_tokens, min_repeat_tokens: min_tokens, ..Params::default() };
        let mut documents = Vec::new();
        for (at, (text, edits, is_spaced)) in texts.iter().enumerate() {
            let copy = edited(text, edits);
            let both = [text.clone(), copy.clone()].concat();
            for (of, pieces) in [text, &copy, &both].into_iter().enumerate() {
                documents.push(Document {
                    id: format!("{at}-{of}"),
                    text: written(pieces, *is_spaced),
                    source: Some(format!("{}.example", (at + of) % 2)),
                    ..Document::default()
                });
            }
        }
        let pair = Corpus::try_new(documents[..2].to_vec()).unwrap();
        let (report, shares) = pipeline::compare(&pair, &params, &()).unwrap();
        check_spans(&report, &pair);
        let render = CompareRender { width: 70, color: true, shares: Some(shares) };
        render.render(&report, &pair, &mut Vec::new()).unwrap();
        look_at(&Corpus::try_new(documents).unwrap(), &params);
    }
}
