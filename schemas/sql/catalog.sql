-- What does the catalog hold, and what is asked of it? One text for SQLite and PostgreSQL: $1 parameters, times BIGINT ms UTC,
-- ids made in C, no JSON in a query. Where the engines differ, a comment that begins with the engine's name holds its part.

-- :name schema
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE contributor (
        id TEXT PRIMARY KEY, source TEXT, external_hmac TEXT UNIQUE, sealed_external BYTEA, sealed_email BYTEA, age_band TEXT,
        created_at BIGINT NOT NULL, erased_at BIGINT NOT NULL DEFAULT 0);
CREATE TABLE submission (
        id TEXT PRIMARY KEY, contributor TEXT NOT NULL REFERENCES contributor, source TEXT, external_hmac TEXT UNIQUE,
        sealed_external BYTEA, created_at BIGINT NOT NULL, revision BIGINT NOT NULL);
CREATE INDEX submission_by_contributor ON submission (contributor, created_at, id);
CREATE INDEX submission_by_time ON submission (created_at, id);
CREATE TABLE revision (
        submission TEXT NOT NULL REFERENCES submission, number BIGINT NOT NULL, content_hash TEXT, sealed_drop BYTEA,
        sealed_name BYTEA, country TEXT, locale TEXT, credit TEXT, origin TEXT, campaign TEXT, prompt TEXT,
        prompt_version BIGINT NOT NULL, connection TEXT, verification TEXT, collected_at BIGINT NOT NULL,
        received_at BIGINT NOT NULL, sealed_answer BYTEA, PRIMARY KEY (submission, number));
CREATE TABLE revision_tag (
        submission TEXT NOT NULL, number BIGINT NOT NULL, position BIGINT NOT NULL, tag TEXT NOT NULL,
        PRIMARY KEY (submission, number, position));
CREATE INDEX revision_tag_by_tag ON revision_tag (tag, submission);
CREATE TABLE tombstone (hmac TEXT PRIMARY KEY, erased_at BIGINT NOT NULL);

CREATE TABLE item (
        id TEXT PRIMARY KEY, submission TEXT NOT NULL REFERENCES submission, contributor TEXT NOT NULL REFERENCES contributor,
        revision BIGINT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('photo', 'review')),
        state TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'rejected', 'failed', 'erased', 'replaced')),
        code TEXT, position BIGINT NOT NULL, created_at BIGINT NOT NULL, changed_at BIGINT NOT NULL,
        preview_ready BIGINT NOT NULL DEFAULT 0, counted BIGINT NOT NULL DEFAULT 0, language TEXT, confidence DOUBLE PRECISION NOT NULL DEFAULT 0);
CREATE INDEX item_by_state ON item (state, created_at, id);
CREATE INDEX item_by_time ON item (created_at, id);
CREATE INDEX item_by_submission ON item (submission, revision, position);
CREATE INDEX item_by_contributor ON item (contributor, created_at, id);
CREATE TABLE photo (
        item TEXT PRIMARY KEY REFERENCES item, media_key TEXT NOT NULL UNIQUE, original TEXT, original_hmac TEXT,
        bytes BIGINT NOT NULL, format TEXT, width BIGINT NOT NULL, height BIGINT NOT NULL, frames BIGINT NOT NULL,
        removed BIGINT NOT NULL, thumbhash TEXT, pdq TEXT, pdq_quality BIGINT NOT NULL, sharpness DOUBLE PRECISION NOT NULL,
        exposure DOUBLE PRECISION NOT NULL, digital_source_type TEXT, role TEXT, people TEXT, has_focal BIGINT NOT NULL,
        focal_x DOUBLE PRECISION NOT NULL, focal_y DOUBLE PRECISION NOT NULL, has_box BIGINT NOT NULL,
        box_x DOUBLE PRECISION NOT NULL, box_y DOUBLE PRECISION NOT NULL, box_w DOUBLE PRECISION NOT NULL,
        box_h DOUBLE PRECISION NOT NULL, has_attention BIGINT NOT NULL, attention_x DOUBLE PRECISION NOT NULL,
        attention_y DOUBLE PRECISION NOT NULL, examined BIGINT NOT NULL);
CREATE INDEX photo_by_original ON photo (original_hmac);
CREATE TABLE review (
        item TEXT PRIMARY KEY REFERENCES item, sealed_external BYTEA, kind TEXT, has_rating BIGINT NOT NULL,
        rating DOUBLE PRECISION NOT NULL, rating_min DOUBLE PRECISION NOT NULL, rating_max DOUBLE PRECISION NOT NULL,
        recommended BIGINT NOT NULL, experience_date BIGINT NOT NULL, written_at BIGINT NOT NULL, language_hint TEXT,
        likes BIGINT NOT NULL, comments BIGINT NOT NULL, shares BIGINT NOT NULL, engagement_at BIGINT NOT NULL);
CREATE TABLE item_product (
        item TEXT NOT NULL REFERENCES item, position BIGINT NOT NULL, product TEXT NOT NULL, is_primary BIGINT NOT NULL,
        has_point BIGINT NOT NULL, x DOUBLE PRECISION NOT NULL, y DOUBLE PRECISION NOT NULL, PRIMARY KEY (item, position));
CREATE INDEX item_product_by_product ON item_product (product, item);
CREATE TABLE item_text (
        item TEXT NOT NULL REFERENCES item, field TEXT NOT NULL, n BIGINT NOT NULL, language TEXT, made_by TEXT,
        sealed BYTEA NOT NULL, PRIMARY KEY (item, field, n));
CREATE TABLE item_flag (item TEXT NOT NULL REFERENCES item, flag TEXT NOT NULL, PRIMARY KEY (item, flag));
CREATE TABLE preview (
        item TEXT PRIMARY KEY REFERENCES item, blob TEXT NOT NULL, width BIGINT NOT NULL, height BIGINT NOT NULL,
        bytes BIGINT NOT NULL, crops TEXT, made_at BIGINT NOT NULL);
CREATE TABLE person (
        id TEXT PRIMARY KEY, submission TEXT NOT NULL REFERENCES submission, external_hmac TEXT, kind TEXT NOT NULL,
        UNIQUE (submission, external_hmac));
