// Generated from schemas/*.json by `npm run types`. Change the schemas, not this file.

/**
 * What gathers the group.
 */
export type Type = ("thematic" | "territorial" | "support")
/**
 * In the order they are shown.
 */
export type Service = ("home" | "news" | "meetings" | "meeting-room" | "discussion" | "projects" | "resources" | "inspiration" | "subscribe" | "unsubscribe" | "members" | "administration" | "tracking")
/**
 * Where the record is kept: a server (this one or another), or an import from a source.
 */
export type Origin = (Origin1 & {
/**
 * People of the group look after the record where it is kept.
 */
claimed?: boolean
server?: string
/**
 * A list kept elsewhere, by the name that it was given here.
 */
source?: string
/**
 * One line of text, not blank.
 */
sourceId?: string
/**
 * An http or https address.
 */
sourceUrl?: string
/**
 * RFC 3339 time, in UTC when the server writes it.
 */
goneAt?: string
})
export type Origin1 = {

}

/**
 * What may be asked of the feed of changes: the whole, or a page or an index of it.
 */
export interface ChangesQuery {
/**
 * A keyword, folded: no accents, no capitals, words joined by hyphens.
 */
keyword?: string
/**
 * Changes by their numbers; counted from 1.
 */
page?: number
/**
 * 200 pages; counted from 1.
 */
index?: number
/**
 * Language of the interface.
 */
lang?: ("fr" | "en")
}
export interface Picture {
/**
 * Where a picture is: kept by this server, or on the web.
 */
url: string
width: number
height: number
alt: string
}
/**
 * The registered ecosystems, and the keywords most in use.
 */
export interface EcosystemList {
total: number
items: EcosystemRecord[]
keywords: EcosystemRecord[]
}
/**
 * An ecosystem as the server shows it.
 */
export interface EcosystemRecord {
/**
 * A keyword, folded: no accents, no capitals, words joined by hyphens.
 */
keyword: string
title: string
/**
 * One line of text, not blank.
 */
summary?: string
/**
 * Markdown; raw HTML is shown as text.
 */
presentation?: string
/**
 * The first is the language of the texts.
 * 
 * Items: BCP 47 language tag.
 */
languages?: string[]
charter?: {
version: number
conditions: string[]
}
policy?: ("open" | "curated")
/**
 * 2 to 40 lower-case letters, digits and single hyphens, beginning with a letter; the server's own addresses and the mailboxes of RFC 2142 are reserved.
 */
kernelGroup?: string
/**
 * What the ecosystem offers to its groups.
 */
tools?: Tool[]
/**
 * Addresses of other ecosystems, here or elsewhere.
 * 
 * Items: An http or https address.
 */
related?: string[]
headerColour?: string
accentColour?: string
mapView?: {
lat: number
lng: number
zoom: number
}
url: string
/**
 * False for a plain keyword in use.
 */
registered: boolean
/**
 * Groups listed, archived ones left out.
 */
groupCount: number
/**
 * RFC 3339 time, in UTC when the server writes it.
 */
createdAt?: string
/**
 * RFC 3339 time, in UTC when the server writes it.
 */
updatedAt?: string
}
export interface Tool {
service: Service
name: string
/**
 * An http or https address.
 */
url: string
}
/**
 * A registered ecosystem: the groups that carry its keyword and, if it is curated, were accepted.
 */
export interface Ecosystem {
/**
 * A keyword, folded: no accents, no capitals, words joined by hyphens.
 */
keyword: string
title: string
/**
 * One line of text, not blank.
 */
summary?: string
/**
 * Markdown; raw HTML is shown as text.
 */
presentation?: string
/**
 * The first is the language of the texts.
 * 
 * Items: BCP 47 language tag.
 */
languages?: string[]
charter?: {
version: number
conditions: string[]
}
policy: ("open" | "curated")
/**
 * 2 to 40 lower-case letters, digits and single hyphens, beginning with a letter; the server's own addresses and the mailboxes of RFC 2142 are reserved.
 */
kernelGroup?: string
/**
 * What the ecosystem offers to its groups.
 */
tools?: Tool[]
/**
 * Addresses of other ecosystems, here or elsewhere.
 * 
 * Items: An http or https address.
 */
related?: string[]
headerColour?: string
accentColour?: string
mapView?: {
lat: number
lng: number
zoom: number
}
}
/**
 * What the form that makes widgets is filled with: as a widget, except that `lang` is the language of the form.
 */
