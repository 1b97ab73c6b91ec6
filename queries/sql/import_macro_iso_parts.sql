-- Day, clock and zone of an ISO 8601 text; empty texts when it is none.
create or replace macro iso_parts(written) as
regexp_extract(
    written,
    '^(\d{4}-\d{2}-\d{2})(?:[Tt ]((?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?) ?([Zz]|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)?)?$',
    ['day', 'clock', 'zone']
)