CREATE TABLE person_item (person TEXT NOT NULL REFERENCES person, item TEXT NOT NULL REFERENCES item, PRIMARY KEY (person, item));
CREATE TABLE grant_record (
        id TEXT PRIMARY KEY, submission TEXT NOT NULL REFERENCES submission, contributor TEXT NOT NULL REFERENCES contributor,
        person TEXT, layer TEXT NOT NULL, terms TEXT, terms_version BIGINT NOT NULL, evidence_blob TEXT, sealed_evidence BYTEA,
        captured_at BIGINT NOT NULL);
CREATE INDEX grant_record_by_submission ON grant_record (submission, id);
CREATE INDEX grant_record_by_contributor ON grant_record (contributor, id);

CREATE TABLE placed (
        item TEXT NOT NULL REFERENCES item, preset TEXT NOT NULL, plan TEXT NOT NULL, verdict TEXT NOT NULL, refusal TEXT, why TEXT,
        cropped BIGINT NOT NULL, focal_outside_safe BIGINT NOT NULL, crop_x BIGINT NOT NULL, crop_y BIGINT NOT NULL,
        crop_w BIGINT NOT NULL, crop_h BIGINT NOT NULL, made_at BIGINT NOT NULL, PRIMARY KEY (item, preset));
CREATE TABLE rendition (
        item TEXT NOT NULL, preset TEXT NOT NULL, css_width BIGINT NOT NULL, format TEXT NOT NULL, width BIGINT NOT NULL,
        height BIGINT NOT NULL, bytes BIGINT NOT NULL, sha256 TEXT NOT NULL, asset TEXT NOT NULL, quality BIGINT NOT NULL,
        encodes BIGINT NOT NULL, PRIMARY KEY (item, preset, css_width, format),
        FOREIGN KEY (item, preset) REFERENCES placed (item, preset));
CREATE INDEX rendition_by_asset ON rendition (asset, item);

CREATE TABLE job (
        id TEXT PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, priority BIGINT NOT NULL, run_at BIGINT NOT NULL,
        state BIGINT NOT NULL, again BIGINT NOT NULL, attempts BIGINT NOT NULL, worker TEXT, lease_until BIGINT NOT NULL, code TEXT,
        UNIQUE (kind, subject));
CREATE INDEX job_due ON job (priority, run_at, id) WHERE state = 0;
CREATE INDEX job_leased ON job (lease_until) WHERE state = 1;
CREATE INDEX job_subject ON job (subject);
CREATE INDEX job_given_up ON job (id) WHERE state = 2;

CREATE TABLE ledger (
        seq BIGINT PRIMARY KEY, recorded_at BIGINT NOT NULL, effective_at BIGINT NOT NULL, type TEXT NOT NULL, event TEXT NOT NULL,
        prev_hash TEXT NOT NULL, hash TEXT NOT NULL);
CREATE TABLE ledger_ref (
        kind TEXT NOT NULL, id TEXT NOT NULL, seq BIGINT NOT NULL REFERENCES ledger, PRIMARY KEY (kind, id, seq));
CREATE INDEX ledger_ref_by_seq ON ledger_ref (seq, kind, id);
/*sqlite:
CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is only appended to'); END;
CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is only appended to'); END;
-- INSERT OR REPLACE deletes without asking the trigger above.
CREATE TRIGGER ledger_next_only BEFORE INSERT ON ledger WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM ledger)
        BEGIN SELECT RAISE(ABORT, 'the ledger is only appended to'); END;
CREATE TRIGGER ledger_ref_no_update BEFORE UPDATE ON ledger_ref BEGIN SELECT RAISE(ABORT, 'the ledger is only appended to'); END;
CREATE TRIGGER ledger_ref_no_delete BEFORE DELETE ON ledger_ref BEGIN SELECT RAISE(ABORT, 'the ledger is only appended to'); END;
CREATE TRIGGER ledger_ref_last_only BEFORE INSERT ON ledger_ref WHEN NEW.seq <> (SELECT max(seq) FROM ledger)
        BEGIN SELECT RAISE(ABORT, 'the ledger is only appended to'); END;
*/
CREATE TABLE bundle (
        name TEXT NOT NULL, version BIGINT NOT NULL, definition TEXT NOT NULL, published_at BIGINT NOT NULL,
        withdrawn_at BIGINT NOT NULL, PRIMARY KEY (name, version));
CREATE TABLE bundle_item (
        name TEXT NOT NULL, version BIGINT NOT NULL, position BIGINT NOT NULL, item TEXT NOT NULL REFERENCES item,
        PRIMARY KEY (name, version, position), FOREIGN KEY (name, version) REFERENCES bundle (name, version));
CREATE INDEX bundle_item_by_item ON bundle_item (item, name, version);
CREATE TABLE pull (
        id TEXT PRIMARY KEY, bundle TEXT, bundle_version BIGINT NOT NULL, preset TEXT, channel TEXT, territory TEXT, puller TEXT,
        campaign TEXT, pulled_at BIGINT NOT NULL, head BIGINT NOT NULL, receipt TEXT);
CREATE INDEX pull_by_time ON pull (pulled_at, id);
CREATE TABLE pull_file (
        pull TEXT NOT NULL REFERENCES pull, position BIGINT NOT NULL, item TEXT NOT NULL, preset TEXT, file TEXT NOT NULL,
        sha256 TEXT NOT NULL, bytes BIGINT NOT NULL, valid_until BIGINT NOT NULL, PRIMARY KEY (pull, position));
CREATE INDEX pull_file_by_item ON pull_file (item, pull);
CREATE INDEX pull_file_by_hash ON pull_file (sha256);