export interface GeneratorQuery {
/**
 * What the widget is.
 */
kind?: ("list" | "cards" | "map" | "count" | "group" | "neighbours")
/**
 * Words to look for.
 */
q?: string
type?: Type[]
activity?: ("preparing" | "active" | "archived" | "unknown" | "any")[]
keyword?: string[]
/**
 * Items: ISO 3166-1 alpha-2.
 */
country?: string[]
/**
 * Items: ISO 3166-2.
 */
region?: string[]
/**
 * Items: BCP 47 language tag.
 */
language?: string[]
/**
 * Where a group is kept: a server's host, or `here`.
 */
server?: string[]
/**
 * Only groups that look for people.
 */
wanted?: "1"
/**
 * West, south, east, north in degrees.
 */
bbox?: string
/**
 * Latitude, longitude in degrees.
 */
near?: string
/**
 * Kilometres around near; 50 unless said.
 */
radius?: number
sort?: ("relevance" | "name" | "updated" | "members" | "distance")
/**
 * What a visitor may choose; search unless said.
 */
controls?: ("none" | "search" | "facets" | "all")
/**
 * Groups on a page of the widget.
 */
limit?: number
/**
 * 2 to 40 lower-case letters, digits and single hyphens, beginning with a letter; the server's own addresses and the mailboxes of RFC 2142 are reserved.
 */
except?: string
/**
 * Language of the interface; the reader's unless said.
 */
"widget-lang"?: ("fr" | "en" | "auto")
/**
 * The reader's unless said.
 */
theme?: ("auto" | "light" | "dark")
/**
 * A colour as rrggbb, darkened or lightened where it could not be read.
 */
accent?: string
/**
 * A heading in place of the usual one; empty for none.
 */
heading?: string
/**
 * No heading at all.
 */
"no-heading"?: "1"
/**
 * Language of the interface.
 */
lang?: ("fr" | "en")
}
/**
 * A page of groups, with the choices that would narrow it.
 */
export interface GroupList {
total: number
/**
 * Groups left out because their position is not known precisely enough.
 */
omitted?: number
ecosystem?: EcosystemRecord
items: GroupRecord[]
facets: {
type: Choice[]
activity: Choice[]
keyword: Choice[]
country: Choice[]
region: Choice[]
language: Choice[]
/**
 * Absent where all groups are kept here.
 */
server?: Choice[]
}
next: (string | null)
}
/**
 * A group as the server shows it to everyone: what the group says of itself and what the server adds.
 */
