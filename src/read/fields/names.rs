//! The names that scrapers, feeds and collections give to fields.
//!
//! Seen in the output of news-please (and CC-NEWS), newspaper, trafilatura,
//! Webz, the interfaces of news services, schema.org records, and the columns
//! of text collections. A name that often means something else is left out.

use crate::read::Field;

/// Where `field` is looked for, in order of precedence.
pub(super) fn of(field: Field) -> &'static [&'static str] {
    match field {
        Field::Id => &["id", "uuid", "guid", "_id", "id.$oid", "_id.$oid"],
        Field::Text => TEXT,
        Field::Title => &[
            "title",
            "headline",
            "headline.main",
            "thread.title",
            "thread.title_full",
            "title_page",
            "webTitle",
            "fields.headline",
        ],
        Field::Url => URL,
        Field::Source => SOURCE,
        Field::Published => PUBLISHED,
        Field::Language => &["language", "lang", "inLanguage", "meta_lang"],
        Field::Author => {
            &["author", "author.name", "authors", "authors.name", "byline", "creator", "creator.name"]
        }
        Field::Publisher => &["publisher_name", "sourceOrganization", "sourceOrganization.name"],
        Field::Canonical => &["canonical", "canonical_link", "canonical_url"],
        Field::SyndicationSource => &["syndication_source", "syndication-source"],
        Field::OriginalSource => &["original_source", "original-source"],
        Field::BasedOn => &["based_on", "isBasedOn", "isBasedOn.url", "isBasedOn.@id", "isBasedOnUrl"],
        Field::Credit => &["credit", "creditText", "creditline"],
        Field::Modified => &[
            "modified",
            "date_modify",
            "dateModified",
            "date_modified",
            "modified_at",
            "updated",
            "updated_at",
            "updatedAt",
            "last_modified",
        ],
        Field::Embargo => &["embargo", "embargoed"],
        Field::Version => &["text_version"],
        Field::Feed => &["feed"],
        Field::Folder => &["from_folder"],
        Field::DatedBy => &["dated_by"],
        Field::Html => &["content_html", "html", "raw_html", "page_html"],
    }
}

const TEXT: &[&str] = &[
    "text",
    "body",
    "content",
    "articleBody",
    "maintext",
    "raw_content",
    "article_text",
    "full_text",
    "fulltext",
    "body_text",
    "content_text",
    "cleaned_text",
    "plain_text",
    "raw_text",
    "article",
    "document",
    "fields.bodyText",
    "fields.body",
];

const URL: &[&str] = &[
    "url",
    "link",
    "canonical_url",
    "thread.url",
    "permalink",
    "web_url",
    "webUrl",
    "article_url",
    "page_url",
    "DocumentIdentifier",
    "external_url",
    "warc_headers.warc-target-uri",
];

const SOURCE: &[&str] = &[
    "source",
    "source.domain",
    "source.uri",
    "source.url",
    "source.name",
    "source.title",
    "source.id",
    "site",
    "site.domain",
    "site.url",
    "site.name",
    "domain",
    "publisher",
    "publisher.domain",
    "publisher.url",
    "publisher.name",
    "sourceCommonName",
    "SourceCommonName",
    "source_domain",
    "source_url",
    "thread.site",
    "thread.site_full",
    "outlet",
    "publication",
    "source_name",
    "sitename",
    "hostname",
];

const PUBLISHED: &[&str] = &[
    "published",
    "published.$date",
    "date",
    "date.$date",
    "date_publish",
    "datePublished",
    "pubDate",
    "created_at",
    "created_at.$date",
    "timestamp",
    "thread.published",
    "publish_date",
    "published_at",
    "publishedAt",
    "published_date",
    "date_published",
    "publication_date",
    "pub_date",
    "pubdate",
    "webPublicationDate",
];
