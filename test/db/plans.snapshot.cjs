/* IMPORTANT
 * This snapshot file is auto-generated, but designed for humans.
 * It should be checked into source control and tracked carefully.
 * Re-generate by setting TAP_SNAPSHOT=1 and running tests.
 * Make sure to inspect the output below.  Do not ignore changes!
 */
'use strict'
exports[`test/db/plans.test.ts > TAP > plans of hot queries (postgres) > postgres 1`] = `
## change numbers
Seq Scan on counter
  Disabled: true

## a group by short name
Index Scan using group_record_short_name_key on group_record
  Index Cond: (short_name = 'anim-fr'::text)

## a group by id
Index Scan using group_record_id_key on group_record
  Index Cond: (id = 'x'::text)

## who has a short name
Nested Loop Left Join
  Join Filter: (tombstone.group_id = short_name.group_id)
  ->  Nested Loop Left Join
        ->  Index Scan using short_name_pkey on short_name
              Index Cond: (name = 'anim-fr'::text)
        ->  Index Scan using group_record_id_key on group_record
              Index Cond: (id = short_name.group_id)
  ->  Index Scan using tombstone_pkey on tombstone

## who has these short names
Bitmap Heap Scan on short_name
  Recheck Cond: (name = ANY ('{a,b}'::text[]))
  ->  Bitmap Index Scan on short_name_pkey
        Index Cond: (name = ANY ('{a,b}'::text[]))

## a deleted group
Index Scan using tombstone_pkey on tombstone
  Index Cond: (group_id = 'x'::text)

## the groups of a page
Index Scan using group_record_pkey on group_record
  Index Cond: (num = ANY ('{1,2,3}'::integer[]))

## groups born in a group
Limit
  ->  Sort
        Sort Key: sort_key
        ->  Index Scan using group_record_parent on group_record
              Index Cond: (parent = 'cyou1'::text)

## an ecosystem
Index Scan using ecosystem_pkey on ecosystem
  Index Cond: (keyword = 'cyou'::text)

## groups changed since
Limit
  ->  Index Scan using group_record_change on group_record
        Index Cond: ((change_seq > 100) AND (change_seq <= 120))

## groups gone since
Index Scan using tombstone_change on tombstone
  Index Cond: (change_seq > 100)

## words of groups changed since
Hash Join
  Hash Cond: (group_words.num = group_record.num)
  ->  Index Scan using group_words_pkey on group_words
  ->  Hash
        ->  Index Scan using group_record_change on group_record
              Index Cond: (change_seq > 100)

## terms by number
Index Scan using word_pkey on word
  Index Cond: (id = ANY ('{1,2,3}'::integer[]))

## how far the feed goes
Index Scan using counter_pkey on counter
  Index Cond: (name = 'change'::text)

## how far the feed goes
Limit
  ->  Index Scan Backward using change_log_pkey on change_log
        Index Cond: (seq <= 0)
        Filter: (local = 1)

## times of the pages of the feed
Index Scan using change_log_pkey on change_log
  Index Cond: (seq = ANY ('{1,251}'::integer[]))

## times of the pages of the feed
Limit
  ->  Index Scan using change_log_pkey on change_log
        Index Cond: (seq > 1)

## times of the pages of the feed
Limit
  ->  Index Scan using change_log_pkey on change_log
        Index Cond: (seq > 251)

## a page of the feed
Index Scan using change_log_pkey on change_log
  Index Cond: ((seq >= 1) AND (seq <= 250))
  Filter: (local = 1)

## a page of the feed of a keyword
Index Scan using change_log_pkey on change_log
  Index Cond: ((seq >= 1) AND (seq <= 1000))
  Filter: ((keywords ~~ '%|balise|%'::text) AND (local = 1))

## own groups, to copy them
Limit
  ->  Index Scan using group_record_pkey on group_record
        Index Cond: (num > 0)
        Filter: ((origin_server IS NULL) AND (keywords ~~ '%"slug":"balise"%'::text))

## how many groups are our own
Aggregate
  ->  Bitmap Heap Scan on group_record
        Recheck Cond: (origin_server IS NULL)
        ->  Bitmap Index Scan on group_record_origin
              Index Cond: (origin_server IS NULL)

## own groups changed since, for the index
Limit
  ->  Merge Join
        Merge Cond: (group_record.change_seq = change_log.seq)
        ->  Index Scan using group_record_change on group_record
              Index Cond: (change_seq > 100)
              Filter: (origin_server IS NULL)
        ->  Index Scan using change_log_pkey on change_log
              Index Cond: ((seq > 100) AND (seq <= 120))
              Filter: (local = 1)

## own groups deleted since, for the index
Nested Loop
  ->  Index Scan using tombstone_change on tombstone
        Index Cond: ((change_seq > 100) AND (change_seq <= 120))
        Filter: (deleted_at >= '2026-11-21T12:00:00.000Z'::text)
  ->  Index Scan using change_log_local on change_log
        Index Cond: ((local = 1) AND (seq = tombstone.change_seq))
        Filter: (kind = 'delete'::text)

## copies that nobody saw for long
Unique
  ->  Nested Loop
        Join Filter: (remote_item.group_id = group_record.id)
        ->  Index Scan using remote_item_group on remote_item
              Filter: (seen_at < '2026-11-21T12:00:00.000Z'::text)
        ->  Index Scan using group_record_origin on group_record
              Index Cond: (origin_server IS NOT NULL)

## whether any group came from elsewhere
Limit
  ->  Bitmap Heap Scan on group_record
        Recheck Cond: ((origin_server > ''::text) OR (source > ''::text))
        ->  BitmapOr
              ->  Bitmap Index Scan on group_record_origin
                    Index Cond: (origin_server > ''::text)
              ->  Bitmap Index Scan on group_record_source
                    Index Cond: (source > ''::text)

## pictures shown by some groups
Index Scan using group_record_pkey on group_record
  Index Cond: ((num > 0) AND (num <= 100))
  Filter: ((banner ~~ '%/uploads/%'::text) OR (logo ~~ '%/uploads/%'::text) OR (partners ~~ '%/uploads/%'::text))

## the last number
Result
  InitPlan 1
    ->  Limit
          ->  Index Only Scan Backward using group_record_pkey on group_record

## former names of groups changed since
Nested Loop
  ->  Index Scan using group_record_change on group_record
        Index Cond: ((change_seq > 100) AND (change_seq <= 120))
        Filter: (COALESCE(origin_server, ''::text) = ''::text)
  ->  Index Scan using short_name_group on short_name former
        Index Cond: (group_id = group_record.id)
        Filter: (name <> group_record.short_name)
  SubPlan 1
    ->  Aggregate
          ->  Index Scan using short_name_group on short_name taken
                Index Cond: (group_id = group_record.id)

## load of the catalogue
Limit
  ->  Index Scan using group_record_change on group_record
        Index Cond: ((change_seq > 0) AND (change_seq <= 1000))

## accepted groups
Nested Loop
  ->  Index Scan using ecosystem_listing_group on ecosystem_listing
        Filter: (state = 'accepted'::text)
  ->  Index Scan using group_record_id_key on group_record
        Index Cond: (id = ecosystem_listing.group_id)

## load of the words
Limit
  ->  Index Scan using group_words_pkey on group_words
        Index Cond: (num > 0)

## load of the terms
Seq Scan on word
  Disabled: true

`