export interface GroupRecord {
/**
 * A UUID in lower case.
 */
id: string
/**
 * The record's permanent address.
 */
iri: string
/**
 * The group's page.
 */
url: string
/**
 * The group's name.
 */
name: string
/**
 * One line of text, not blank.
 */
summary: string
type: Type
/**
 * 2 to 40 lower-case letters, digits and single hyphens, beginning with a letter; the server's own addresses and the mailboxes of RFC 2142 are reserved.
 */
shortName: string
/**
 * Markdown; raw HTML is shown as text.
 */
description?: string
/**
 * The first is the language of the texts.
 * 
 * Items: BCP 47 language tag.
 */
languages?: string[]
keywords?: Keyword[]
/**
 * Declared by the group; absent means not said.
 */
activity?: ("preparing" | "active" | "archived")
/**
 * ISO 3166-1 alpha-2.
 */
country?: string
/**
 * ISO 3166-2.
 */
region?: string
/**
 * One line of text, not blank.
 */
place?: string
position?: Position
memberCount?: number
/**
 * A day, YYYY-MM-DD.
 */
memberCountAt?: string
meets?: ("online" | "in-person" | "both")
nextMeeting?: Meeting
banner?: Picture
logo?: Picture
partners?: Partner[]
links?: Link[]
/**
 * Services kept for insiders that this group shows to everyone.
 */
publicServices?: ("administration" | "tracking")[]
roles?: Role[]
/**
 * Short steps for a newcomer.
 * 
 * Items: One line of text, not blank.
 */
welcome?: string[]
/**
 * 2 to 40 lower-case letters, digits and single hyphens, beginning with a letter; the server's own addresses and the mailboxes of RFC 2142 are reserved.
 */
parent?: string
/**
 * SPDX identifier of what the group publishes.
 */
licence?: string
/**
 * The registered ecosystems that list this group.
 */
ecosystems: Listing[]
origin: Origin
/**
 * Where the record was kept before, on other servers.
 */
formerly?: {
/**
 * Its permanent address there.
 */
iri: string
/**
 * What that server signed when it left: a compact JWS.
 */
forwarding: string
}[]
/**
 * RFC 3339 time, in UTC when the server writes it.
 */
createdAt: string
/**
 * RFC 3339 time, in UTC when the server writes it.
 */
updatedAt: string
/**
 * RFC 3339 time, in UTC when the server writes it.
 */
checkedAt?: string
/**
 * One more at each change.
 */
revision: number
}
export interface Keyword {
/**
 * A keyword, folded: no accents, no capitals, words joined by hyphens.
 */
slug: string
label: string
}
export interface Position {
lat: number
lng: number
precision: ("exact" | "place" | "region" | "country")
}
export interface Meeting {
/**
 * RFC 3339 time, in UTC when the server writes it.
 */
at: string
/**
 * An http or https address.
 */
url?: string
/**
 * One line of text, not blank.
 */
place?: string
}
export interface Partner {
name: string
/**
 * An http or https address.
 */
url?: string
logo?: Picture
}
export interface Link {
service: Service
/**
 * An address: https, http, mailto, xmpp, matrix, irc or ircs.
 */
url: string
label?: string
}
export interface Role {
role: ("leader" | "facilitator" | "project-holder" | "news" | "meetings" | "moderation" | "gathering")
/**
 * A name the person agreed to show.
 */
holder?: string
/**
 * A day, YYYY-MM-DD.
 */
since?: string
/**
 * The group looks for somebody.
 */
wanted: boolean
}
export interface Listing {
keyword: string
title: string
url: string
}
export interface Choice {
value: string
label: string
count: number
}
/**
 * The choices that pages, twins, widgets and the API understand, in the address.
 */
export interface GroupQuery {
/**
 * Words to look for.
 */
q?: string
type?: Type[]
activity?: ("preparing" | "active" | "archived" | "unknown" | "any")[]
keyword?: string[]
/**
 * Items: ISO 3166-1 alpha-2.
 */
country?: string[]
/**
 * Items: ISO 3166-2.
 */
region?: string[]
/**
 * Items: BCP 47 language tag.
 */
language?: string[]
/**
 * Where a group is kept: a server's host, or `here`.
 */
server?: string[]
/**
 * Only groups that look for people.
 */
wanted?: "1"
/**
 * West, south, east, north in degrees.
 */
bbox?: string
/**
 * Latitude, longitude in degrees.
 */
near?: string
/**
 * Kilometres around near; 50 unless said.
 */
radius?: number
sort?: ("relevance" | "name" | "updated" | "members" | "distance")
/**
 * Groups on a page; 24 unless said.
 */
size?: number
/**
 * Where the previous page ended.
 */
after?: string
/**
 * Language of the interface.
 */
lang?: ("fr" | "en")
}
/**
 * What a group says of itself: the record (la fiche), without what the server adds. An absent fact is an absent key.
 */
export interface Group {
/**
 * The group's name.
 */
name: string
/**
 * One line of text, not blank.
 */
summary: string
type: Type
/**
 * 2 to 40 lower-case letters, digits and single hyphens, beginning with a letter; the server's own addresses and the mailboxes of RFC 2142 are reserved.
 */
shortName: string
/**
 * Markdown; raw HTML is shown as text.
 */
description?: string
/**
 * The first is the language of the texts.
 * 
 * Items: BCP 47 language tag.
 */
languages?: string[]
keywords?: Keyword[]
/**
 * Declared by the group; absent means not said.
 */
activity?: ("preparing" | "active" | "archived")
/**
 * ISO 3166-1 alpha-2.
 */
country?: string
/**
 * ISO 3166-2.
 */
region?: string
/**
 * One line of text, not blank.
 */
place?: string
position?: Position
memberCount?: number
/**
 * A day, YYYY-MM-DD.
 */
memberCountAt?: string
meets?: ("online" | "in-person" | "both")
nextMeeting?: Meeting
banner?: Picture
logo?: Picture
partners?: Partner[]
links?: Link[]
/**
 * Services kept for insiders that this group shows to everyone.
 */
publicServices?: ("administration" | "tracking")[]
roles?: Role[]
/**
 * Short steps for a newcomer.
 * 
 * Items: One line of text, not blank.
 */
welcome?: string[]
/**
 * 2 to 40 lower-case letters, digits and single hyphens, beginning with a letter; the server's own addresses and the mailboxes of RFC 2142 are reserved.
 */
parent?: string
/**
 * SPDX identifier of what the group publishes.
 */
licence?: string
}
/**
 * Keywords in use, the most carried first.
 */
