-- :name schema
CREATE TABLE IF NOT EXISTS meta (
        one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
        format BIGINT NOT NULL,
        version BIGINT NOT NULL,
        published_at BIGINT NOT NULL,
        renewed_at BIGINT NOT NULL,
        lease_ms BIGINT NOT NULL
);
CREATE TABLE IF NOT EXISTS item (
        id TEXT NOT NULL PRIMARY KEY,
        kind BIGINT NOT NULL,
        grp TEXT NOT NULL,
        place BIGINT NOT NULL,
        written_at BIGINT NOT NULL,
        language TEXT NOT NULL,
        head TEXT NOT NULL,
        named TEXT,
        excerpt TEXT,
        excerpt_is_text BIGINT NOT NULL,
        tail TEXT NOT NULL,
        tags TEXT NOT NULL,
        verification TEXT,
        doc BIGINT NOT NULL,
        illustrated BIGINT NOT NULL,
        facets TEXT NOT NULL,
        terms TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS item_grp ON item (grp, kind, place, id);
CREATE UNIQUE INDEX IF NOT EXISTS item_doc ON item (doc);
CREATE TABLE IF NOT EXISTS posting (
        term TEXT NOT NULL,
        first BIGINT NOT NULL,
        docs /*sqlite: BLOB */ /*pg: BYTEA */ NOT NULL,
        PRIMARY KEY (term, first)
) /*sqlite: WITHOUT ROWID */;
CREATE TABLE IF NOT EXISTS translation (
        item TEXT NOT NULL,
        language TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (item, language)
) /*sqlite: WITHOUT ROWID */;
CREATE TABLE IF NOT EXISTS segment (
        product TEXT NOT NULL,
        channel TEXT NOT NULL,
        kind BIGINT NOT NULL,
        written_at BIGINT NOT NULL,
        item TEXT NOT NULL,
        nr BIGINT NOT NULL,
        languages TEXT NOT NULL,
        edits BIGINT NOT NULL,
        named BIGINT NOT NULL,
        from_ms BIGINT NOT NULL,
        until_ms BIGINT NOT NULL,
        territories /*sqlite: BLOB */ /*pg: BYTEA */ NOT NULL,
        duties TEXT NOT NULL,
        PRIMARY KEY (product, channel, kind, written_at, item, nr)
) /*sqlite: WITHOUT ROWID */;
CREATE INDEX IF NOT EXISTS segment_item ON segment (item, channel, from_ms, until_ms);
CREATE TABLE IF NOT EXISTS picture (
        item TEXT NOT NULL,
        channel TEXT NOT NULL,
        cropped BIGINT NOT NULL,
        size TEXT NOT NULL,
        sources TEXT NOT NULL,
        placements TEXT NOT NULL,
        PRIMARY KEY (item, channel, cropped)
) /*sqlite: WITHOUT ROWID */;
CREATE TABLE IF NOT EXISTS rendition (
        media_key TEXT NOT NULL,
        name TEXT NOT NULL,
        item TEXT NOT NULL,
        channel TEXT NOT NULL,
        cropped BIGINT NOT NULL,
        asset TEXT NOT NULL,
        type TEXT NOT NULL,
        bytes BIGINT NOT NULL,
        PRIMARY KEY (media_key, name)
) /*sqlite: WITHOUT ROWID */;
CREATE INDEX IF NOT EXISTS rendition_item ON rendition (item);
CREATE TABLE IF NOT EXISTS owner (
        item TEXT NOT NULL PRIMARY KEY,
        owner TEXT NOT NULL
) /*sqlite: WITHOUT ROWID */;
CREATE INDEX IF NOT EXISTS owner_items ON owner (owner, item);
CREATE TABLE IF NOT EXISTS summary (
        product TEXT NOT NULL PRIMARY KEY,
        reviews BIGINT NOT NULL,
        average DOUBLE PRECISION NOT NULL,
        stars1 BIGINT NOT NULL,
        stars2 BIGINT NOT NULL,
        stars3 BIGINT NOT NULL,
        stars4 BIGINT NOT NULL,
        stars5 BIGINT NOT NULL
) /*sqlite: WITHOUT ROWID */;
CREATE TABLE IF NOT EXISTS front (
        product TEXT NOT NULL PRIMARY KEY,
        written_at BIGINT NOT NULL,
        item TEXT NOT NULL,
        whole BIGINT NOT NULL,
        items /*sqlite: BLOB */ /*pg: BYTEA */ NOT NULL
);
CREATE TABLE IF NOT EXISTS packed (
        product TEXT NOT NULL,
        digest /*sqlite: BLOB */ /*pg: BYTEA */ NOT NULL,
        size BIGINT NOT NULL,
        crc BIGINT NOT NULL,
        checked BIGINT NOT NULL,
        deflated /*sqlite: BLOB */ /*pg: BYTEA */ NOT NULL,
        PRIMARY KEY (product, digest)
);
CREATE TABLE IF NOT EXISTS unpacked (
        product TEXT NOT NULL PRIMARY KEY
) /*sqlite: WITHOUT ROWID */;
CREATE TABLE IF NOT EXISTS packing (
        one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
        languages TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS bundle (
        name TEXT NOT NULL PRIMARY KEY,
        version BIGINT NOT NULL,
        title TEXT NOT NULL,
        channels TEXT NOT NULL,
        placements TEXT NOT NULL,
        mark TEXT NOT NULL,
        territories /*sqlite: BLOB */ /*pg: BYTEA */ NOT NULL,
        from_ms BIGINT NOT NULL,
        until_ms BIGINT NOT NULL
) /*sqlite: WITHOUT ROWID */;
CREATE TABLE IF NOT EXISTS bundle_item (
        bundle TEXT NOT NULL,
        place BIGINT NOT NULL,
        item TEXT NOT NULL,
        product TEXT NOT NULL,
        PRIMARY KEY (bundle, place)
) /*sqlite: WITHOUT ROWID */;
CREATE INDEX IF NOT EXISTS bundle_item_item ON bundle_item (item, bundle);
CREATE TABLE IF NOT EXISTS email (
        bundle TEXT NOT NULL,
        item TEXT NOT NULL,
        language TEXT NOT NULL,
        preset TEXT NOT NULL,
        from_ms BIGINT NOT NULL,
        until_ms BIGINT NOT NULL,
        mark TEXT NOT NULL,
        width BIGINT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (bundle, item, language, preset, from_ms)
) /*sqlite: WITHOUT ROWID */;
CREATE INDEX IF NOT EXISTS email_item ON email (item);
CREATE TABLE IF NOT EXISTS slot (
        slot TEXT NOT NULL PRIMARY KEY,
        item TEXT NOT NULL,
        name TEXT NOT NULL,
        territories /*sqlite: BLOB */ /*pg: BYTEA */ NOT NULL
) /*sqlite: WITHOUT ROWID */;
CREATE INDEX IF NOT EXISTS slot_item ON slot (item);
INSERT INTO meta (one, format, version, published_at, renewed_at, lease_ms) VALUES (1, 8, 0, 0, 0, 0) ON CONFLICT DO NOTHING;
INSERT INTO packing (one, languages) VALUES (1, '') ON CONFLICT DO NOTHING;

-- :name format
SELECT format FROM meta WHERE one = 1

-- :name drop
DROP TABLE IF EXISTS meta;
DROP TABLE IF EXISTS item;
DROP TABLE IF EXISTS posting;
DROP TABLE IF EXISTS translation;
DROP TABLE IF EXISTS segment;
DROP TABLE IF EXISTS picture;
DROP TABLE IF EXISTS rendition;
DROP TABLE IF EXISTS owner;
DROP TABLE IF EXISTS summary;
DROP TABLE IF EXISTS front;
DROP TABLE IF EXISTS packed;
DROP TABLE IF EXISTS unpacked;
DROP TABLE IF EXISTS packing;
DROP TABLE IF EXISTS bundle;
DROP TABLE IF EXISTS bundle_item;
DROP TABLE IF EXISTS email;
DROP TABLE IF EXISTS slot;

-- :name meta
SELECT format, version, published_at, renewed_at, lease_ms FROM meta WHERE one = 1

-- :name published
UPDATE meta SET version = version + 1, published_at = CASE WHEN published_at > $1 THEN published_at ELSE $1 END WHERE one = 1

-- :name renew_lease
UPDATE meta SET renewed_at = $1, lease_ms = $2 WHERE one = 1

-- :name set_format
UPDATE meta SET format = $1, version = version + 1 WHERE one = 1

-- :name put_item
INSERT INTO item (id, kind, grp, place, written_at, language, head, named, excerpt, excerpt_is_text, tail, tags, verification, doc,
        illustrated, facets, terms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, $15, $16)

-- :name put_translation
INSERT INTO translation (item, language, body) VALUES ($1, $2, $3)

-- :name put_segment
INSERT INTO segment (product, channel, kind, written_at, item, nr, languages, edits, named, from_ms, until_ms, territories, duties)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)

-- :name put_owner
INSERT INTO owner (item, owner) VALUES ($1, $2)

-- :name put_picture
INSERT INTO picture (item, channel, cropped, size, sources, placements) VALUES ($1, $2, $3, $4, $5, $6)

-- :name put_rendition
INSERT INTO rendition (media_key, name, item, channel, cropped, asset, type, bytes) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- :name remove_item
DELETE FROM item WHERE id = $1
-- :name remove_translations
DELETE FROM translation WHERE item = $1
-- :name expired_items
SELECT DISTINCT item FROM segment WHERE until_ms <= $1
-- :name remove_segments
DELETE FROM segment WHERE item = $1
-- :name remove_pictures
DELETE FROM picture WHERE item = $1
-- :name remove_owner
DELETE FROM owner WHERE item = $1
-- :name remove_renditions
DELETE FROM rendition WHERE item = $1
-- :name remove_slots
DELETE FROM slot WHERE item = $1
-- :name remove_emails
DELETE FROM email WHERE item = $1
-- :name remove_from_bundles
DELETE FROM bundle_item WHERE item = $1

-- :name put_posting
INSERT INTO posting (term, first, docs) VALUES ($1, $2, $3) ON CONFLICT (term, first) DO UPDATE SET docs = excluded.docs
-- :name remove_posting
DELETE FROM posting WHERE term = $1 AND first = $2
-- :name posting_below
SELECT first, docs FROM posting WHERE term = $1 AND first <= $2 ORDER BY first DESC LIMIT 1
-- :name posting_above
SELECT first, docs FROM posting WHERE term = $1 AND first > $2 ORDER BY first LIMIT 1
-- :name document
SELECT doc, illustrated, facets, terms, grp, kind FROM item WHERE id = $1
-- :name last_document
SELECT coalesce(max(doc), -1) FROM item WHERE doc >= $1 AND doc < $2
-- :name group_documents
SELECT i.id, i.doc, i.illustrated,
        CASE WHEN EXISTS (SELECT 1 FROM item p JOIN picture t ON t.item = p.id WHERE p.grp = i.grp AND p.kind = 1) THEN 1 ELSE 0 END
FROM item i WHERE i.grp = $1 AND i.kind = 0
-- :name set_illustrated
UPDATE item SET illustrated = $2 WHERE id = $1
-- :name found_item
SELECT id, kind, written_at, terms, facets FROM item WHERE doc = $1
-- :name counted_item
SELECT id, terms, language, facets FROM item WHERE doc = $1
-- :name segments_everywhere
SELECT item, written_at, languages, edits, named, from_ms, until_ms, territories, duties, product FROM segment
WHERE item = $1 AND channel = $2 ORDER BY product

-- :name clear_posting
DELETE FROM posting
-- :name clear_item
DELETE FROM item
-- :name clear_translation
DELETE FROM translation
-- :name clear_segment
DELETE FROM segment
-- :name clear_picture
DELETE FROM picture
-- :name clear_rendition
DELETE FROM rendition
-- :name clear_front
DELETE FROM front
-- :name clear_packed
DELETE FROM packed
-- :name clear_unpacked
DELETE FROM unpacked
-- :name clear_owner
DELETE FROM owner
-- :name clear_summary
DELETE FROM summary
-- :name clear_bundle
DELETE FROM bundle
-- :name clear_bundle_item
DELETE FROM bundle_item
-- :name clear_email
DELETE FROM email
-- :name clear_slot
DELETE FROM slot

-- :name remove_summary
DELETE FROM summary WHERE product = $1

-- :name put_summary
INSERT INTO summary (product, reviews, average, stars1, stars2, stars3, stars4, stars5) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- :name put_front
INSERT INTO front (product, written_at, item, whole, items) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (product) DO UPDATE SET written_at = excluded.written_at, item = excluded.item, whole = excluded.whole, items = excluded.items
-- :name remove_front
DELETE FROM front WHERE product = $1
-- :name front
SELECT written_at, item, whole, items FROM front WHERE product = $1
-- :name front_row
SELECT rowid FROM front WHERE product = $1
-- :name next_product
SELECT min(product) FROM (SELECT min(product) AS product FROM segment WHERE product > $1
        UNION ALL SELECT min(product) FROM summary WHERE product > $1
        UNION ALL SELECT min(product) FROM front WHERE product > $1
        UNION ALL SELECT min(product) FROM packed WHERE product > $1) AS next

-- :name packing
SELECT languages FROM packing WHERE one = 1
-- :name set_packing
UPDATE packing SET languages = $1 WHERE one = 1
-- :name put_packed
INSERT INTO packed (product, digest, size, crc, checked, deflated) VALUES ($1, $2, $3, $4, $5, $6)
-- :name remove_packed
DELETE FROM packed WHERE product = $1
-- :name packed
SELECT size, crc, checked, deflated FROM packed WHERE product = $1 AND digest = $2
-- :name count_packed
SELECT count(*) FROM packed WHERE product = $1
-- :name put_unpacked
INSERT INTO unpacked (product) VALUES ($1) ON CONFLICT DO NOTHING
-- :name remove_unpacked
DELETE FROM unpacked WHERE product = $1
-- :name count_unpacked
SELECT count(*) FROM unpacked WHERE product = $1
-- :name some_unpacked
SELECT product FROM unpacked ORDER BY product LIMIT 8

-- :name remove_bundle
DELETE FROM bundle WHERE name = $1

-- :name remove_bundle_items
DELETE FROM bundle_item WHERE bundle = $1

-- :name put_bundle
INSERT INTO bundle (name, version, title, channels, territories, from_ms, until_ms, placements, mark) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- :name remove_bundle_emails
DELETE FROM email WHERE bundle = $1 AND (mark <> $2 OR item NOT IN (SELECT item FROM bundle_item WHERE bundle = $1))

-- :name put_email
INSERT INTO email (bundle, item, language, preset, from_ms, until_ms, mark, width, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- :name put_slot
INSERT INTO slot (slot, item, name, territories) VALUES ($1, $2, $3, $4)

-- :name put_bundle_item
INSERT INTO bundle_item (bundle, place, item, product) VALUES ($1, $2, $3, $4)

-- :name has_item
SELECT 1 FROM item WHERE id = $1

-- :name shown_item
SELECT head, named, excerpt, tail, tags, verification FROM item WHERE id = $1
-- :name shown_segments
SELECT product, channel, languages, CAST(edits AS TEXT), CAST(named AS TEXT), CAST(CASE WHEN from_ms <= $2 THEN 0 ELSE from_ms END AS TEXT),
        CAST(until_ms AS TEXT), territories, duties
FROM segment WHERE item = $1 AND until_ms > $2 ORDER BY product, channel, languages, edits, named, from_ms, until_ms, territories, duties
-- :name shown_pictures
SELECT channel, CAST(cropped AS TEXT), size, sources, placements FROM picture WHERE item = $1 ORDER BY channel, cropped
-- :name shown_renditions
SELECT media_key, name, channel, asset FROM rendition WHERE item = $1 ORDER BY media_key, name
-- :name shown_translations
SELECT language, body FROM translation WHERE item = $1 ORDER BY language
-- :name shown_media
SELECT media_key || '/' || name FROM rendition WHERE item = $1 ORDER BY media_key, name
-- :name shown_bundles
SELECT DISTINCT bundle FROM bundle_item WHERE item = $1 ORDER BY bundle

-- :name list_items
SELECT id FROM item ORDER BY id

-- :name segments_of_product
SELECT item, written_at, languages, edits, named, from_ms, until_ms, territories, duties FROM segment
WHERE product = $1 AND channel = $2 AND kind = $3 AND (written_at, item) < ($4, $5)
ORDER BY written_at DESC, item DESC

-- :name lists_of_item
SELECT DISTINCT product, kind, written_at FROM segment WHERE item = $1 AND channel = $2 ORDER BY product

-- :name segments_of_item
SELECT item, written_at, languages, edits, named, from_ms, until_ms, territories, duties FROM segment
WHERE product = $1 AND channel = $2 AND kind = $3 AND written_at = $4 AND item = $5

-- :name item
SELECT kind, grp, written_at, head, named, excerpt, excerpt_is_text, tail, tags, verification, language FROM item WHERE id = $1

-- :name translations
SELECT language, body FROM translation WHERE item = $1

-- :name photos_of_group
SELECT id, written_at FROM item WHERE grp = $1 AND kind = 1 ORDER BY place, id

-- :name pictures
SELECT cropped, size, sources, placements FROM picture WHERE item = $1 AND channel = $2 ORDER BY cropped

-- :name media
SELECT r.asset, r.type, r.bytes, MAX(s.until_ms), r.item FROM rendition r
JOIN segment s ON s.item = r.item AND s.channel = r.channel AND (s.edits & (r.cropped + 1)) <> 0 AND s.from_ms <= $3 AND s.until_ms > $3
WHERE r.media_key = $1 AND r.name = $2
GROUP BY r.asset, r.type, r.bytes, r.item

-- :name owner_of
SELECT owner FROM owner WHERE item = $1

-- :name owned
SELECT i.id, i.kind, i.written_at, i.language, i.head, (SELECT min(r.media_key || '/' || r.name) FROM rendition r WHERE r.item = i.id)
FROM owner o JOIN item i ON i.id = o.item WHERE o.owner = $1 ORDER BY i.written_at DESC, i.kind, i.id

-- :name owned_places
SELECT product, channel, territories, max(until_ms) FROM segment WHERE item = $1 AND until_ms > $2
GROUP BY product, channel, territories ORDER BY channel, product, max(until_ms)

-- :name summary
SELECT reviews, average, stars1, stars2, stars3, stars4, stars5 FROM summary WHERE product = $1

-- :name bundle
SELECT version, title, channels, territories, from_ms, until_ms FROM bundle WHERE name = $1

-- :name email_head
SELECT version, title, channels, from_ms, until_ms, placements FROM bundle WHERE name = $1

-- :name emails
SELECT b.item, e.until_ms, e.width, e.body FROM bundle_item b
JOIN bundle o ON o.name = b.bundle
JOIN email e ON e.bundle = b.bundle AND e.item = b.item AND e.language = $2 AND e.preset = $3 AND e.from_ms <= $4 AND e.until_ms > $4 AND e.mark = o.mark
WHERE b.bundle = $1 ORDER BY b.place

-- :name slot
SELECT t.item, t.territories, r.asset, r.type, r.bytes, r.cropped FROM slot t
JOIN rendition r ON r.item = t.item AND r.channel = 'email' AND r.name = t.name
WHERE t.slot = $1

-- :name slot_segments
SELECT edits, until_ms, territories FROM segment WHERE item = $1 AND channel = 'email' AND from_ms <= $2 AND until_ms > $2

-- :name bundle_items
SELECT b.place, b.item, b.product, i.kind, i.written_at FROM bundle_item b JOIN item i ON i.id = b.item
WHERE b.bundle = $1 AND b.place > $2 ORDER BY b.place

-- :name is_in_bundle
SELECT 1 FROM bundle_item WHERE item = $1 AND bundle = $2

-- :name audit_segments
SELECT product, channel, languages, edits, named, from_ms, until_ms, territories, duties FROM segment WHERE item = $1

-- :name audit_renditions
SELECT asset, channel, cropped FROM rendition WHERE item = $1 ORDER BY name

-- :name audit_item
SELECT CAST(kind AS TEXT), grp, CAST(place AS TEXT), CAST(written_at AS TEXT), language, head, named, excerpt,
        CAST(excerpt_is_text AS TEXT), tail, tags, verification, CAST(illustrated AS TEXT), facets, terms FROM item WHERE id = $1
-- :name audit_translations
SELECT language, body FROM translation WHERE item = $1 ORDER BY language
-- :name audit_pictures
SELECT channel, CAST(cropped AS TEXT), size, sources, placements FROM picture WHERE item = $1 ORDER BY channel, cropped
-- :name audit_files
SELECT media_key, name, channel, CAST(cropped AS TEXT), asset, type, CAST(bytes AS TEXT) FROM rendition WHERE item = $1 ORDER BY name
-- :name audit_owner
SELECT owner FROM owner WHERE item = $1
-- :name audit_documents
SELECT doc, facets, terms, illustrated FROM item

-- :name audit_postings
SELECT first, docs FROM posting

-- :name audit_fronts
SELECT product FROM front UNION SELECT product FROM packed UNION SELECT product FROM summary UNION SELECT product FROM segment WHERE channel = 'pdp' AND kind = 0 AND product <> '' ORDER BY 1

-- :name audit_emails
SELECT DISTINCT bundle, language, from_ms, until_ms FROM email WHERE item = $1 ORDER BY bundle, language, from_ms

-- :name audit_slots
SELECT slot, territories FROM slot WHERE item = $1 ORDER BY slot

-- :name audit_strays
SELECT item FROM segment WHERE item NOT IN (SELECT id FROM item)
UNION SELECT item FROM picture WHERE item NOT IN (SELECT id FROM item)
UNION SELECT item FROM rendition WHERE item NOT IN (SELECT id FROM item)
UNION SELECT item FROM owner WHERE item NOT IN (SELECT id FROM item)
UNION SELECT item FROM translation WHERE item NOT IN (SELECT id FROM item)
UNION SELECT item FROM bundle_item WHERE item NOT IN (SELECT id FROM item)
UNION SELECT item FROM email WHERE item NOT IN (SELECT id FROM item)
UNION SELECT item FROM slot WHERE item NOT IN (SELECT id FROM item)
ORDER BY 1