-- :name schema_added
-- What a catalog of this form may lack that was made before; for writers, at each opening.
CREATE TABLE IF NOT EXISTS purge (number BIGINT PRIMARY KEY, line TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS report (
        id TEXT PRIMARY KEY, item TEXT NOT NULL REFERENCES item, reason TEXT NOT NULL, from_network TEXT, at BIGINT NOT NULL,
        hold TEXT, state TEXT NOT NULL, sealed_text BYTEA, sealed_contact BYTEA);
CREATE INDEX IF NOT EXISTS report_by_item ON report (item, at, id);
CREATE INDEX IF NOT EXISTS report_by_state ON report (state, at, id);
CREATE TABLE IF NOT EXISTS bundle_manifest (
        name TEXT NOT NULL, version BIGINT NOT NULL, kept BIGINT NOT NULL, manifest TEXT NOT NULL, sha256 TEXT NOT NULL,
        PRIMARY KEY (name, version),
        FOREIGN KEY (name, version) REFERENCES bundle (name, version));
-- What a rendition holds, when each of its bytes was looked at (enum plc_holds); beside its hash the proof that nothing else is in it.
CREATE TABLE IF NOT EXISTS proof (
        item TEXT NOT NULL, preset TEXT NOT NULL, css_width BIGINT NOT NULL, format TEXT NOT NULL, holds BIGINT NOT NULL,
        PRIMARY KEY (item, preset, css_width, format),
        FOREIGN KEY (item, preset, css_width, format) REFERENCES rendition (item, preset, css_width, format) ON DELETE CASCADE);
-- Files of what was made of an item before: the index may name them until the item is published again.
CREATE TABLE IF NOT EXISTS left_file (item TEXT NOT NULL REFERENCES item, asset TEXT NOT NULL, PRIMARY KEY (item, asset));
CREATE INDEX IF NOT EXISTS left_file_by_asset ON left_file (asset, item);
-- What an item was declared as, a photo's bytes included (HMAC): a later revision that says the same keeps the item.
CREATE TABLE IF NOT EXISTS item_said (item TEXT PRIMARY KEY REFERENCES item, hmac TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS kept (item TEXT NOT NULL REFERENCES item, revision BIGINT NOT NULL, PRIMARY KEY (item, revision));
-- The rules, word for word, from the event policy.changed of that seq on: "was it allowed then?" is asked of those.
CREATE TABLE IF NOT EXISTS policy_text (since BIGINT PRIMARY KEY, text TEXT NOT NULL);
-- An address under which a photo stands in mails that were sent; used_at: when a version with it was last published or taken over.
CREATE TABLE IF NOT EXISTS slot (
        slot TEXT PRIMARY KEY, bundle TEXT NOT NULL, item TEXT NOT NULL, preset TEXT NOT NULL, territories TEXT NOT NULL,
        width BIGINT NOT NULL, height BIGINT NOT NULL, used_at BIGINT NOT NULL);
CREATE INDEX IF NOT EXISTS slot_by_item ON slot (item, bundle);
CREATE INDEX IF NOT EXISTS slot_by_use ON slot (used_at);
-- The ratings that count (item.counted), beside each other for each product: one that tens of thousands have reviewed is asked for
-- with each publication of one of them.
CREATE TABLE IF NOT EXISTS rated (
        product TEXT NOT NULL, item TEXT NOT NULL REFERENCES item, rating DOUBLE PRECISION NOT NULL, rating_min DOUBLE PRECISION NOT NULL,
        rating_max DOUBLE PRECISION NOT NULL, PRIMARY KEY (product, rating, rating_min, rating_max, item)) /*sqlite: WITHOUT ROWID */;
CREATE INDEX IF NOT EXISTS rated_by_item ON rated (item);
CREATE INDEX IF NOT EXISTS revision_by_campaign ON revision (campaign) WHERE campaign IS NOT NULL;

-- :name policy_text_add
INSERT INTO policy_text (since, text) VALUES ($1, $2)
-- :name policy_text_at
SELECT text FROM policy_text WHERE since <= $1 ORDER BY since DESC LIMIT 1

-- :name purge_add
INSERT INTO purge (number, line) SELECT coalesce(max(number), 0) + 1, $1 FROM purge
-- :name purges
SELECT line, number FROM purge ORDER BY number LIMIT $1
-- :name purges_delete
DELETE FROM purge WHERE number <= $1

-- :name meta_get
SELECT value FROM meta WHERE key = $1
-- :name meta_set
INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value

-- :name contributor_insert
INSERT INTO contributor (id, source, external_hmac, sealed_external, sealed_email, age_band, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING
-- :name contributor_get
SELECT id, source, external_hmac, sealed_external, sealed_email, age_band, created_at, erased_at FROM contributor WHERE id = $1
-- :name contributor_find
SELECT id, source, external_hmac, sealed_external, sealed_email, age_band, created_at, erased_at FROM contributor
WHERE external_hmac = $1
-- :name submission_insert
INSERT INTO submission (id, contributor, source, external_hmac, sealed_external, created_at, revision)
VALUES ($1, $2, $3, $4, $5, $6, 1)
-- :name submission_next_revision
UPDATE submission SET revision = revision + 1 WHERE id = $1 AND revision = $2
-- :name submission_get
SELECT id, contributor, source, external_hmac, sealed_external, created_at, revision FROM submission WHERE id = $1
-- :name submission_find
SELECT id, contributor, source, external_hmac, sealed_external, created_at, revision FROM submission WHERE external_hmac = $1
-- :name list_sources
SELECT DISTINCT source FROM submission WHERE source IS NOT NULL ORDER BY source
-- :name submission_of_contributor
SELECT id, contributor, source, external_hmac, sealed_external, created_at, revision FROM submission WHERE contributor = $1
ORDER BY created_at, id
-- :name submission_list
SELECT s.id, s.contributor, s.source, s.external_hmac, s.sealed_external, s.created_at, s.revision FROM submission s
WHERE (s.created_at, s.id) < (coalesce((SELECT a.created_at FROM submission a WHERE a.id = $2), 9223372036854775807), $2)
AND ($1 = 'any' OR EXISTS (SELECT 1 FROM item i WHERE i.submission = s.id AND i.state = $1))
ORDER BY s.created_at DESC, s.id DESC LIMIT $3
-- :name revision_insert
INSERT INTO revision (submission, number, content_hash, sealed_drop, sealed_name, country, locale, credit, origin, campaign,
        prompt, prompt_version, connection, verification, collected_at, received_at, sealed_answer)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
-- :name revision_get
SELECT submission, number, content_hash, sealed_drop, sealed_name, country, locale, credit, origin, campaign, prompt,
        prompt_version, connection, verification, collected_at, received_at, sealed_answer
FROM revision WHERE submission = $1 AND number = CASE WHEN $2 = 0 THEN (SELECT revision FROM submission WHERE id = $1) ELSE $2 END
-- :name revision_find
SELECT submission, number, content_hash, sealed_drop, sealed_name, country, locale, credit, origin, campaign, prompt,
        prompt_version, connection, verification, collected_at, received_at, sealed_answer
FROM revision WHERE submission = $1 AND content_hash = $2 ORDER BY number DESC LIMIT 1
-- :name revision_set_answer
UPDATE revision SET sealed_answer = $3 WHERE submission = $1 AND number = $2
-- :name revision_tag_insert
INSERT INTO revision_tag (submission, number, position, tag) VALUES ($1, $2, $3, $4)
-- :name revision_tags
SELECT tag FROM revision_tag WHERE submission = $1 AND number = $2 ORDER BY position
-- :name tombstone_add
INSERT INTO tombstone (hmac, erased_at) VALUES ($1, $2)
ON CONFLICT (hmac) DO UPDATE SET erased_at = CASE WHEN excluded.erased_at > tombstone.erased_at THEN excluded.erased_at
ELSE tombstone.erased_at END
-- :name report_insert
INSERT INTO report (id, item, reason, from_network, at, hold, state, sealed_text, sealed_contact)
VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, $8) ON CONFLICT (id) DO NOTHING
-- :name report_get
SELECT id, item, reason, from_network, at, hold, state, sealed_text, sealed_contact FROM report WHERE id = $1
-- :name reports_of_item
SELECT id, item, reason, from_network, at, hold, state, sealed_text, sealed_contact FROM report WHERE item = $1 ORDER BY at, id
-- :name reported_items
SELECT item FROM report WHERE state = 'open' GROUP BY item ORDER BY min(at), item LIMIT $1
-- :name report_holds_from
SELECT count(*) FROM report WHERE from_network = $1 AND hold IS NOT NULL AND at >= $2
-- :name report_holds
SELECT count(*) FROM report WHERE hold IS NOT NULL AND at >= $1
-- :name report_settle
UPDATE report SET state = $2 WHERE id = $1 AND state = 'open'
-- :name report_settle_hold
UPDATE report SET state = $2 WHERE hold = $1 AND state = 'open'
-- :name report_settle_item
UPDATE report SET state = $2 WHERE item = $1 AND state = 'open'
-- :name tombstone_get
SELECT erased_at FROM tombstone WHERE hmac = $1

-- :name erase_blobs
SELECT p.original FROM photo p JOIN item i ON i.id = p.item WHERE i.contributor = $1 AND p.original IS NOT NULL
UNION ALL SELECT v.blob FROM preview v JOIN item i ON i.id = v.item WHERE i.contributor = $1
UNION ALL SELECT g.evidence_blob FROM grant_record g WHERE g.contributor = $1 AND g.evidence_blob IS NOT NULL
-- :name erase_contributor
UPDATE contributor SET external_hmac = NULL, sealed_external = NULL, sealed_email = NULL, age_band = NULL, erased_at = $2
WHERE id = $1
-- :name erase_submissions
UPDATE submission SET external_hmac = NULL, sealed_external = NULL WHERE contributor = $1
-- :name erase_revisions
UPDATE revision SET content_hash = NULL, sealed_drop = NULL, sealed_name = NULL, country = NULL, locale = NULL, sealed_answer = NULL
WHERE submission IN (SELECT id FROM submission WHERE contributor = $1)
-- :name erase_tags
DELETE FROM revision_tag WHERE submission IN (SELECT id FROM submission WHERE contributor = $1)
-- :name erase_texts
DELETE FROM item_text WHERE item IN (SELECT id FROM item WHERE contributor = $1)
-- :name erase_reports
UPDATE report SET from_network = NULL, sealed_text = NULL, sealed_contact = NULL,
        state = CASE WHEN state = 'open' THEN 'upheld' ELSE state END
WHERE item IN (SELECT id FROM item WHERE contributor = $1)
-- :name erase_flags
DELETE FROM item_flag WHERE item IN (SELECT id FROM item WHERE contributor = $1)
-- :name erase_previews
UPDATE preview SET crops = NULL WHERE item IN (SELECT id FROM item WHERE contributor = $1)
-- :name erase_photos
UPDATE photo SET original_hmac = NULL, thumbhash = NULL, pdq = NULL
WHERE item IN (SELECT id FROM item WHERE contributor = $1)
-- :name erase_said
DELETE FROM item_said WHERE item IN (SELECT id FROM item WHERE contributor = $1)
-- :name erase_reviews
UPDATE review SET sealed_external = NULL, has_rating = 0, rating = 0, experience_date = 0, written_at = 0, language_hint = NULL,
        likes = 0, comments = 0, shares = 0, engagement_at = 0
WHERE item IN (SELECT id FROM item WHERE contributor = $1)
-- :name erase_rated
DELETE FROM rated WHERE item IN (SELECT id FROM item WHERE contributor = $1)
-- :name erase_persons
UPDATE person SET external_hmac = NULL WHERE submission IN (SELECT id FROM submission WHERE contributor = $1)
-- :name erase_grants
UPDATE grant_record SET sealed_evidence = NULL WHERE contributor = $1
-- :name erase_items
UPDATE item SET state = 'erased', code = NULL, language = NULL, preview_ready = 0, counted = 0, changed_at = $2 WHERE contributor = $1
-- :name erase_jobs
DELETE FROM job WHERE subject IN (SELECT id FROM item WHERE contributor = $1) OR subject IN (SELECT id FROM submission WHERE contributor = $1)
-- :name forget_previews
DELETE FROM preview WHERE item IN (SELECT id FROM item WHERE contributor = $1)
-- :name forget_originals
UPDATE photo SET original = NULL WHERE item IN (SELECT id FROM item WHERE contributor = $1)
-- :name forget_evidence
UPDATE grant_record SET evidence_blob = NULL WHERE contributor = $1

-- :name item_insert
INSERT INTO item (id, submission, contributor, revision, kind, state, code, position, created_at, changed_at, preview_ready,
        language, confidence)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, 0, $10, $11)
-- :name item_get
SELECT i.id, i.submission, i.contributor, i.revision, i.kind, i.state, i.code, i.position, i.created_at, i.changed_at,
        i.preview_ready, i.language, i.confidence, s.source, r.country, r.locale, r.credit, r.connection, r.verification, r.origin,
        r.sealed_name, coalesce((SELECT max(k.revision) FROM kept k WHERE k.item = i.id), i.revision)
FROM item i JOIN submission s ON s.id = i.submission JOIN revision r ON r.submission = i.submission AND r.number = i.revision
WHERE i.id = $1
-- :name item_by_key
SELECT item FROM photo WHERE media_key = $1
-- :name items_of_submission
SELECT id FROM item WHERE submission = $1 ORDER BY revision, position, id
-- :name items_of_revision
SELECT id FROM item i WHERE submission = $1
AND (revision = $2 OR EXISTS (SELECT 1 FROM kept k WHERE k.item = i.id AND k.revision = $2)) ORDER BY revision, position, id
-- :name item_keep
INSERT INTO kept (item, revision) VALUES ($1, $2) ON CONFLICT (item, revision) DO NOTHING
-- :name item_said_insert
INSERT INTO item_said (item, hmac) VALUES ($1, $2)
-- :name item_said_find
SELECT i.id FROM item_said s JOIN item i ON i.id = s.item
WHERE i.submission = $1 AND s.hmac = $2 AND i.state IN ('approved', 'waiting') ORDER BY i.state, i.revision DESC, i.position LIMIT 1
-- :name items_of_contributor
SELECT id FROM item WHERE contributor = $1 ORDER BY created_at, id
-- :name items_of_product
SELECT DISTINCT item FROM item_product WHERE product = $1 ORDER BY item
-- :name items_of_tag
SELECT DISTINCT i.id FROM revision_tag t JOIN item i ON i.submission = t.submission AND i.revision = t.number WHERE t.tag = $1 ORDER BY i.id
-- :name items_of_campaign
SELECT i.id FROM revision r JOIN item i ON i.submission = r.submission AND i.revision = r.number WHERE r.campaign = $1 ORDER BY i.id
-- :name items_same_photo
SELECT p.item FROM photo p JOIN item i ON i.id = p.item WHERE p.original_hmac = $1 ORDER BY i.created_at, i.id
-- :name items_in_state
SELECT id FROM item WHERE state = $1
AND (created_at, id) > (coalesce((SELECT a.created_at FROM item a WHERE a.id = $2), -1), $2)
ORDER BY created_at, id LIMIT $3
-- :name items_all
SELECT id FROM item WHERE (created_at, id) > (coalesce((SELECT a.created_at FROM item a WHERE a.id = $1), -1), $1)
ORDER BY created_at, id LIMIT $2
-- :name items_count
SELECT state, count(*) FROM item GROUP BY state
-- :name item_exists
SELECT count(*) FROM item WHERE id = $1
-- :name item_set_state
UPDATE item SET state = $2, code = $3, changed_at = $4 WHERE id = $1 AND state <> 'erased'
-- :name item_set_language
UPDATE item SET language = $2, confidence = $3 WHERE id = $1
-- :name item_set_preview
UPDATE item SET preview_ready = 1 WHERE id = $1
-- :name item_flags_clear
DELETE FROM item_flag WHERE item = $1
-- :name item_flag_insert
INSERT INTO item_flag (item, flag) VALUES ($1, $2) ON CONFLICT (item, flag) DO NOTHING
-- :name item_flags
SELECT flag FROM item_flag WHERE item = $1 ORDER BY flag
-- :name photo_insert
INSERT INTO photo (item, media_key, original, original_hmac, bytes, format, width, height, frames, removed, thumbhash, pdq,
        pdq_quality, sharpness, exposure, digital_source_type, role, people, has_focal, focal_x, focal_y, has_box, box_x, box_y,
        box_w, box_h, has_attention, attention_x, attention_y, examined)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26,
        $27, $28, $29, $30)