export interface KeywordList {
items: {
/**
 * A keyword, folded: no accents, no capitals, words joined by hyphens.
 */
slug: string
label: string
/**
 * Groups that carry it.
 */
count: number
}[]
}
/**
 * What may be asked about keywords in use.
 */
export interface KeywordQuery {
/**
 * How a word of the keyword begins.
 */
q?: string
/**
 * Language of the interface.
 */
lang?: ("fr" | "en")
}
/**
 * The choices of a list, and what is looked at on the map. Order and paging are accepted and change nothing.
 */
export interface MapQuery {
/**
 * Words to look for.
 */
q?: string
type?: Type[]
activity?: ("preparing" | "active" | "archived" | "unknown" | "any")[]
keyword?: string[]
/**
 * Items: ISO 3166-1 alpha-2.
 */
country?: string[]
/**
 * Items: ISO 3166-2.
 */
region?: string[]
/**
 * Items: BCP 47 language tag.
 */
language?: string[]
/**
 * Where a group is kept: a server's host, or `here`.
 */
server?: string[]
/**
 * Only groups that look for people.
 */
wanted?: "1"
/**
 * West, south, east, north in degrees.
 */
bbox?: string
/**
 * Latitude, longitude in degrees.
 */
near?: string
/**
 * Kilometres around near; 50 unless said.
 */
radius?: number
sort?: ("relevance" | "name" | "updated" | "members" | "distance")
/**
 * Groups on a page; 24 unless said.
 */
size?: number
/**
 * Where the previous page ended.
 */
after?: string
/**
 * West, south, east, north in degrees.
 */
view?: string
/**
 * Zoom of the usual web maps, 256 pixels at 0; 2 unless said.
 */
zoom?: number
/**
 * Latitude, longitude in degrees.
 */
at?: string
/**
 * Language of the interface.
 */
lang?: ("fr" | "en")
}
/**
 * What a map shows of the groups that match: marks in the view, from west to east.
 */
export interface MapView {
/**
 * Groups that match, wherever they are.
 */
total: number
/**
 * Those of them without a position.
 */
unplaced: number
/**
 * The same as a sentence, when there are some.
 */
note?: string
/**
 * West, south, east, north of all groups that match.
 */
bounds: (number[] | null)
marks: MapMark[]
}
export interface MapMark {
/**
 * One group; several on one spot; several that come apart nearer by; groups known no better than to a country, to a region; several of these.
 */
kind: ("group" | "spot" | "cluster" | "country" | "region" | "areas")
lat: number
lng: number
count: number
/**
 * What it is, in the reader's language.
 */
label: string
/**
 * West, south, east, north in degrees.
 */
bounds?: number[]
/**
 * Who they are, or the first of them. Left out of clusters, and where a view has too many spots to name anybody: ask for one with at.
 */
groups?: MapGroup[]
/**
 * The list of all of them, when there are more than are told.
 */
url?: string
}
export interface MapGroup {
shortName: string
name: string
/**
 * Of one group alone.
 */
summary?: string
type: Type
precision: ("exact" | "place" | "region" | "country")
/**
 * Of the group's own words; und when not said.
 */
lang: string
dir: ("ltr" | "rtl")
/**
 * Of one group alone, in the reader's language.
 */
place?: string
/**
 * Its page, from the root.
 */
url: string
/**
 * Of one group alone: the first way in.
 */
join?: {
url: string
service: string
}
}
/**
 * Our own wording of the rules that every profile keeps to (default-v2.1.0). Names of fields are checked besides: small letters, digits and underscores.
 */
