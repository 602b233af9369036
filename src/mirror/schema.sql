-- Version 1. Another version is a file of its own beside this one, and a row in `MIGRATIONS`.
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE rec (
    kind TEXT NOT NULL,
    id INTEGER NOT NULL,
    number TEXT,
    customer_id INTEGER,
    ticket_id INTEGER,
    user_id INTEGER,
    updated_at TEXT,
    state TEXT,
    json TEXT NOT NULL,
    seen TEXT NOT NULL,
    gone TEXT,
    PRIMARY KEY (kind, id)
);
CREATE INDEX rec_of_ticket ON rec (kind, ticket_id);
CREATE INDEX rec_of_customer ON rec (kind, customer_id);
CREATE INDEX rec_numbered ON rec (kind, number);
-- What the run of a kind has seen that is under way, or did not come to its end.
CREATE TABLE swept (kind TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
-- The row of a name is that of its record; the row of what was said is the id of its comment, and so in the order of time.
CREATE VIRTUAL TABLE fts_names USING fts5 (names, tokenize = 'trigram remove_diacritics 1');
CREATE VIRTUAL TABLE fts_said USING fts5 (subject, body, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
INSERT INTO fts_names (fts_names, rank) VALUES ('secure-delete', 1);
INSERT INTO fts_said (fts_said, rank) VALUES ('secure-delete', 1);
