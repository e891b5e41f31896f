// Generated from schemas/*.json by `npm run types`. Change the schemas, not this file.

/**
 * In the order they are shown.
 */
export type Service = ("home" | "news" | "meetings" | "meeting-room" | "discussion" | "projects" | "resources" | "inspiration" | "subscribe" | "unsubscribe" | "members" | "administration" | "tracking")
/**
 * Where the record is kept: a server (this one or another), or an import from a source.
 */
export type Origin = (Origin1 & {
server?: string
source?: string
sourceId?: string
sourceUrl?: string
/**
 * RFC 3339 time, in UTC when the server writes it.
 */
goneAt?: string
})
export type Origin1 = {

}

export interface Picture {
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
/**
 * Items: What gathers the group.
 */
type?: ("thematic" | "territorial" | "support")[]
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
/**
 * What gathers the group.
 */
type: ("thematic" | "territorial" | "support")
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
/**
 * Items: What gathers the group.
 */
type?: ("thematic" | "territorial" | "support")[]
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
/**
 * What gathers the group.
 */
type: ("thematic" | "territorial" | "support")
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
/**
 * Items: What gathers the group.
 */
type?: ("thematic" | "territorial" | "support")[]
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
/**
 * What gathers the group.
 */
type: ("thematic" | "territorial" | "support")
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
errors?: {
field: string
message: string
line?: number
}[]
}
/**
 * What a widget understands in its address: the site's choices under their plain names, a visitor's behind `my-`, and how it looks.
 */
export interface WidgetQuery {
/**
 * Words to look for.
 */
q?: string
/**
 * Items: What gathers the group.
 */
type?: ("thematic" | "territorial" | "support")[]
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
/**
 * Items: What gathers the group.
 */
"my-type"?: ("thematic" | "territorial" | "support")[]
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