export interface MurmurationsDefault {
/**
 * The schemas that it follows.
 * 
 * Items: Name and version of a schema.
 */
linked_schemas: string[]
/**
 * Name.
 */
name?: string
/**
 * An http or https address.
 */
primary_url?: string
/**
 * Town.
 */
locality?: string
/**
 * Region.
 */
region?: string
/**
 * Country.
 */
country_name?: string
/**
 * ISO 3166-1 alpha-2.
 */
country_iso_3166?: string
/**
 * Degrees.
 */
latitude?: number
/**
 * Degrees.
 */
longitude?: number
/**
 * Keywords.
 */
tags?: string[]
/**
 * Unix seconds.
 */
expires?: number
}
/**
 * What is wrong, as indexes say it.
 */
export interface MurmurationsErrors {
/**
 * One or more.
 */
errors: IndexError[]
meta?: IndexErrorMeta
}
/**
 * One thing that is wrong.
 */
export interface IndexError {
/**
 * As in HTTP.
 */
status: number
source?: IndexErrorSource
/**
 * What kind of thing is wrong; of profiles and parameters, always in English.
 */
title: string
/**
 * A sentence in the reader's language.
 */
detail: string
}
/**
 * What is at fault.
 */
export interface IndexErrorSource {
/**
 * A parameter of the address.
 */
parameter?: string
/**
 * Where in the profile.
 */
pointer?: string
}
/**
 * What was asked about.
 */
export interface IndexErrorMeta {
/**
 * Of the profile at fault.
 */
node_id?: string
/**
 * Its address.
 */
profile_url?: string
}
/**
 * Nodes in the order of their changes, those deleted too.
 */
export interface MurmurationsExport {
/**
 * Empty at the end.
 */
data: MurmurationsNode[]
meta?: ExportMeta
}
/**
 * A group as an index lists it: where its profile is, and what it is found by.
 */
export interface MurmurationsNode {
/**
 * Address of the profile.
 */
profile_url: string
/**
 * posted, or deleted (told for 14 days).
 */
status: string
/**
 * Unix seconds.
 */
last_updated: number
/**
 * The schemas that the profile follows.
 */
linked_schemas?: string[]
/**
 * Name.
 */
name?: string
/**
 * The home page, without scheme, www. and final slash.
 */
primary_url?: string
geolocation?: Geolocation
/**
 * Town.
 */
locality?: string
/**
 * Name of the region.
 */
region?: string
/**
 * ISO 3166-1 alpha-2.
 */
country?: string
/**
 * Keywords.
 */
tags?: string[]
}
/**
 * A point on the earth.
 */
export interface Geolocation {
/**
 * Degrees.
 */
lat: number
/**
 * Degrees.
 */
lon: number
}
/**
 * Where this page ends.
 */
export interface ExportMeta {
/**
 * What to give as search_after to go on from here, now or later.
 */
sort: (number | string)[]
}
/**
 * Which nodes, after which.
 */
export interface ExportQuestion {
/**
 * How the name of a linked schema begins.
 */
schema?: string
/**
 * Nodes at most: 100 unless said, 500 at most.
 */
page_size?: number
/**
 * Where the page before ended: last_updated, profile_url.
 */
search_after?: (number | string)[]
}
/**
 * Where nodes are: of those that have a position, longitude, latitude, address of the profile.
 */
export interface MurmurationsMap {
/**
 * The last changed first.
 */
data: (number | string)[][]
links: NodeLinks
meta: NodeCounts
}
/**
 * Whole addresses of other pages.
 */
export interface NodeLinks {
/**
 * The first page.
 */
first?: string
/**
 * The page before.
 */
prev?: string
/**
 * This page.
 */
self: string
/**
 * The page after; missing on the last.
 */
next?: string
/**
 * The last page.
 */
last?: string
}
/**
 * How many there are.
 */
export interface NodeCounts {
/**
 * Nodes on all pages.
 */
number_of_results: number
/**
 * Pages.
 */
total_pages: number
}
/**
 * A page of nodes.
 */
export interface MurmurationsNodes {
/**
 * The last changed first.
 */
data: MurmurationsNode[]
links: NodeLinks
meta: NodeCounts
}
/**
 * Our own wording of the rules that a profile following organizations_schema-v1.0.0 keeps to. Other fields are allowed.
 */