-- :name photo_get
SELECT media_key, original, original_hmac, bytes, format, width, height, frames, removed, thumbhash, pdq, pdq_quality, sharpness,
        exposure, digital_source_type, role, people, has_focal, focal_x, focal_y, has_box, box_x, box_y, box_w, box_h,
        has_attention, attention_x, attention_y, examined
FROM photo WHERE item = $1
-- :name photo_set_facts
UPDATE photo SET bytes = $2, format = $3, width = $4, height = $5, frames = $6, removed = $7, thumbhash = $8, pdq = $9,
        pdq_quality = $10, sharpness = $11, exposure = $12, digital_source_type = coalesce(digital_source_type, $13),
        has_attention = $14, attention_x = $15, attention_y = $16, examined = 1
WHERE item = $1
-- :name photo_set_framing
UPDATE photo SET has_focal = $2, focal_x = $3, focal_y = $4, has_box = $5, box_x = $6, box_y = $7, box_w = $8, box_h = $9
WHERE item = $1
-- :name photo_set_original
UPDATE photo SET original = $2, original_hmac = $3 WHERE item = $1
-- :name review_insert
INSERT INTO review (item, sealed_external, kind, has_rating, rating, rating_min, rating_max, recommended, experience_date,
        written_at, language_hint, likes, comments, shares, engagement_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
-- :name review_get
SELECT sealed_external, kind, has_rating, rating, rating_min, rating_max, recommended, experience_date, written_at, language_hint,
        likes, comments, shares, engagement_at
FROM review WHERE item = $1
-- :name item_product_insert
INSERT INTO item_product (item, position, product, is_primary, has_point, x, y) VALUES ($1, $2, $3, $4, $5, $6, $7)
-- :name item_products
SELECT product, is_primary, has_point, x, y FROM item_product WHERE item = $1 ORDER BY position
-- :name item_text_put
INSERT INTO item_text (item, field, n, language, made_by, sealed) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (item, field, n) DO UPDATE SET language = excluded.language, made_by = excluded.made_by, sealed = excluded.sealed
-- :name item_texts
SELECT field, n, language, made_by, sealed FROM item_text WHERE item = $1 ORDER BY field, n
-- :name preview_put
INSERT INTO preview (item, blob, width, height, bytes, crops, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (item) DO UPDATE SET blob = excluded.blob, width = excluded.width, height = excluded.height, bytes = excluded.bytes,
        crops = excluded.crops, made_at = excluded.made_at
-- :name preview_get
SELECT blob, width, height, bytes, crops, made_at FROM preview WHERE item = $1
-- :name item_counted
SELECT counted FROM item WHERE id = $1
-- :name item_set_counted
UPDATE item SET counted = $2 WHERE id = $1
-- :name rated_add
INSERT INTO rated (product, item, rating, rating_min, rating_max)
SELECT DISTINCT p.product, r.item, r.rating, r.rating_min, r.rating_max FROM review r JOIN item_product p ON p.item = r.item
WHERE r.item = $1 AND r.has_rating = 1
-- :name rated_remove
DELETE FROM rated WHERE item = $1
-- :name rated_clear
DELETE FROM rated
-- :name rated_fill
INSERT INTO rated (product, item, rating, rating_min, rating_max)
SELECT DISTINCT p.product, r.item, r.rating, r.rating_min, r.rating_max
FROM item i JOIN review r ON r.item = i.id JOIN item_product p ON p.item = i.id WHERE i.counted = 1 AND r.has_rating = 1
-- :name rated_otherwise
WITH counted AS (SELECT DISTINCT p.product, r.item, r.rating, r.rating_min, r.rating_max
        FROM item i JOIN review r ON r.item = i.id JOIN item_product p ON p.item = i.id WHERE i.counted = 1 AND r.has_rating = 1)
SELECT product FROM (SELECT * FROM counted EXCEPT SELECT product, item, rating, rating_min, rating_max FROM rated) AS lacking
UNION ALL
SELECT product FROM (SELECT product, item, rating, rating_min, rating_max FROM rated EXCEPT SELECT * FROM counted) AS beyond
ORDER BY product LIMIT 1
-- :name product_ratings
SELECT rating, rating_min, rating_max, count(*) FROM rated WHERE product = $1 GROUP BY rating, rating_min, rating_max
-- :name ratings_by_state
SELECT r.rating, r.rating_min, r.rating_max, i.state, count(*) FROM review r JOIN item i ON i.id = r.item
WHERE r.has_rating = 1 GROUP BY r.rating, r.rating_min, r.rating_max, i.state
-- :name person_insert
INSERT INTO person (id, submission, external_hmac, kind) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET kind = excluded.kind
-- :name person_item_insert
INSERT INTO person_item (person, item) VALUES ($1, $2) ON CONFLICT (person, item) DO NOTHING
-- :name person_find
SELECT id, submission, external_hmac, kind FROM person WHERE submission = $1 AND external_hmac = $2
-- :name persons_of_submission
SELECT id, submission, external_hmac, kind FROM person WHERE submission = $1 ORDER BY id
-- :name person_items
SELECT item FROM person_item WHERE person = $1 ORDER BY item
-- :name grant_insert
INSERT INTO grant_record (id, submission, contributor, person, layer, terms, terms_version, evidence_blob, sealed_evidence,
        captured_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
-- :name grant_get
SELECT id, submission, contributor, person, layer, terms, terms_version, evidence_blob, sealed_evidence, captured_at
FROM grant_record WHERE id = $1
-- :name grants_of_submission
SELECT id, submission, contributor, person, layer, terms, terms_version, evidence_blob, sealed_evidence, captured_at
FROM grant_record WHERE submission = $1 ORDER BY id
-- :name grants_of_contributor
SELECT id, submission, contributor, person, layer, terms, terms_version, evidence_blob, sealed_evidence, captured_at
FROM grant_record WHERE contributor = $1 ORDER BY id

-- :name placed_put
INSERT INTO placed (item, preset, plan, verdict, refusal, why, cropped, focal_outside_safe, crop_x, crop_y, crop_w, crop_h, made_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (item, preset) DO UPDATE SET plan = excluded.plan, verdict = excluded.verdict, refusal = excluded.refusal,
        why = excluded.why, cropped = excluded.cropped, focal_outside_safe = excluded.focal_outside_safe, crop_x = excluded.crop_x,
        crop_y = excluded.crop_y, crop_w = excluded.crop_w, crop_h = excluded.crop_h, made_at = excluded.made_at
-- :name placed_get
SELECT item, preset, plan, verdict, refusal, why, cropped, focal_outside_safe, crop_x, crop_y, crop_w, crop_h, made_at
FROM placed WHERE item = $1 AND preset = $2
-- :name placed_of_item
SELECT item, preset, plan, verdict, refusal, why, cropped, focal_outside_safe, crop_x, crop_y, crop_w, crop_h, made_at
FROM placed WHERE item = $1 ORDER BY preset
-- :name items_placed
SELECT DISTINCT item FROM placed ORDER BY item
-- :name placed_count
SELECT count(*) FROM placed WHERE item = $1 AND preset = $2 AND plan = $3
-- :name placed_delete
DELETE FROM placed WHERE item = $1
-- :name rendition_insert
INSERT INTO rendition (item, preset, css_width, format, width, height, bytes, sha256, asset, quality, encodes)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
-- :name proof_insert
INSERT INTO proof (item, preset, css_width, format, holds) VALUES ($1, $2, $3, $4, $5)
-- :name renditions
SELECT r.css_width, r.format, r.width, r.height, r.bytes, r.sha256, r.asset, r.quality, r.encodes, coalesce(p.holds, 0)
FROM rendition r LEFT JOIN proof p ON p.item = r.item AND p.preset = r.preset AND p.css_width = r.css_width AND p.format = r.format
WHERE r.item = $1 AND r.preset = $2 ORDER BY r.css_width, r.format
-- :name renditions_delete_preset
DELETE FROM rendition WHERE item = $1 AND preset = $2
-- :name renditions_delete
DELETE FROM rendition WHERE item = $1
-- :name assets_only_of
SELECT DISTINCT r.asset FROM rendition r WHERE r.item = $1
AND NOT EXISTS (SELECT 1 FROM rendition o WHERE o.asset = r.asset AND o.item <> r.item) ORDER BY r.asset
-- :name assets_only_of_preset
SELECT DISTINCT r.asset FROM rendition r WHERE r.item = $1 AND r.preset = $2
AND NOT EXISTS (SELECT 1 FROM rendition o WHERE o.asset = r.asset AND (o.item <> r.item OR o.preset <> r.preset)) ORDER BY r.asset
-- :name leave_files
INSERT INTO left_file (item, asset) SELECT DISTINCT item, asset FROM rendition WHERE item = $1 AND preset = $2
ON CONFLICT (item, asset) DO NOTHING
-- :name left_files
SELECT asset FROM left_file WHERE item = $1 ORDER BY asset
-- :name left_by
SELECT item FROM left_file WHERE asset = $1 ORDER BY item
-- :name left_files_forget
DELETE FROM left_file WHERE item = $1
-- :name placed_delete_preset
DELETE FROM placed WHERE item = $1 AND preset = $2
-- :name asset_users
SELECT item, preset FROM rendition WHERE asset = $1
-- :name asset_count
SELECT count(*) FROM rendition WHERE asset = $1

-- :name job_enqueue
INSERT INTO job (id, kind, subject, priority, run_at, state, again, attempts, lease_until) VALUES ($1, $2, $3, $4, $5, 0, 0, 0, 0)
ON CONFLICT (kind, subject) DO UPDATE SET
        again = CASE WHEN job.state = 1 THEN 1 ELSE 0 END,
        attempts = CASE WHEN job.state = 2 THEN 0 ELSE job.attempts END,
        priority = CASE WHEN job.state = 2 OR excluded.priority < job.priority THEN excluded.priority ELSE job.priority END,
        run_at = CASE WHEN job.state = 2 OR excluded.run_at < job.run_at THEN excluded.run_at ELSE job.run_at END,
        state = CASE WHEN job.state = 2 THEN 0 ELSE job.state END
-- :name job_lease
UPDATE job SET state = 1, worker = $1, lease_until = $2, attempts = attempts + 1
WHERE id IN (SELECT id FROM job WHERE state = 0 AND run_at <= $3 ORDER BY priority, run_at, id LIMIT $4 /*pg: FOR UPDATE SKIP LOCKED*/)
RETURNING id, kind, subject, priority, attempts, run_at, worker, code
-- :name job_delete_done
DELETE FROM job WHERE id = $1 AND worker = $2 AND attempts = $3 AND state = 1 AND again = 0
-- :name job_once_more
UPDATE job SET state = 0, again = 0, attempts = 0, worker = NULL, code = NULL, run_at = $4
WHERE id = $1 AND worker = $2 AND attempts = $3 AND state = 1 AND again = 1
-- :name job_fail
UPDATE job SET state = CASE WHEN $4 = 0 AND again = 0 THEN 2 ELSE 0 END, run_at = $4, code = $5, again = 0, worker = NULL
WHERE id = $1 AND worker = $2 AND attempts = $3 AND state = 1
-- :name job_extend
UPDATE job SET lease_until = $4 WHERE id = $1 AND worker = $2 AND attempts = $3 AND state = 1
-- :name job_reap
UPDATE job SET state = 0, again = 0, worker = NULL WHERE state = 1 AND lease_until <= $1
-- :name job_release
UPDATE job SET state = 0, again = 0, worker = NULL WHERE state = 1
-- :name job_drop
DELETE FROM job WHERE kind = $1 AND subject = $2
-- :name jobs_urgent
SELECT count(*) FROM job WHERE state <> 2 AND priority <= $1 AND run_at <= $2
-- :name jobs_given_up_of
SELECT count(*) FROM job WHERE subject = $1 AND (state = 2 OR (state = 0 AND run_at > $2))
-- :name has_jobs
SELECT count(*) FROM job WHERE (subject = $1 OR subject IN (SELECT id FROM item WHERE submission = $1))
        AND (state = 1 OR (state = 0 AND run_at <= $2))
-- :name job_counts
SELECT state, count(*), min(run_at) FROM job GROUP BY state
-- :name jobs_given_up
SELECT id, kind, subject, priority, attempts, run_at, worker, code FROM job WHERE state = 2 ORDER BY id LIMIT $1

-- :name ledger_head
SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1
-- :name ledger_insert
INSERT INTO ledger (seq, recorded_at, effective_at, type, event, prev_hash, hash) VALUES ($1, $2, $3, $4, $5, $6, $7)
-- :name ledger_ref_insert
INSERT INTO ledger_ref (kind, id, seq) VALUES ($1, $2, $3)
-- :name ledger_refs
SELECT kind, id FROM ledger_ref WHERE seq = $1 ORDER BY kind, id
-- :name ledger_refs_stray
SELECT count(*) FROM ledger_ref WHERE seq > (SELECT coalesce(max(seq), 0) FROM ledger) OR seq < 1
-- :name ledger_chain
SELECT seq, event, prev_hash, hash FROM ledger ORDER BY seq
-- :name integrity
SELECT /*sqlite: integrity_check FROM pragma_integrity_check(1) */ /*pg: 'ok' */
-- :name blobs_named
SELECT p.original, i.contributor, 'original of photo ' || p.item FROM photo p JOIN item i ON i.id = p.item WHERE p.original IS NOT NULL
UNION ALL SELECT v.blob, i.contributor, 'preview of photo ' || v.item FROM preview v JOIN item i ON i.id = v.item
UNION ALL SELECT g.evidence_blob, g.contributor, 'evidence of grant ' || g.id FROM grant_record g WHERE g.evidence_blob IS NOT NULL
-- :name sealed_all
SELECT c.id, 'contributor/' || c.id || '/external', c.sealed_external FROM contributor c WHERE c.sealed_external IS NOT NULL
UNION ALL SELECT c.id, 'contributor/' || c.id || '/email', c.sealed_email FROM contributor c WHERE c.sealed_email IS NOT NULL
UNION ALL SELECT s.contributor, 'submission/' || s.id || '/external', s.sealed_external FROM submission s
WHERE s.sealed_external IS NOT NULL
UNION ALL SELECT s.contributor, 'revision/' || r.submission || '/' || r.number || '/drop', r.sealed_drop
FROM revision r JOIN submission s ON s.id = r.submission WHERE r.sealed_drop IS NOT NULL
UNION ALL SELECT s.contributor, 'revision/' || r.submission || '/' || r.number || '/name', r.sealed_name
FROM revision r JOIN submission s ON s.id = r.submission WHERE r.sealed_name IS NOT NULL
UNION ALL SELECT s.contributor, 'revision/' || r.submission || '/' || r.number || '/answer', r.sealed_answer
FROM revision r JOIN submission s ON s.id = r.submission WHERE r.sealed_answer IS NOT NULL
UNION ALL SELECT i.contributor, 'item/' || i.id || '/external', v.sealed_external
FROM review v JOIN item i ON i.id = v.item WHERE v.sealed_external IS NOT NULL
UNION ALL SELECT i.contributor, 'item/' || i.id || '/' || t.field || '/' || t.n, t.sealed FROM item_text t JOIN item i ON i.id = t.item
UNION ALL SELECT g.contributor, 'grant/' || g.id || '/evidence', g.sealed_evidence FROM grant_record g WHERE g.sealed_evidence IS NOT NULL
UNION ALL SELECT i.contributor, 'report/' || p.id || '/text', p.sealed_text FROM report p JOIN item i ON i.id = p.item WHERE p.sealed_text IS NOT NULL
UNION ALL SELECT i.contributor, 'report/' || p.id || '/contact', p.sealed_contact
FROM report p JOIN item i ON i.id = p.item WHERE p.sealed_contact IS NOT NULL
-- :name contributors_all
SELECT id, erased_at FROM contributor ORDER BY id
-- :name renditions_all
SELECT item, preset, asset, sha256, bytes FROM rendition ORDER BY item, preset, asset
-- :name left_all
SELECT DISTINCT asset FROM left_file
-- :name ledger_count_type
SELECT count(*) FROM ledger WHERE type = $1
-- :name ledger_read
SELECT seq, recorded_at, effective_at, type, event, prev_hash, hash FROM ledger WHERE seq > $1 ORDER BY seq LIMIT $2
-- :name ledger_about
SELECT l.seq, l.recorded_at, l.effective_at, l.type, l.event, l.prev_hash, l.hash
FROM ledger_ref r JOIN ledger l ON l.seq = r.seq WHERE r.kind = $1 AND r.id = $2 ORDER BY l.seq
-- :name ledger_refs_about
-- CROSS JOIN keeps SQLite to this order.
SELECT r.seq, r.kind, r.id FROM ledger_ref i CROSS JOIN ledger_ref r WHERE i.kind = $1 AND i.id = $2 AND r.seq = i.seq
-- :name ledger_last
SELECT coalesce(max(seq), 0) FROM ledger
-- :name ledger_event
SELECT seq, recorded_at, effective_at, type, event, prev_hash, hash FROM ledger WHERE seq = $1
-- :name ledger_items_of
WITH subject (kind, id) AS (
        SELECT CAST($1 AS TEXT), CAST($2 AS TEXT)
        UNION
        SELECT s.kind, s.id FROM ledger_ref g JOIN ledger_ref s ON s.seq = g.seq
        WHERE g.kind = $1 AND g.id = $2 AND $1 IN ('grant', 'hold') AND s.kind IN ('item', 'submission', 'contributor'))
SELECT id FROM subject WHERE kind = 'item'
UNION
SELECT i.id FROM subject s CROSS JOIN ledger_ref r CROSS JOIN ledger_ref i
WHERE r.kind = 'of_' || s.kind AND r.id = s.id AND i.seq = r.seq AND i.kind = 'item'
ORDER BY 1

-- :name bundle_latest
SELECT coalesce(max(version), 0) FROM bundle WHERE name = $1
-- :name bundle_insert
INSERT INTO bundle (name, version, definition, published_at, withdrawn_at) VALUES ($1, $2, $3, $4, 0)
-- :name bundle_item_insert
INSERT INTO bundle_item (name, version, position, item) VALUES ($1, $2, $3, $4)
-- :name bundle_get
SELECT name, version, definition, published_at, withdrawn_at FROM bundle WHERE name = $1 AND version = $2
-- :name bundle_manifest_insert
INSERT INTO bundle_manifest (name, version, kept, manifest, sha256) VALUES ($1, $2, $3, $4, $5)
-- :name bundles_any
SELECT count(*) FROM (SELECT 1 FROM bundle LIMIT 1) AS any_bundle
-- :name bundles_kept
SELECT count(*) FROM bundle_manifest m JOIN bundle b ON b.name = m.name AND b.version = m.version WHERE m.kept = 1 AND b.withdrawn_at = 0
-- :name bundle_manifest
SELECT manifest, sha256 FROM bundle_manifest WHERE name = $1 AND version = $2
-- :name bundle_items
SELECT item FROM bundle_item WHERE name = $1 AND version = $2 ORDER BY position
-- :name bundle_list
SELECT name, version, definition, published_at, withdrawn_at FROM bundle b
WHERE version = (SELECT max(version) FROM bundle o WHERE o.name = b.name) ORDER BY name
-- :name bundle_withdraw
UPDATE bundle SET withdrawn_at = $2 WHERE name = $1 AND withdrawn_at = 0
-- :name bundles_of_item
SELECT b.name FROM bundle_item i JOIN bundle b ON b.name = i.name AND b.version = i.version
WHERE i.item = $1 AND b.withdrawn_at = 0 AND b.version = (SELECT max(version) FROM bundle o WHERE o.name = b.name) ORDER BY b.name

-- :name bundle_definition
SELECT definition FROM bundle WHERE name = $1 AND version = (SELECT max(version) FROM bundle WHERE name = $1)

-- :name slot_insert
INSERT INTO slot (slot, bundle, item, preset, territories, width, height, used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
-- :name slots_of_item
SELECT slot, bundle, preset, territories, width, height FROM slot WHERE item = $1 ORDER BY slot
-- :name slots_use
UPDATE slot SET used_at = $2 WHERE bundle = $1 AND item IN (
        SELECT item FROM bundle_item WHERE name = $1 AND version = (SELECT max(version) FROM bundle WHERE name = $1))
-- :name slots_forget
DELETE FROM slot WHERE used_at < $1 AND NOT EXISTS (
        SELECT 1 FROM bundle_item i JOIN bundle b ON b.name = i.name AND b.version = i.version
        WHERE i.item = slot.item AND i.name = slot.bundle AND b.withdrawn_at = 0
        AND b.version = (SELECT max(version) FROM bundle o WHERE o.name = b.name))

-- :name pull_insert
INSERT INTO pull (id, bundle, bundle_version, preset, channel, territory, puller, campaign, pulled_at, head, receipt)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
-- :name pull_file_insert
INSERT INTO pull_file (pull, position, item, preset, file, sha256, bytes, valid_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
-- :name pull_get
SELECT id, bundle, bundle_version, preset, channel, territory, puller, campaign, pulled_at, head, receipt FROM pull WHERE id = $1
-- :name pull_files
SELECT item, preset, file, sha256, bytes, valid_until FROM pull_file WHERE pull = $1 ORDER BY position
-- :name pulls_of_item
SELECT DISTINCT p.id, p.bundle, p.bundle_version, p.preset, p.channel, p.territory, p.puller, p.campaign, p.pulled_at, p.head,
        p.receipt
FROM pull p JOIN pull_file f ON f.pull = p.id WHERE f.item = $1 AND (f.valid_until = 0 OR f.valid_until > $2)
ORDER BY p.pulled_at DESC, p.id DESC
-- :name pulled_items
SELECT DISTINCT item FROM pull_file WHERE (valid_until = 0 OR valid_until > $1) AND item > $2 ORDER BY item LIMIT $3
-- :name pull_list
SELECT id, bundle, bundle_version, preset, channel, territory, puller, campaign, pulled_at, head, receipt FROM pull
WHERE (pulled_at, id) < (coalesce((SELECT a.pulled_at FROM pull a WHERE a.id = $1), 9223372036854775807), $1)
ORDER BY pulled_at DESC, id DESC LIMIT $2
