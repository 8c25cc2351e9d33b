//! Tokenizing, in bytes of raw text per second on one core.
//!
//! The texts are made of the word lists below, outside the timed loop; each
//! bench checks the number of tokens.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use wirecopy::text::Tokenizer;

/// Size of a text, near that of the longest articles times a hundred: long
/// enough that the timer's own cost does not show, short enough for the cache.
const TEXT_BYTES: usize = 1 << 20;

const ENGLISH: &str = "the of and to in a is that for it was on are as with his they at be this from have or by one \
    had not but what all were when we there can an your which their said if do will each about how up out them then \
    she many some so these would other into has more her two like him see time could no make than first been its \
    who now people my made over did down only way find use may water long little very after words called just where \
    most know government minister president yesterday agreement international Washington Reuters London percent \
    1,250 2024 million announced committee investigation spokeswoman unemployment manufacturing";
const GERMAN: &str = "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an \
    werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder \
    aber vor zur bis mehr durch man sein wurde sei Prozent hatte kann gegen vom können schon wenn habe seine Mark \
    ihre dann unter wir soll ich eines Jahr zwei Jahren diese dieser wieder keine Uhr seiner worden will zwischen \
    Straße müssen größte Regierung Bürgermeister Außenminister Übergangsregelung Wahlkampf Köln München";
const FRENCH: &str = "le de un à être et en avoir que pour dans ce il qui ne sur se pas plus par je avec tout faire \
    son mettre autre on mais nous comme ou si leur y dire elle devoir avant deux même prendre aussi celui donner \
    bien où fois vous encore nouveau aller cela entre premier vouloir déjà grand mon me moins aucun lui temps très \
    savoir falloir voir quelque sans raison notre dont non an monde jour monsieur demander alors après trouver \
    personne rendre part dernier venir pendant passer peu lequel suite bon comprendre depuis point ainsi heure \
    l’été d’abord aujourd’hui où sécurité république éléction étranger président ministère français";
const RUSSIAN: &str = "и в не на я быть он с что а по это она этот к но они мы весь который из у то за свой что весь \
    год от так о для ты же все тот мочь вы человек такой его сказать только или ещё бы себя один как уже до время \
    если сам когда другой вот говорить наш мой знать стать при чтобы дело жизнь кто первый очень два день её новый \
    рука даже во со раз где там под можно ну какой после их работа без самый потом надо хотеть ли слово идти большой \
    Москва президент правительство министерство Россия международный соглашение";
const ARABIC: &str = "في من على إلى أن هذا التي الذي عن مع كان كل بعد قد أو ما لا بين ذلك هذه لم قال منذ حيث عند كما \
    قبل أي غير حتى خلال الرئيس الحكومة الدولة العربية الأمم المتحدة وزير الخارجية مجلس الأمن يوم أمس مليون دولار \
    اليوم العالم السلام الاتفاق الشرق الأوسط القاهرة بيروت بغداد السياسة الاقتصاد مُحَمَّد مَدْرَسَة";
const CHINESE: &str = "的一是不了人我在有他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生自会那后能对着事其里所去行过家十用发天如然作方成者多日都三小军二无同么经法当起与好看学进种将还分此心前面又定见只主没公从今日本报讯新华社北京电政府主席宣布经济增长百分点国际协议外交部长表示";

/// Words in an order of their own, the same every time.
struct Words<'a> {
    words: Vec<&'a str>,
    state: u64,
}

impl<'a> Words<'a> {
    fn new(list: &'a str) -> Self {
        Self { words: list.split_whitespace().collect(), state: 7 }
    }

    fn number(&mut self, below: usize) -> usize {
        self.state =
            self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) as usize % below
    }

    fn next(&mut self) -> &'a str {
        let index = self.number(self.words.len());
        self.words[index]
    }
}

/// Prose with a comma or point every dozen words.
fn prose(list: &str) -> String {
    let mut words = Words::new(list);
    let mut text = String::new();
    while text.len() < TEXT_BYTES {
        text.push_str(words.next());
        text.push_str(match words.number(24) {
            0 => ". ",
            1 => ", ",
            2 if words.number(6) == 0 => ".\n\n",
            _ => " ",
        });
    }
    text
}

/// Prose with the quotes, apostrophes and dashes that editors put in.
fn typographic(list: &str) -> String {
    let mut words = Words::new(list);
    let mut text = String::new();
    while text.len() < TEXT_BYTES {
        let word = words.next();
        match words.number(24) {
            0 => text.extend(["“", word, ",” "]),
            1 => text.extend([word, "’s "]),
            2 => text.extend([word, " — "]),
            3 => text.extend([word, "… "]),
            4 => text.extend([word, "\u{a0}"]),
            _ => text.extend([word, " "]),
        }
    }
    text
}

/// Sentences without spaces.
fn spaceless(list: &str) -> String {
    let characters: Vec<String> = list.chars().map(String::from).collect();
    let mut words = Words { words: characters.iter().map(String::as_str).collect(), state: 7 };
    let mut text = String::new();
    while text.len() < TEXT_BYTES {
        text.push_str(words.next());
        match words.number(30) {
            0 => text.push('。'),
            1 => text.push('，'),
            2 if words.number(4) == 0 => text.push_str("2024"),
            _ => {}
        }
    }
    text
}

/// Tokens counted another way: runs of letters, digits and marks, right for the
/// lists of words above.
fn count_words(text: &str) -> usize {
    let is_mark = |c: char| ('\u{64b}'..='\u{652}').contains(&c);
    text.split(|c: char| !c.is_alphanumeric() && !is_mark(c)).filter(|word| !word.is_empty()).count()
}

/// The same for runs of ideographs and of digits.
fn count_bigrams(text: &str) -> usize {
    let mut count = 0;
    for run in text.split(|c: char| !c.is_alphanumeric()) {
        for same in run.chars().collect::<Vec<_>>().chunk_by(|a, b| a.is_ascii() == b.is_ascii()) {
            count += if same[0].is_ascii() { 1 } else { (same.len() - 1).max(1) };
        }
    }
    count
}

fn tokenize(c: &mut Criterion) {
    let texts = [
        ("ascii_prose", prose(ENGLISH)),
        ("typographic_prose", typographic(ENGLISH)),
        ("german", prose(GERMAN)),
        ("french", prose(FRENCH)),
        ("russian", prose(RUSSIAN)),
        ("arabic", prose(ARABIC)),
        ("chinese", spaceless(CHINESE)),
    ];
    let mut group = c.benchmark_group("tokenize");
    for (name, text) in &texts {
        let expected = if *name == "chinese" { count_bigrams(text) } else { count_words(text) };
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(*name, |bencher| {
            let mut tokenizer = Tokenizer::new();
            bencher.iter(|| {
                let (mut count, mut mixed) = (0, 0);
                tokenizer.tokenize(black_box(text), |token| {
                    count += 1;
                    mixed ^= token.hash ^ u64::from(token.start + token.end);
                });
                assert_eq!(count, expected, "{name}");
                mixed
            });
        });
    }
    group.finish();
}

criterion_group!(benches, tokenize);
criterion_main!(benches);