export interface MurmurationsOrganization {
/**
 * The schemas that it follows.
 * 
 * Items: Name and version of a schema.
 */
linked_schemas: string[]
/**
 * Name.
 */
name: string
/**
 * Another name.
 */
nickname?: string
/**
 * An identifier kept elsewhere.
 */
unique_id?: string
/**
 * What it is.
 */
description?: string
/**
 * What for.
 */
mission?: string
/**
 * Where it gets its post.
 */
full_address?: string
/**
 * Telephone.
 */
telephone?: string
/**
 * An http or https address.
 */
primary_url?: string
/**
 * An http or https address.
 */
image?: string
/**
 * An http or https address.
 */
header_image?: string
/**
 * An http or https address.
 */
rss?: string
/**
 * Keywords.
 */
tags?: string[]
/**
 * Addresses.
 */
urls?: {
name?: string
/**
 * An http or https address.
 */
url: string
}[]
/**
 * Pictures.
 */
images?: {
name?: string
/**
 * An http or https address.
 */
url: string
}[]
/**
 * How it goes.
 */
status?: ("active" | "completed" | "cancelled" | "on_hold" | "in_planning")
/**
 * ISO 3166-1 alpha-2.
 */
country_iso_3166?: string
/**
 * Where.
 */
geolocation?: {
/**
 * Degrees.
 */
lat: number
/**
 * Degrees.
 */
lon: number
}
/**
 * What it is to others.
 */
relationships?: {
/**
 * An http or https address.
 */
predicate_url: string
/**
 * An http or https address.
 */
object_url: string
}[]
/**
 * Unix seconds.
 */
starts_at?: number
/**
 * Unix seconds.
 */
ends_at?: number
/**
 * How to write.
 */
contact_details?: {
email?: string
/**
 * An http or https address.
 */
contact_form?: string
}
/**
 * How far it reaches.
 */
geographic_scope?: ("local" | "regional" | "national" | "international")
}
/**
 * A group of this server as a Murmurations profile; it follows organizations_schema-v1.0.0.
 */
export interface MurmurationsProfile {
/**
 * The schemas that it follows.
 */
linked_schemas: string[]
/**
 * Name.
 */
name: string
/**
 * Short name.
 */
nickname?: string
/**
 * The group's home page, else its page here.
 */
primary_url: string
/**
 * The identity of the record, which never changes.
 */
unique_id: string
/**
 * The summary, then the description as plain text.
 */
description?: string
/**
 * Activity, if it is known.
 */
status?: ("active" | "in_planning" | "completed")
/**
 * Keywords.
 */
tags?: string[]
/**
 * Public links.
 */
urls?: NamedAddress[]
/**
 * Logo.
 */
image?: string
/**
 * Banner.
 */
header_image?: string
/**
 * Place.
 */
locality?: string
/**
 * Name of the region.
 */
region?: string
/**
 * ISO 3166-1 alpha-2.
 */
country_iso_3166?: string
geolocation?: Geolocation
/**
 * The ecosystems that list the group.
 */
relationships?: Relationship[]
}
/**
 * An address and what it is called.
 */
export interface NamedAddress {
/**
 * What is there.
 */
name?: string
/**
 * Where.
 */
url: string
}
/**
 * What the profile is to something else.
 */
export interface Relationship {
/**
 * What this profile is to the other.
 */
predicate_url: string
/**
 * The other.
 */
object_url: string
}
/**
 * What the nodes of this index are chosen by, under the names that Murmurations gave.
 */
export interface MurmurationsQuery {
/**
 * How the name of a linked schema begins.
 */
schema?: string
/**
 * Unix seconds.
 */
last_updated?: number
/**
 * Degrees.
 */
lat?: number
/**
 * Degrees.
 */
lon?: number
/**
 * A distance: 25km, 15mi, 800m.
 */
range?: string
/**
 * A town, or a word of its name.
 */
locality?: string
/**
 * The name of a region in French or English, or its ISO 3166-2 code.
 */
region?: string
/**
 * ISO 3166-1 alpha-2.
 */
country?: string
/**
 * The state of a node; what is searched here is either posted or deleted.
 */
status?: ("received" | "validated" | "validation_failed" | "posted" | "post_failed" | "deleted")
/**
 * Keywords, with commas between them.
 */
tags?: string
/**
 * All of the tags, or one of them.
 */
tags_filter?: ("and" | "or")
/**
 * The tags as they are, or also longer ones that hold them.
 */
tags_exact?: ("true" | "false")
/**
 * The home page of the group.
 */
primary_url?: string
/**
 * Words of the name.
 */
name?: string
/**
 * Unix seconds.
 */
expires?: number
/**
 * From 1.
 */
page?: number
/**
 * Nodes on a page; a page of the list holds 500 at most.
 */
page_size?: number
}
/**
 * What became of a profile.
 */