exports[`test/db/plans.test.ts > TAP > plans of hot queries (sqlite) > sqlite 1`] = `
## change numbers
SCAN counter

## a group by short name
SEARCH group_record USING INDEX sqlite_autoindex_group_record_2 (short_name=?)

## a group by id
SEARCH group_record USING INDEX sqlite_autoindex_group_record_1 (id=?)

## who has a short name
SEARCH short_name USING INDEX sqlite_autoindex_short_name_1 (name=?)
SEARCH group_record USING INDEX sqlite_autoindex_group_record_1 (id=?) LEFT-JOIN
SEARCH tombstone USING INDEX sqlite_autoindex_tombstone_1 (group_id=?) LEFT-JOIN

## who has these short names
SEARCH short_name USING INDEX sqlite_autoindex_short_name_1 (name=?)

## a deleted group
SEARCH tombstone USING INDEX sqlite_autoindex_tombstone_1 (group_id=?)

## the groups of a page
SEARCH group_record USING INTEGER PRIMARY KEY (rowid=?)

## groups born in a group
SEARCH group_record USING INDEX group_record_parent (parent=?)
USE TEMP B-TREE FOR ORDER BY

## an ecosystem
SEARCH ecosystem USING INDEX sqlite_autoindex_ecosystem_1 (keyword=?)

## groups changed since
SEARCH group_record USING COVERING INDEX group_record_change (change_seq>? AND change_seq<?)

## groups gone since
SEARCH tombstone USING INDEX tombstone_change (change_seq>?)

## words of groups changed since
SEARCH group_record USING COVERING INDEX group_record_change (change_seq>?)
SEARCH group_words USING INTEGER PRIMARY KEY (rowid=?)

## terms by number
SEARCH word USING INTEGER PRIMARY KEY (rowid=?)

## how far the feed goes
SEARCH counter USING INDEX sqlite_autoindex_counter_1 (name=?)

## how far the feed goes
SEARCH change_log USING INDEX change_log_local (local=? AND seq<?)

## times of the pages of the feed
SEARCH change_log USING INTEGER PRIMARY KEY (rowid=?)

## times of the pages of the feed
SEARCH change_log USING INTEGER PRIMARY KEY (rowid>?)

## times of the pages of the feed
SEARCH change_log USING INTEGER PRIMARY KEY (rowid>?)

## a page of the feed
SEARCH change_log USING INDEX change_log_local (local=? AND seq>? AND seq<?)

## a page of the feed of a keyword
SEARCH change_log USING INDEX change_log_local (local=? AND seq>? AND seq<?)

## own groups, to copy them
SEARCH group_record USING INDEX group_record_origin (origin_server=? AND num>?)

## how many groups are our own
SEARCH group_record USING COVERING INDEX group_record_origin (origin_server=?)

## own groups changed since, for the index
SEARCH change_log USING INDEX change_log_local (local=? AND seq>? AND seq<?)
SEARCH group_record USING INDEX group_record_change (change_seq=?)

## own groups deleted since, for the index
SEARCH change_log USING INDEX change_log_local (local=? AND seq>? AND seq<?)
SEARCH tombstone USING INDEX tombstone_change (change_seq=?)

## copies that nobody saw for long
SEARCH remote_item USING INDEX remote_item_seen (seen_at<?)
SEARCH group_record USING INDEX sqlite_autoindex_group_record_1 (id=?)
USE TEMP B-TREE FOR DISTINCT

## whether any group came from elsewhere
MULTI-INDEX OR
INDEX 1
SEARCH group_record USING INDEX group_record_origin (origin_server>?)
INDEX 2
SEARCH group_record USING INDEX group_record_source (source>?)

## pictures shown by some groups
SEARCH group_record USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)

## the last number
SEARCH group_record

## former names of groups changed since
SEARCH group_record USING INDEX group_record_change (change_seq>? AND change_seq<?)
SEARCH former USING INDEX short_name_group (group_id=?)
CORRELATED SCALAR SUBQUERY 1
SEARCH taken USING INDEX short_name_group (group_id=?)

## load of the catalogue
SEARCH group_record USING COVERING INDEX group_record_change (change_seq>? AND change_seq<?)

## accepted groups
SCAN ecosystem_listing
SEARCH group_record USING COVERING INDEX sqlite_autoindex_group_record_1 (id=?)

## load of the words
SEARCH group_words USING INTEGER PRIMARY KEY (rowid>?)

## load of the terms
SCAN word

`