export interface MurmurationsState {
data: NodeState
}
/**
 * A node and its state.
 */
export interface NodeState {
/**
 * SHA-256 of the profile's address, in hexadecimal.
 */
node_id: string
/**
 * Address of the profile.
 */
profile_url?: string
/**
 * received, validated (a person will look at it), posted or deleted.
 */
status?: string
/**
 * Unix seconds.
 */
last_updated?: number
}
/**
 * A profile to be looked at.
 */
export interface MurmurationsSubmission {
/**
 * Its address, http or https.
 */
profile_url: string
}
/**
 * The profile is as it should be.
 */
export interface MurmurationsVerdict {
meta: VerdictMeta
}
/**
 * What is said of the profile.
 */
export interface VerdictMeta {
/**
 * The same in a sentence.
 */
message: string
}
/**
 * The ecosystems here and on followed servers, and what links them: groups that several list, and who names whom. Nothing is declared from above.
 */
export interface Network {
total: number
items: {
/**
 * A keyword, folded: no accents, no capitals, words joined by hyphens.
 */
keyword: string
title: string
/**
 * What names it in links and bridges.
 */
url: string
/**
 * The server that keeps it, if it is another one.
 */
server?: string
/**
 * RFC 3339 time, in UTC when the server writes it.
 */
seenAt?: string
/**
 * Groups listed, as the server that keeps it counts them.
 */
groupCount: number
}[]
linkTotal: number
/**
 * Those with most groups in common first, 5,000 at most.
 */
links: {
one: string
other: string
/**
 * Groups known here that both list.
 */
sharedGroups: number
oneNamesOther: boolean
otherNamesOne: boolean
/**
 * True only if both say it.
 */
mutual: boolean
}[]
/**
 * The groups that are in most ecosystems, a dozen at most.
 */
bridges: {
name: string
url: string
ecosystems: string[]
}[]
}
/**
 * What oEmbed 1.0 asks with. Other parameters are ignored, as it wants.
 */
export interface OembedQuery {
/**
 * Address of the page to show.
 */
url: string
/**
 * json or xml; json unless said.
 */
format?: string
/**
 * Pixels.
 */
maxwidth?: number
/**
 * Pixels.
 */
maxheight?: number
/**
 * Language of the interface.
 */
lang?: ("fr" | "en")
}
/**
 * How another site may show a page of this one, by oEmbed 1.0.
 */
export interface Oembed {
type: "rich"
version: "1.0"
title: string
provider_name: string
provider_url: string
/**
 * Seconds.
 */
cache_age: number
/**
 * A frame, with a link in it.
 */
html: string
/**
 * Pixels.
 */
width: number
/**
 * Pixels.
 */
height: number
thumbnail_url?: string
thumbnail_width?: number
thumbnail_height?: number
}
/**
 * Places whose name begins like what was typed, best first.
 */
export interface PlaceList {
items: Place[]
}
export interface Place {
/**
 * In the language asked for, where it has a name in it.
 */
name: string
/**
 * ISO 3166-1 alpha-2.
 */
country: string
countryName: string
/**
 * ISO 3166-2.
 */
region?: string
lat: number
lng: number
precision: ("place" | "region")
/**
 * Placed by its neighbours, some kilometres off.
 */
approximate?: boolean
/**
 * Name, region and country as they are read.
 */
label: string
}
/**
 * What is asked of the list of places, in the address.
 */
export interface PlaceQuery {
/**
 * The beginning of a name, in any language.
 */
q?: string
/**
 * ISO 3166-1 alpha-2.
 */
country?: string
/**
 * Places at most; 8 unless said.
 */
limit?: number
/**
 * Language of the interface.
 */
lang?: ("fr" | "en")
}
/**
 * What a private export adds to a record, for backup and moving: never shown.
 */
export interface PrivateRecord {
/**
 * RFC 3339 time, in UTC when the server writes it.
 */
claimedAt?: string
/**
 * Short names the group had before; they redirect to it.
 * 
 * Items: 2 to 40 lower-case letters, digits and single hyphens, beginning with a letter; the server's own addresses and the mailboxes of RFC 2142 are reserved.
 */
formerNames?: string[]
/**
 * Where the group stands in registered ecosystems.
 */
listings?: Standing[]
}
export interface Standing {
/**
 * A keyword, folded: no accents, no capitals, words joined by hyphens.
 */
keyword: string
state: ("asked" | "accepted" | "declined" | "unlisted")
/**
 * RFC 3339 time, in UTC when the server writes it.
 */
at: string
}
/**
 * RFC 9457 problem details: the one shape of every error.
 */
export interface Problem {
type: string
title: string
status: number
detail?: string
/**
 * The request's id, to quote when asking for help.
 */
instance?: string
/**
 * Where a record is kept that left this server: its permanent address there.
 */
movedTo?: string
/**
 * What the server that it left signed when it did: a compact JWS, to be checked with that server's /.well-known/jwks.json.
 */
forwarding?: string
/**
 * Pages that exist, for who asked for one that does not: root-relative, or elsewhere.
 */
suggestions?: {
label: string
url: string
}[]
errors?: {
field: string
message: string
line?: number
}[]
}
/**
 * What WebFinger (RFC 7033) asks with. Other parameters are ignored, as it wants.
 */
export interface WebfingerQuery {
/**
 * A URI: acct:name@host, or the address of a page.
 */
resource: string
/**
 * Only links of these relations.
 */
rel?: string[]
/**
 * Language of the interface.
 */
lang?: ("fr" | "en")
}
/**
 * What may be asked of the copy of all groups: those of one keyword.
 */
export interface WholeCopyQuery {
/**
 * A keyword, folded: no accents, no capitals, words joined by hyphens.
 */
keyword?: string
/**
 * Language of the interface.
 */
lang?: ("fr" | "en")
}
/**
 * What a widget understands in its address: the site's choices under their plain names, a visitor's behind `my-`, and how it looks.
 */
export interface WidgetQuery {
/**
 * Words to look for.
 */
q?: string
type?: Type[]
activity?: ("preparing" | "active" | "archived" | "unknown" | "any")[]
keyword?: string[]
/**
 * Items: ISO 3166-1 alpha-2.
 */
country?: string[]
/**
 * Items: ISO 3166-2.
 */
region?: string[]
/**
 * Items: BCP 47 language tag.
 */
language?: string[]
/**
 * Where a group is kept: a server's host, or `here`.
 */
server?: string[]
/**
 * Only groups that look for people.
 */
wanted?: "1"
/**
 * West, south, east, north in degrees.
 */
bbox?: string
/**
 * Latitude, longitude in degrees.
 */
near?: string
/**
 * Kilometres around near; 50 unless said.
 */
radius?: number
sort?: ("relevance" | "name" | "updated" | "members" | "distance")
/**
 * Words to look for.
 */
"my-q"?: string
"my-type"?: Type[]
"my-activity"?: ("preparing" | "active" | "archived" | "unknown" | "any")[]
"my-keyword"?: string[]
/**
 * Items: ISO 3166-1 alpha-2.
 */
"my-country"?: string[]
/**
 * Items: ISO 3166-2.
 */
"my-region"?: string[]
/**
 * Items: BCP 47 language tag.
 */
"my-language"?: string[]
/**
 * Where a group is kept: a server's host, or `here`.
 */
"my-server"?: string[]
/**
 * Only groups that look for people.
 */
"my-wanted"?: "1"
/**
 * West, south, east, north in degrees.
 */
"my-bbox"?: string
/**
 * Latitude, longitude in degrees.
 */
"my-near"?: string
/**
 * Kilometres around near; 50 unless said.
 */
"my-radius"?: number
/**
 * Where the previous page ended.
 */
after?: string
/**
 * What a visitor may choose; search unless said.
 */
controls?: ("none" | "search" | "facets" | "all")
/**
 * Groups on a page of the widget.
 */
limit?: number
/**
 * 2 to 40 lower-case letters, digits and single hyphens, beginning with a letter; the server's own addresses and the mailboxes of RFC 2142 are reserved.
 */
except?: string
/**
 * Language of the interface; the reader's unless said.
 */
lang?: ("fr" | "en" | "auto")
/**
 * The reader's unless said.
 */
theme?: ("auto" | "light" | "dark")
/**
 * A colour as rrggbb, darkened or lightened where it could not be read.
 */
accent?: string
/**
 * A heading in place of the usual one; empty for none.
 */
heading?: string
}
